import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CHROMIUM } from './chromium.ts';
import { type AskedPage, asked, consolePages } from './console/pages.ts';
import { axe, PICTURES, picture } from './looks.ts';

type Asked = Omit<AskedPage, 'at'>;

describe.skipIf(CHROMIUM === null)('the Machines page', () => {
  const pages = consolePages();
  const open = (page: Asked = {}) => pages.open({ at: 'machines', ...page });
  const rows = (page: Page) => page.locator('tbody tr').count();

  it('lists, finds, and opens a window for a machine', async () => {
    const page = await open();
    await page.getByText('db-primary').waitFor();
    expect(await rows(page)).toBe(8);
    await page.getByLabel('Group').selectOption('Berlin');
    await expect.poll(() => rows(page)).toBe(3);
    await page.getByLabel('Tags').selectOption('prod');
    await page.getByRole('searchbox').fill('web 10.20');
    await expect.poll(() => rows(page)).toBe(2);
    await page.getByRole('button', { name: 'Connect to web2' }).click();
    await expect.poll(() => asked(page, 'viewer/open')).toHaveLength(1);
    await page.getByRole('searchbox').fill('nothing at all');
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => rows(page)).toBe(8);
  });

  it('shows everything of a machine by keyboard alone, wakes it, and removes it after asking', async () => {
    const page = await open();
    const grid = page.getByRole('grid');
    await grid.focus();
    for (let steps = 0; steps < 3; steps += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('10.30.0.255').waitFor();
    await drawer.getByRole('button', { name: 'Wake' }).click();
    await page.getByText('The packet was sent to 10.30.0.255:9').waitFor();
    expect(await axe(page)).toEqual([]);
    await drawer.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await asked(page, 'machines/remove')).toEqual([]);
    await page.getByText('ts-finance').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => rows(page)).toBe(7);
  });

  it('adds a machine, saying what is wrong as it is typed', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Add machine' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Host', { exact: true }).fill('10.9.9.9');
    await form.getByLabel('Port', { exact: true }).fill('99999');
    await form.getByText('99999 is no port.').waitFor();
    await form.getByLabel('Port', { exact: true }).fill('2222');
    await expect.poll(() => form.getByText('is no port.').count()).toBe(0);
    await form.getByLabel('Name', { exact: true }).fill('fresh');
    await form.getByLabel('Tags', { exact: true }).fill('a, b');
    // What a gateway and SFTP ask for is there where the protocol has them.
    expect(await form.getByLabel('Password at the gateway').count()).toBe(0);
    await form.getByLabel('Protocol').selectOption('rdp');
    await form.getByRole('button', { name: 'Unlock' }).click();
    const unlock = page.getByRole('dialog', { name: 'Unlock' });
    await unlock.getByLabel('Passphrase').fill('seven quiet herons');
    await unlock.getByRole('button', { name: 'Unlock' }).click();
    await form.getByLabel('Password at the gateway').selectOption({ label: 'Windows domain (jump)' });
    await form.getByLabel('Password or key for SFTP').selectOption({ label: 'Linux machines (admin)' });
    await form.getByLabel('Protocol').selectOption('vnc');
    await form.getByText('Display', { exact: true }).click();
    await form.getByLabel('color-depth').selectOption('16');
    await form.getByText('Other parameters', { exact: true }).click();
    await form.getByLabel('Name of the parameter').fill('my-own');
    await form.getByLabel('Value', { exact: true }).fill('x');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    expect(await axe(page)).toEqual([]);
    // Escape drops nothing unasked; what is saved from there is what the form saves.
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog', { name: 'Save your changes?' });
    await question.getByText('Machine: fresh').waitFor();
    await question.getByRole('button', { name: 'Save' }).click();
    await page.getByText('fresh is kept.').waitFor();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await expect
      .poll(() =>
        page.getByRole('button', { name: 'Add machine' }).evaluate((e) => e === document.activeElement),
      )
      .toBe(true);
    const [put] = await asked(page, 'machines/put');
    expect(put).toMatchObject({
      id: null,
      machine: {
        name: 'fresh',
        host: '10.9.9.9',
        port: 2222,
        tags: ['a', 'b'],
        ...{ credential: null, gatewayCredential: null, sftpCredential: 'c1' },
        parameters: { 'color-depth': '16', 'my-own': 'x' },
      },
    });
    await expect.poll(() => rows(page)).toBe(9);
  });

  it('shows an import before it is made, entry by entry', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Import' }).click();
    const dialog = page.getByRole('dialog');
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Choose files' }).click();
    await dialog.getByText('2 to add, 1 to change, 2 left out.').waitFor();
    await dialog.getByText('bastion').click();
    await dialog.getByText('ProxyJump was left out').waitFor();
    expect(await axe(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Leave out bastion' }).click();
    await dialog.getByRole('button', { name: 'Import 2 machines' }).click();
    await dialog.getByText('1 added, 1 changed, 3 left out.').waitFor();
    expect(await asked(page, 'machines/import/apply')).toEqual([{ import: 'import-1', leave: ['2'] }]);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect.poll(() => rows(page)).toBe(9);
  });

  it('takes a list that is pasted, and says that 50 MB are too much without standing still', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Import' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('tab', { name: 'Paste' }).click();
    const field = dialog.getByLabel('List of machines');
    await field.evaluate((element) => {
      const data = new DataTransfer();
      data.setData('text/plain', 'host,protocol\n'.repeat(3_700_000));
      element.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await dialog.getByText('That is too long to be pasted.').waitFor();
    expect(await field.inputValue()).toBe('');
    await field.fill('host,protocol\nh,ssh');
    await dialog.getByRole('button', { name: 'Look at it' }).click();
    await dialog.getByText('2 to add').waitFor();
    expect(await asked(page, 'machines/import/paste')).toEqual([
      { text: 'host,protocol\nh,ssh', format: null },
    ]);
    await page.keyboard.press('Escape');
    await expect.poll(() => asked(page, 'machines/import/forget')).toEqual([{ import: 'import-1' }]);
  });

  it('sends an admin’s token once, and keeps it nowhere in the page', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Import' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('tab', { name: 'authentik' }).click();
    await dialog.getByLabel('API token of an admin').fill('an-admin-token');
    await dialog.getByRole('button', { name: 'Ask authentik' }).click();
    await dialog.getByText('2 to add').waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();
    await dialog.getByRole('tab', { name: 'authentik' }).click();
    expect(await dialog.getByLabel('API token of an admin').inputValue()).toBe('');
  });

  it('stays quick with thousands', async () => {
    const page = await open({ scenario: 'many' });
    await page.getByText('5,000 machines').waitFor();
    expect(await rows(page)).toBeLessThan(60);
    await page.getByRole('searchbox').fill('server 4321');
    await expect.poll(() => rows(page)).toBe(1);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('tr[aria-rowindex="5001"]').count()).toBe(1);
  });

  it('says why nothing can be opened, and helps where there is nothing yet', async () => {
    const page = await open({ scenario: 'forbidden' });
    await page.getByText('Sessions without authentik are switched off', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Connect to web1' }).isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Open settings' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    const empty = await open({ scenario: 'quiet' });
    await empty.getByText('No machines yet').waitFor();
    expect(await axe(empty)).toEqual([]);
    expect(await empty.getByRole('button', { name: 'Export' }).isDisabled()).toBe(true);
  });

  it('makes a machine of a session, and says what was left out', async () => {
    const page = await open();
    await page.evaluate(() => {
      location.hash = '#/sessions';
    });
    await page.getByText('carol').click();
    await page.getByRole('button', { name: 'Save as machine' }).click();
    await page.getByText('without values that can be secret: password.').waitFor();
  });

  // On demand, and no test that would be counted as skipped.
  if (PICTURES !== undefined)
    it('can be looked at in both themes and languages', async () => {
      for (const theme of ['light', 'dark'] as const) {
        const language = theme === 'light' ? 'en' : 'de';
        const words =
          language === 'en'
            ? {
                add: 'Add machine',
                import: 'Import',
                choose: 'Choose files',
                export: 'Export',
                display: 'Display',
              }
            : {
                add: 'Rechner hinzufügen',
                import: 'Importieren',
                choose: 'Dateien wählen',
                export: 'Exportieren',
                display: 'Anzeige',
              };
        const shot = (page: Page, name: string) => picture(page, `machines-${name}-${theme}`);
        const page = await open({ theme, language });
        await page.getByText('db-primary').waitFor();
        await shot(page, 'list');
        await page.getByText('db-primary').click();
        await page.getByRole('dialog').waitFor();
        await shot(page, 'details');
        await page.keyboard.press('Escape');
        await page.getByText('ts-finance').click();
        await page.getByRole('dialog').getByRole('button').nth(3).click();
        await shot(page, 'form');
        await page.getByText(words.display, { exact: true }).click();
        await page.getByLabel('dpi').scrollIntoViewIfNeeded();
        await shot(page, 'form-parameters');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: words.import }).click();
        await shot(page, 'import');
        await page.getByRole('button', { name: words.choose }).click();
        await page.getByText('bastion').click();
        await shot(page, 'preview');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: words.export }).click();
        await shot(page, 'export');
        for (const scenario of ['forbidden', 'quiet']) {
          const other = await open({ theme, language, scenario });
          await other.locator('.page').waitFor();
          await shot(other, scenario);
        }
      }
    });
});

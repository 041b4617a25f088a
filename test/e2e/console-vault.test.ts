import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CHROMIUM } from './chromium.ts';
import { type AskedPage, asked, consolePages } from './console/pages.ts';
import { axe, PICTURES, picture } from './looks.ts';

const PASSWORD = 'Pw-that-nobody-may-see-42';

type Asked = Pick<AskedPage, 'theme' | 'language'>;

describe.skipIf(CHROMIUM === null)('the vault in the settings', () => {
  const pages = consolePages();

  async function open({ language = 'en', ...rest }: Asked = {}): Promise<Page> {
    const viewport = { width: 1180, height: 1000 };
    const page = await pages.open({ at: 'settings', language, viewport, ...rest });
    await page
      .getByRole('tab', { name: language === 'en' ? 'Offline sessions' : 'Offline-Sitzungen' })
      .click();
    await page.getByRole('heading', { name: language === 'en' ? 'Vault' : 'Tresor' }).waitFor();
    return page;
  }

  async function unlock(page: Page, name = 'Unlock', passphrase = 'seven quiet herons'): Promise<void> {
    await page.getByRole('button', { name }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=password]').fill(passphrase);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
  }

  it('is unlocked with a passphrase by keyboard, shows names, and locks again', async () => {
    const page = await open();
    await page.getByText('Unlock the vault to see what it holds.').waitFor();
    expect(await axe(page)).toEqual([]);
    await unlock(page);
    await page.getByText('CORP\\jump · Password').waitFor();
    await page.getByText(/^Locks itself in/).waitFor();
    expect(await asked(page, 'vault/unlock')).toEqual([{ passphrase: 'seven quiet herons' }]);
    await page.getByRole('button', { name: 'Lock now' }).click();
    await page.getByText('Unlock the vault to see what it holds.').waitFor();
  });

  it('takes a credential, shows no secret again, and leaves those that were not typed', async () => {
    const page = await open();
    await unlock(page);
    await page.getByRole('button', { name: 'Add credential' }).click();
    const dialog = page.getByRole('dialog');
    expect(await axe(page)).toEqual([]);
    await dialog.getByLabel('Name', { exact: true }).fill('Router');
    await dialog.getByLabel('User name').fill('root');
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The credential is kept.').waitFor();
    const [added] = await asked(page, 'vault/credential/put');
    expect(added).toEqual({
      id: null,
      credential: { name: 'Router', user: 'root', domain: '', password: PASSWORD },
    });
    await page.getByRole('button', { name: 'Edit Router' }).click();
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
    expect(await page.content()).not.toContain(PASSWORD);
    await dialog.getByLabel('User name').fill('admin');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await asked(page, 'vault/credential/put'))[1])
      .toMatchObject({
        credential: { name: 'Router', user: 'admin', domain: '' },
      });
    const [, changed] = await asked(page, 'vault/credential/put');
    expect(JSON.stringify(changed)).not.toContain('password');
    await page.getByRole('button', { name: 'Remove: Router' }).click();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('The credential was removed.').waitFor();
  });

  it('is given another passphrase with the old one in hand, and not one that is too short', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Change what opens it' }).click();
    const dialog = page.getByRole('dialog');
    const act = dialog.getByRole('button', { name: 'Change what opens it' });
    await dialog.getByLabel('Passphrase until now').fill('old');
    await dialog.getByLabel('New passphrase').fill('short');
    await dialog.getByText('It is shorter than 8 characters.').waitFor();
    await dialog.getByLabel('New passphrase').fill('long enough');
    await dialog.getByLabel('Once more').fill('long enoug');
    await dialog.getByText('The two are not the same.').waitFor();
    expect(await act.isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    await dialog.getByLabel('Once more').fill('long enough');
    await act.click();
    await page.getByText('Everything in the vault is encrypted anew.').waitFor();
    expect(await asked(page, 'vault/change')).toEqual([
      { current: 'old', next: { kind: 'passphrase', passphrase: 'long enough' } },
    ]);
  });

  it('is asked to be unlocked before a machine is opened whose password lies in it', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Machines' }).click();
    await page.getByText('db-primary').waitFor();
    await page.getByRole('button', { name: 'Connect to web1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Its passphrase opens it for the time that is set.').waitFor();
    expect(await asked(page, 'viewer/open')).toEqual([]);
    await dialog.locator('input[type=password]').fill('seven quiet herons');
    await page.keyboard.press('Enter');
    await expect.poll(() => asked(page, 'viewer/open')).toHaveLength(1);
    // It is unlocked now.
    await page.getByRole('button', { name: 'Connect to web1' }).click();
    await expect.poll(() => asked(page, 'viewer/open')).toHaveLength(2);
  });

  // On demand, and no test that would be counted as skipped.
  if (PICTURES !== undefined)
    it('can be looked at in both themes and languages', async () => {
      for (const theme of ['light', 'dark'] as const) {
        const language = theme === 'light' ? 'en' : 'de';
        const page = await open({ theme, language });
        const shot = (name: string) => picture(page, `vault-${name}-${theme}`, { fullPage: true });
        await shot('locked');
        await unlock(page, language === 'en' ? 'Unlock' : 'Entsperren');
        await page.getByText('CORP\\jump').waitFor();
        await shot('unlocked');
        await page
          .getByRole('button', { name: language === 'en' ? 'Add credential' : 'Zugangsdaten hinzufügen' })
          .click();
        await shot('credential');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: language === 'en' ? 'Change what' : 'Anders öffnen' }).click();
        await shot('protection');
      }
    });
});

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { de } from '../../renderer/shared/i18n/de.ts';
import { en } from '../../renderer/shared/i18n/en.ts';
import { CHROMIUM } from './chromium.ts';
import { type AskedPage, calls, consolePages } from './console/pages.ts';
import { axe } from './looks.ts';

const PAGES = ['overview', 'sessions', 'machines', 'activity', 'log', 'settings', 'help', 'setup'] as const;
const KEYS = new Set(Object.keys({ ...en, ...de }).map((key) => key.replace(/_(?:zero|one|other)$/, '')));

interface Asked extends Omit<AskedPage, 'at'> {
  readonly page?: string;
}

describe.skipIf(CHROMIUM === null)('the console window', () => {
  const pages = consolePages();
  const open = ({ page = 'overview', ...rest }: Asked = {}) =>
    pages.open({ at: page, viewport: { width: 1100, height: 760 }, ...rest });

  /** Goes to a page as a link would. */
  async function goTo(page: Page, name: string): Promise<void> {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${name}`);
    await page.locator('h1').waitFor();
    await page.waitForTimeout(60);
  }

  const focused = (page: Page) =>
    page.evaluate(() => {
      const { activeElement: active } = document;
      if (!(active instanceof HTMLElement)) return '';
      return active.getAttribute('aria-label') ?? (active.textContent ?? '').trim();
    });

  it.each(['light', 'dark'] as const)('has nothing serious for axe on any page when %s', async (theme) => {
    const page = await open({ theme });
    // What a theme changes is its colours.
    const only = theme === 'dark' ? ['color-contrast'] : [];
    for (const name of PAGES) {
      await goTo(page, name);
      expect(await axe(page, only), name).toEqual([]);
    }
    await goTo(page, 'settings');
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      expect(await axe(page, only), (await tab.textContent()) ?? '').toEqual([]);
    }
    await goTo(page, 'sessions');
    await page.getByText('carol').click();
    expect(await axe(page, only), 'details').toEqual([]);
  });

  it('has nothing serious for axe, and a sentence, in whatever state the outpost is', async () => {
    const page = await open();
    for (const scenario of [
      'first',
      'degraded',
      'rejected',
      'locked',
      'ended',
      'practice',
      'quiet',
      'stopped',
    ]) {
      await page.goto(`${pages.origin}/?scenario=${scenario}&theme=light&language=en`);
      await page.locator('h1').waitFor();
      expect(await axe(page), scenario).toEqual([]);
      expect(await page.getByRole('heading').allInnerTexts(), scenario).not.toContain('');
    }
    // A member is shown what their sessions stand on.
    await page.goto(`${pages.origin}/?scenario=member&theme=light&language=en`);
    await page.locator('h1').waitFor();
    expect(await axe(page)).toEqual([]);
    const tiles = page.getByRole('list', { name: 'Parts of the outpost' }).getByRole('heading');
    expect(await tiles.allInnerTexts()).toHaveLength(2);
    expect(await page.getByRole('button', { name: /stop/i }).count()).toBe(0);
  });

  it('offers three ways where there is no guacd, and takes the container at a click', async () => {
    const page = await open({ scenario: 'no-guacd', page: 'setup' });
    await page.getByLabel('Address of authentik').fill('https://sso.example.org');
    await page.getByLabel('Token of the outpost').fill('a-token');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByRole('heading', { name: 'Three ways to a guacd' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: /^Copy: sallyport config set guacd\.target container/ }).click();
    await page.getByRole('button', { name: 'Use a container' }).click();
    await page.getByRole('button', { name: 'Start outpost' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Three ways to a guacd' }).count()).toBe(0);
    const asked = await calls(page);
    expect(asked).toContainEqual({
      name: 'clipboard/copy',
      params: { text: 'sallyport config set guacd.target container' },
    });
    const [set, restart] = asked.slice(asked.findIndex(({ name }) => name === 'config/set'));
    expect(set?.params).toEqual({ key: 'guacd.target', value: 'container' });
    expect(restart?.name).toBe('outpost/restart');
  });

  it.each(['en', 'de'] as const)('shows words, not their keys, on every page in %s', async (language) => {
    const page = await open({ language, viewport: { width: 800, height: 560 } });
    for (const name of PAGES) {
      await goTo(page, name);
      const words = (await page.locator('body').allInnerTexts()).join(' ').split(/\s+/);
      expect(
        words.filter((word) => KEYS.has(word) || word.includes('{{')),
        name,
      ).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, `${name} is wider than the window`).toBeLessThanOrEqual(0);
    }
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
  });

  it('changes language and theme at once, where one is', async () => {
    const page = await open({ page: 'settings' });
    await page.getByRole('tab', { name: 'This app' }).click();
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await page.getByRole('tab', { name: 'Diese App', selected: true }).waitFor();
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByLabel('Farbschema').selectOption('dark');
    await expect.poll(ground).not.toBe(light);
  });

  it('goes through the first run: snippet, checks, certificate, start', async () => {
    const page = await open({ scenario: 'first' });
    await page.getByRole('heading', { name: 'Welcome to Sallyport' }).waitFor();
    const snippet = page.getByLabel('Deployment snippet');
    await snippet.fill('AUTHENTIK_HOST: https://sso.example.org/\nAUTHENTIK_TOKEN: hush');
    await page.getByRole('button', { name: 'Find address and token' }).click();
    await page.getByText('Address and token found.').waitFor();
    expect(await snippet.inputValue()).toBe('');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('signed by an authority that this host does not trust').waitFor();
    await page.getByRole('region', { name: 'Is this your authentik?' }).waitFor();
    expect(await page.getByText('there is no safe connection').count()).toBeGreaterThan(3);
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Trust this authority' }).click();
    await page.getByRole('button', { name: 'Start outpost' }).click();
    await page.waitForFunction(() => location.hash === '#/overview');
    const made = (await calls(page)).filter(({ name }) => /set|trust|start/.test(name));
    expect(made.map(({ name }) => name)).toEqual([
      'certificate/trust',
      'config/set',
      'token/set',
      'outpost/start',
    ]);
    expect(made[2]?.params).toEqual({ tokenId: 'token-1' });
  });

  it('says that talking to anybody is a risk, and does so only when told', async () => {
    const page = await open({ page: 'settings' });
    await page.getByRole('switch', { name: 'Do not check who answers' }).click();
    const dialog = page.getByRole('dialog', { name: 'Talk to anyone who answers?' });
    await dialog.getByText('can pretend to be authentik').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect((await calls(page)).filter(({ name }) => name === 'config/set')).toEqual([]);
    await page.getByRole('switch', { name: 'Do not check who answers' }).click();
    await dialog.getByRole('button', { name: 'Take the risk' }).click();
    await page.getByRole('switch', { name: 'Do not check who answers', checked: true }).waitFor();
  });

  it('checks a setting while it is typed, saves it, and locks what is not ours', async () => {
    const page = await open({ page: 'settings' });
    const host = page.getByLabel('Address of authentik', { exact: true });
    await host.fill('wrong');
    await page.getByText('authentik.host is "wrong".').waitFor();
    expect(await host.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await host.fill('https://other.example.org');
    await page.getByText('authentik.host is "wrong".').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    expect((await calls(page)).find(({ name }) => name === 'config/set')?.params).toEqual({
      key: 'authentik.host',
      value: 'https://other.example.org',
    });
    expect(await page.getByLabel('Own authorities').isDisabled()).toBe(true);
    await page.getByText('Set by the environment variable SALLYPORT_CA_FILE').waitFor();
  });

  it('says why a setting was not kept, also where its check answers only after that', async () => {
    const page = await open({
      page: 'settings',
      before: async (opened) => {
        await opened.addInitScript(() => {
          const client = Reflect.get(window, 'sallyport');
          const call = client.call.bind(client);
          client.call = async (name: string, params: unknown) => {
            const answer = await call(name, params);
            if (name === 'config/set')
              return { ok: false, failure: { code: 'disk-full', message: 'The disk is full.' } };
            if (name === 'config/check')
              await new Promise((resolve) => Reflect.set(window, 'answerCheck', resolve));
            return answer;
          };
        });
      },
    });
    await page.getByLabel('Address of authentik', { exact: true }).fill('https://other.example.org');
    await expect.poll(() => page.evaluate(() => 'answerCheck' in window)).toBe(true);
    await page.getByRole('button', { name: 'Save' }).click();
    const words = page.getByText('The disk is full.');
    await words.waitFor();
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          Reflect.get(window, 'answerCheck')();
          // By then it is drawn.
          setTimeout(resolve, 200);
        }),
    );
    expect(await words.count()).toBe(1);
  });

  it('never has the token on the page', async () => {
    const page = await open({ page: 'settings' });
    const field = page.getByLabel('Token of the outpost');
    expect(await field.inputValue()).toBe('');
    expect(await field.getAttribute('type')).toBe('password');
    await field.fill('hush');
    await page.getByRole('button', { name: 'Replace' }).click();
    await page.getByText('The token is kept.').waitFor();
    expect(await field.inputValue()).toBe('');
    expect(await page.content()).not.toContain('hush');
  });

  it('asks before it ends a session, and says whom it hits', async () => {
    const page = await open({ page: 'sessions' });
    await page.getByRole('button', { name: 'End session: carol on 10.20.0.31:5900' }).click();
    const dialog = page.getByRole('dialog', { name: 'End this session?' });
    await dialog.getByText('carol loses the connection to 10.20.0.31:5900 at once.').waitFor();
    await expect.poll(() => focused(page)).toBe('Cancel');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect((await calls(page)).some(({ name }) => name === 'session/end')).toBe(false);
    await page.getByRole('button', { name: 'End session: carol on 10.20.0.31:5900' }).click();
    await dialog.getByRole('button', { name: 'End session' }).click();
    await page.getByText('The session of carol on 10.20.0.31:5900 is being ended.').waitFor();
    await page.getByText('3 open, at most 64 at once').waitFor();
  });

  it('can be walked with the keyboard alone', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Skip to the page');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toContain('Sessions');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await page.getByRole('tab', { name: 'Open (4)' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'Ended (48)', selected: true }).waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Ended sessions');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const grid = page.getByRole('grid');
    // The third: the first was it when the focus came.
    await expect.poll(() => grid.getAttribute('aria-activedescendant')).toMatch(/-2$/);
    const active = await grid.getAttribute('aria-activedescendant');
    expect(await page.locator(`[id="${active}"]`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Enter');
    const details = page.getByRole('dialog', { name: /→/ });
    await details.waitFor();
    // The focus stays inside, however often one goes on: there, or with the browser's own frame, which comes before
    // what is first inside. Chromium hands it over and back in its own time, so each step is waited for.
    const place = () =>
      page.evaluate(() => {
        const { activeElement: active } = document;
        if (active?.closest('dialog')) return document.hasFocus() ? 'inside' : 'on its way';
        if (active === document.body) return document.hasFocus() ? 'on its way' : 'frame';
        return 'elsewhere';
      });
    for (let tabs = 1; tabs <= 6 || (await place()) !== 'inside'; tabs += 1) {
      await page.keyboard.press('Tab');
      await expect.poll(place).toMatch(/^(inside|frame)$/);
    }
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Ended sessions');
    await page.keyboard.press('Control+5');
    await page.getByRole('heading', { name: 'Log', exact: true }).waitFor();
    await page.keyboard.press('Control+f');
    await expect.poll(() => focused(page)).toBe('Filter by words');
  });

  it('keeps 5,000 lines of log smooth: few are in the page, and all can be reached', async () => {
    const page = await open({ scenario: 'flood', page: 'log' });
    await page.getByText('5,000 lines').waitFor();
    const rows = () => page.locator('tbody tr').count();
    expect(await rows()).toBeLessThan(80);
    const grid = page.getByRole('grid', { name: 'Log lines' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('5001');
    await page.locator('tbody tr[aria-rowindex="5001"]').waitFor();
    await grid.focus();
    await page.keyboard.press('Home');
    await page.locator('tbody tr[aria-rowindex="2"]').waitFor();
    // Whoever looks at old lines is not pulled away from them.
    await page.getByRole('button', { name: 'Follow', pressed: false }).waitFor();
    await page.keyboard.press('End');
    await page.locator('tbody tr[aria-rowindex="5001"]').waitFor();
    for (let step = 0; step < 12; step += 1) {
      await grid.evaluate((element, at) => element.scrollTo(0, at), step * 11_000);
      await expect.poll(rows).toBeGreaterThan(10);
      expect(await rows()).toBeLessThan(80);
    }
    await page.getByLabel('Filter by words').fill('connection refused');
    await page.getByText(/^[\d,]+ of 5,000 lines$/).waitFor();
  });

  it('holds the log while paused, and counts what comes meanwhile', async () => {
    const page = await open({ page: 'log' });
    await page.getByText('200 lines').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.evaluate(() => {
      const line = {
        timestamp: new Date().toISOString(),
        level: 'info',
        logger: 'sallyport',
        event: 'New',
        fields: {},
      };
      Reflect.get(window.self, 'sallyport').emit('log/line', { line, missed: 2 });
    });
    await page.getByRole('button', { name: 'Resume (1 new)' }).waitFor();
    await page.getByText('2 lines came faster').waitFor();
    await page.getByRole('button', { name: 'Resume (1 new)' }).click();
    await page.getByText('201 lines').waitFor();
  });

  it('shows what comes as it comes, without asking for it', async () => {
    const page = await open();
    await page.getByText(/^Hello answered \d+ s ago$/).waitFor();
    const before = (await calls(page)).length;
    await page.evaluate(() => {
      const client = Reflect.get(window.self, 'sallyport');
      void client.call('app/state', {}).then(({ value }: { value: { status: object } }) =>
        client.emit('status', {
          ...value.status,
          link: { kind: 'connecting', attempt: 3, since: Date.now() },
        }),
      );
    });
    await page.getByRole('heading', { name: 'Connecting, try 3' }).waitFor();
    await page.getByRole('status').getByText('Connecting, try 3').waitFor({ state: 'attached' });
    await page.waitForTimeout(1500);
    // The one above is the test's own.
    expect(await calls(page)).toHaveLength(before + 1);
  });

  it('draws its plots under the policy, and says them in words', async () => {
    const page = await open();
    const drawn = () =>
      page.locator('.plot canvas').evaluateAll((canvases) =>
        canvases.map((canvas) => {
          const context = canvas instanceof HTMLCanvasElement ? canvas.getContext('2d') : null;
          const data = context?.getImageData(0, 0, context.canvas.width, context.canvas.height).data ?? [];
          return data.some((value) => value > 0);
        }),
      );
    await expect.poll(drawn).toEqual([true, true]);
    expect(await page.getByText(/Open sessions over the last hour: \d+ now/).count()).toBe(1);
  });

  it('tries practice from the first run, and says on every page that it is practice', async () => {
    const page = await open({ scenario: 'first' });
    await page.getByRole('button', { name: 'Try it without authentik' }).click();
    const banner = page.getByRole('complementary', { name: 'Practice' });
    await banner.getByText('Practice is running').waitFor();
    await page.keyboard.press('Control+2');
    await banner.getByRole('button', { name: 'Open the practice page' }).click();
    expect((await calls(page)).filter(({ name }) => name === 'link/open')).toEqual([
      { name: 'link/open', params: { link: 'practice' } },
    ]);
  });

  it('shows what is in the diagnostics before it saves them', async () => {
    const page = await open({ page: 'help' });
    await page.getByRole('button', { name: 'Save diagnostics…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Diagnostics' });
    expect(await dialog.getByRole('button', { name: 'Save…' }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Show what is inside' }).click();
    await dialog.getByText('status.json').waitFor();
    await dialog.getByRole('button', { name: 'Save…' }).click();
    await page.getByText('Saved as /home/admin/sallyport-diagnostics.zip.').waitFor();
    expect((await calls(page)).find(({ name }) => name === 'diagnostics/save')?.params).toEqual({
      replaceNames: true,
    });
  });

  // On demand, and no test that would be counted as skipped.
});

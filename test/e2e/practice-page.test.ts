import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningMachines, startMachines } from '../../practice/machines/start.ts';
import { eventually, Lab } from '../lab/harness/lab.ts';
import { Shown } from '../lab/harness/shown.ts';
import { CHROMIUM, launchChromium, openPage, type WatchedPage } from './chromium.ts';

/** Longer than any silence that ends a session: authentik's page gives up after 10 s, guacd and the tunnel after 15 s. */
const IDLE_MS = 25_000;

describe.runIf(CHROMIUM !== undefined)('the practice page in Chromium', () => {
  let folder: string;
  let machines: RunningMachines;
  let newest: Lab;
  let older: Lab;
  let browser: Browser;
  let opened: WatchedPage[] = [];
  let written = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-e2e-'));
    machines = await startMachines({ dir: folder, log: () => undefined });
    newest = await Lab.start({ machines });
    older = await Lab.start({ machines, authentik: { generation: 'older' } });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await older?.stop();
    await newest?.stop();
    await machines?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    const pages = opened;
    opened = [];
    for (const { page } of pages) await page.context().close();
    // A test that failed while it had ended the outpost is no reason for the next ones to fail.
    if (!newest.isRunning) await newest.startOutpost();
    for (const lab of [newest, older]) await lab.untilStatus(({ sessions }) => sessions.length === 0);
    expect(pages.flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(pages.flatMap(({ strangers }) => strangers)).toEqual([]);
  });

  async function open(lab: Lab, hash = '', options = {}): Promise<Page> {
    const watched = await openPage(browser, new URL(lab.authentik.url).origin, options);
    opened.push(watched);
    await watched.page.goto(`${lab.authentik.url}${hash}`);
    return watched.page;
  }

  function link(machine: string): string {
    return `#/machine/${encodeURIComponent(machine)}`;
  }

  function connected(page: Page): Promise<void> {
    return page.getByText('connected', { exact: true }).waitFor();
  }

  /** Types a command whose output goes into a file of the machine, and waits for what is in it then. */
  async function typed(page: Page, lab: Lab, command: string, protocol: 'ssh' | 'vnc' | 'rdp' = 'ssh') {
    written += 1;
    const name = `by-page-${written}`;
    await page.keyboard.type(`${command} > ${name}; echo done >> ${name}\n`);
    const file = join(lab.machine(protocol).home, name);
    let text = '';
    await eventually(async () => {
      text = await readFile(file, 'utf8').catch(() => '');
      return text.endsWith('done\n');
    });
    return text.slice(0, -'done\n'.length);
  }

  /** Whether the canvases of the machine's screen show more than one colour. */
  function hasPicture(page: Page): Promise<boolean> {
    return page.evaluate(() =>
      [...document.querySelectorAll<HTMLCanvasElement>('.screen canvas')].some((canvas) => {
        if (canvas.width < 100 || canvas.height < 100) return false;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return new Set(new Uint32Array(new Uint8Array(pixels).buffer)).size > 1;
      }),
    );
  }

  /**
   * Resolves when the machine's screen is seen. guacd 1.3 tells how large the screen is to nobody where it is quicker
   * at that than at letting the person in, and the screen stays empty: then the page has to be loaded again.
   */
  async function seen(page: Page): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      await connected(page);
      try {
        await eventually(() => hasPicture(page), 5_000);
        return;
      } catch (error) {
        if (tries === 5) throw error;
        await page.reload();
      }
    }
  }

  it('lists the machines by name, with protocol and what to expect, and says that the outpost is online', async () => {
    const page = await open(newest);
    await page.getByRole('status').getByText('Outpost online').waitFor();
    expect(await page.title()).toBe('Sallyport practice');
    for (const protocol of ['RDP', 'SSH', 'VNC']) {
      const machine = page.getByRole('link', {
        name: new RegExp(`^${protocol} Practice ${protocol} .+\\.$`),
      });
      expect(await machine.getAttribute('href')).toBe(link(`Practice ${protocol}`));
    }
    await page.getByRole('heading', { level: 1, name: 'Sallyport practice' }).waitFor();
    for (const name of ['Machines', 'Outpost', 'Sessions'])
      await page.getByRole('region', { name }).waitFor();
    await page.getByRole('columnheader', { name: 'Hello' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  });

  it('opens SSH by a click, shows its screen, and takes what is typed', async () => {
    const page = await open(newest);
    await page.getByRole('link', { name: /Practice SSH/ }).click();
    await seen(page);
    await page.getByRole('application', { name: 'Screen of Practice SSH' }).waitFor();
    expect(await typed(page, newest, 'echo "it is $((6 * 7)) #~{|}@"')).toBe('it is 42 #~{|}@\n');
    expect(await page.title()).toBe('Practice SSH · Sallyport practice');
    // The list of another page knows of it.
    const list = await open(newest);
    await list
      .getByRole('listitem')
      .filter({ hasText: 'Practice SSH' })
      .filter({ hasText: 'open' })
      .first()
      .waitFor();
    await page.getByRole('link', { name: 'Machines' }).click();
    await list.getByText('No session is open.').waitFor();
    await newest.untilStatus(({ sessions }) => sessions.length === 0);
  });

  it.each(['vnc', 'rdp'] as const)('opens %s by its link alone, in either generation', async (protocol) => {
    for (const lab of [newest, older]) {
      const page = await open(lab, link(`Practice ${protocol.toUpperCase()}`));
      await seen(page);
      expect(await typed(page, lab, 'echo $DISPLAY', protocol)).toMatch(/^:\d+\n$/);
      await page.context().close();
    }
  });

  it('keeps an idle session alive for longer than anybody waits, in both generations', async () => {
    const pages = await Promise.all([newest, older].map((lab) => open(lab, link('Practice SSH'))));
    await Promise.all(pages.map(connected));
    const ids = async () =>
      (await Promise.all([newest.status(), older.status()])).map(({ sessions }) =>
        sessions.map(({ id }) => id),
      );
    const before = await ids();
    await delay(IDLE_MS);
    expect(await ids()).toEqual(before);
    for (const [index, lab] of [newest, older].entries()) {
      const page = pages[index];
      if (!page) throw new Error('There is no page.');
      await connected(page);
      expect(await typed(page, lab, 'echo still here')).toBe('still here\n');
    }
  });

  it('tells in a sentence that an admin of the outpost ended the session, connects again, and goes back', async () => {
    for (const lab of [newest, older]) {
      const page = await open(lab, link('Practice SSH'));
      await connected(page);
      const [first] = (await lab.untilStatus(({ sessions }) => sessions.length === 1)).sessions;
      await lab.outpost.control.request('end', { id: first?.id ?? '' });
      await page.getByRole('heading', { name: 'The session has ended' }).waitFor();
      await page.getByText('The admin of the jump host ended this session.').waitFor();
      await page.getByRole('button', { name: 'Reconnect' }).click();
      await connected(page);
      expect(await typed(page, lab, 'echo again')).toBe('again\n');
      const another = ({ id }: { id: string }) => id !== first?.id;
      const second = (await lab.untilStatus(({ sessions }) => sessions.some(another))).sessions.find(another);
      await lab.outpost.control.request('end', { id: second?.id ?? '' });
      await page.getByRole('link', { name: 'Back to list' }).click();
      await page.getByRole('region', { name: 'Machines' }).waitFor();
    }
  });

  it('says that the outpost has gone, waits for it, and goes on by itself', async () => {
    const page = await open(newest, link('Practice SSH'));
    await connected(page);
    const list = await open(newest);
    // This page looked last while the outpost was there.
    const before = await page.evaluate(async () => (await fetch('practice/state')).text());
    await page.route('**/practice/state', (route) =>
      route.fulfill({ contentType: 'application/json', body: before }),
    );
    await newest.stopOutpost();
    await page.getByRole('heading', { name: 'The session has ended' }).waitFor();
    expect(await page.locator('#overlay-sentence').textContent()).toMatch(/outpost .*\./i);
    await list.getByRole('status').getByText('Waiting for the outpost').waitFor();
    await list.getByText('No outpost is connected yet.').waitFor();
    const machine = list.getByRole('link', { name: /Practice SSH/ });
    expect(await machine.getAttribute('aria-disabled')).toBe('true');
    expect(await machine.getAttribute('href')).toBeNull();
    await page.unroute('**/practice/state');
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await page.getByRole('heading', { name: 'Waiting for the outpost' }).waitFor();
    await newest.startOutpost();
    await connected(page);
    await list.getByRole('status').getByText('Outpost online').waitFor();
    expect(await machine.getAttribute('href')).toBe(link('Practice SSH'));
  });

  it('says so where there is no such machine', async () => {
    const page = await open(newest, link('Elsewhere'));
    await page.getByText('There is no practice machine of this name.').waitFor();
    // The browser's own word about the answer.
    opened = opened.map((watched) => ({ ...watched, complaints: [] }));
  });

  it('is the same shell after a reload, also while somebody watches, and another one after going back', {
    timeout: 90_000,
  }, async () => {
    const lab = await Lab.start({ machines, environment: { SALLYPORT_HOLD_SECONDS: '20' } });
    try {
      const page = await open(lab, link(lab.machine('ssh').name));
      await seen(page);
      const shell = await typed(page, lab, 'echo $$');
      const [session] = (await lab.status()).sessions;
      const view = await Shown.watching(lab.outpost, session?.id ?? '');
      await view.picture();
      for (let times = 0; times < 2; times += 1) {
        // A person reloads with a key held down; the page never says that it was released.
        await page.keyboard.down('Control');
        await page.reload();
        await page.keyboard.up('Control');
        await seen(page);
        const { length } = view.seen;
        expect(await typed(page, lab, 'echo $$')).toBe(shell);
        await eventually(() => view.seen.length > length);
      }
      view.close();
      await lab.untilStatus(({ sessions }) => sessions.length === 1 && sessions[0]?.id === session?.id);
      await page.getByRole('link', { name: 'Machines' }).click();
      // At once where the page’s goodbye comes through, else when it was held in vain.
      await lab.untilStatus(({ sessions }) => sessions.length === 0);
      await page.goto(`${lab.authentik.url}${link(lab.machine('ssh').name)}`);
      await seen(page);
      expect(await typed(page, lab, 'echo $$')).not.toBe(shell);
      await page.context().close();
    } finally {
      await lab.stop();
    }
  });

  it('follows the size of the window', async () => {
    const page = await open(newest, link('Practice SSH'));
    await connected(page);
    const before = (await typed(page, newest, 'stty size')).split(' ').map(Number);
    await page.setViewportSize({ width: 600, height: 400 });
    let after = before;
    await eventually(async () => {
      after = (await typed(page, newest, 'stty size')).split(' ').map(Number);
      return (after[0] ?? 0) < (before[0] ?? 0);
    });
    expect(after[1]).toBeLessThan(before[1] ?? 0);
  });

  it('is sharp on a dense display: the machine draws as many pixels as there are', async () => {
    const page = await open(newest, link('Practice SSH'), { deviceScaleFactor: 2 });
    await seen(page);
    const screen = await page.locator('.screen').boundingBox();
    const widest = await page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll<HTMLCanvasElement>('.screen canvas')].map(({ width }) => width),
      ),
    );
    expect(widest).toBeGreaterThan((screen?.width ?? 0) * 1.9);
  });

  it('carries the clipboard both ways, emoji included, and follows the mouse', async () => {
    const page = await open(newest, link('Practice SSH'), { permissions: ['clipboard-write'] });
    await seen(page);
    await page.getByRole('button', { name: 'Clipboard' }).click();
    await page.getByLabel('Clipboard of the machine').fill('echo "put 😀 through"');
    await page.getByRole('button', { name: 'Send to machine' }).click();
    await page.getByText('The machine has it.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('application').click();
    // guacd's terminal pastes at this key.
    await page.keyboard.press('Control+Shift+V');
    expect(await typed(page, newest, '')).toBe('put 😀 through\n');
    // A keyboard has no key for it.
    await page.keyboard.type("clear; printf 'x\\360\\237\\230\\200x\\n'\n");
    const screen = await page.locator('.screen').boundingBox();
    if (!screen) throw new Error('There is no screen.');
    const clipboard = page.getByLabel('Clipboard of the machine');
    // Again where the terminal had not drawn yet.
    await eventually(async () => {
      await page.mouse.move(screen.x + 2, screen.y + 8);
      await page.mouse.down();
      await page.mouse.move(screen.x + 200, screen.y + 8, { steps: 5 });
      await page.mouse.up();
      await page.getByRole('button', { name: 'Clipboard' }).click();
      const marked = () => clipboard.inputValue().then((text) => text.includes('x😀x'));
      const came = await eventually(marked, 1_000).then(
        () => true,
        () => false,
      );
      await page.getByRole('button', { name: 'Close' }).click();
      return came;
    });
  });

  it('can be used with the keyboard alone', async () => {
    const page = await open(newest);
    await page.getByText('Outpost online').waitFor();
    const focused = () =>
      page.evaluate(() => {
        const { tagName, textContent } = document.activeElement ?? document.body;
        return tagName === 'A' ? (textContent ?? '') : '';
      });
    for (let tabs = 0; tabs < 10 && !(await focused()).includes('Practice SSH'); tabs += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await connected(page);
    // Tab belongs to the machine while its screen has the focus; this is the way out.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('application');
    await page.keyboard.press('Control+Alt+Shift');
    expect(await focused()).toBe('Machines');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Machines' }).waitFor();
  });
});

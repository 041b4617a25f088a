import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { processIo, writeLines } from '../../main/cli/io.ts';
import { Lifetime } from '../../main/core/base/lifetime.ts';
import { failureText, SallyportError } from '../../main/core/errors.ts';
import type { PracticeBrowser } from '../authentik/browser.ts';
import type { PracticeMachine } from '../authentik/machine.ts';
import { isPicture } from '../check/picture.ts';
import { Practice } from '../run/practice.ts';
import { ask, isOnline, untilState } from './app-state.ts';
import { launchApp, makePlace, type RunningApp, removePlace } from './desktop-app.ts';
import { startSession } from './session.ts';
import { TrayReader } from './tray-reader.ts';

/*
 * Pictures of every page of the real app in both themes, with real sessions, as `npm run pictures` makes them. Bundled to
 * `dist/pictures.cjs`; its arguments are the folder for the pictures and the command that starts the app.
 */

const SIZE = { width: 1180, height: 980 };
const THEMES = ['light', 'dark'] as const;
/** Who opens which of the machines, in this order; the last two leave again. */
const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace'];
const LEAVING = 2;
/** So long is worked in the sessions, in milliseconds, so that there is something to see over time. */
const WORK_MS = 60_000;
const STROKE_MS = 1_500;
/** The next sample of the traffic, which the overview shows, has come by then. */
const SAMPLED_MS = 6_000;

type Theme = (typeof THEMES)[number];

async function main([folder, program, ...args]: readonly string[]): Promise<number> {
  if (folder === undefined || program === undefined)
    throw new SallyportError('internal', 'Say where to, and what starts the app: npm run pictures');
  await mkdir(folder, { recursive: true });
  const lifetime = new Lifetime();
  try {
    const app = await begin([program, ...args, '--disable-gpu', '--disable-dev-shm-usage'], lifetime);
    const practice = await startPractice(lifetime);
    const page = await app.window();
    await app.electron.evaluate(({ BrowserWindow }, size) => {
      for (const window of BrowserWindow.getAllWindows()) window.setContentSize(size.width, size.height);
    }, SIZE);
    const take = async (name: string) => {
      for (const theme of THEMES) await picture(app, page, theme, join(folder, `${name}-${theme}.png`));
    };
    await page.getByRole('heading', { name: 'Welcome to Sallyport' }).waitFor();
    await take('first-run');
    await setUp(app, practice);
    await work(practice);
    for (const name of await page.locator('.nav-link .nav-text').allTextContents()) {
      if (name === 'Settings') continue;
      await goTo(page, name);
      if (name === 'Help') await checked(page);
      await take(name.toLowerCase());
    }
    await goTo(page, 'Settings');
    for (const tab of await page.getByRole('tab').allTextContents()) {
      await page.getByRole('tab', { name: tab, exact: true }).click();
      await take(`settings-${tab.toLowerCase().replaceAll(' ', '-')}`);
    }
  } finally {
    await lifetime.end();
  }
  return 0;
}

async function begin(command: readonly [string, ...string[]], lifetime: Lifetime): Promise<RunningApp> {
  const session = await startSession();
  lifetime.add(() => session.end());
  const tray = await TrayReader.start(session.bus);
  lifetime.add(() => tray.end());
  const place = await makePlace(session);
  lifetime.add(() => removePlace(place));
  const app = await launchApp(command, place);
  lifetime.add(() => app.stop());
  await untilState(app, ({ firstRun, outpost }) => firstRun && outpost.kind === 'own');
  return app;
}

async function startPractice(lifetime: Lifetime): Promise<Practice> {
  const base = await mkdtemp(join(tmpdir(), 'sp-pictures-'));
  lifetime.add(() => rm(base, { recursive: true, force: true }));
  const practice = await Practice.start({ base, outpost: { command: [process.execPath] } });
  lifetime.add(() => practice.stop());
  return practice;
}

/** What the first run does, without its clicks. */
async function setUp(app: RunningApp, practice: Practice): Promise<void> {
  const { host, token } = practice.outpost;
  await ask(app, 'config/set', { key: 'authentik.host', value: host });
  await ask(app, 'token/set', { token });
  await ask(app, 'outpost/start');
  await untilState(app, isOnline);
}

/** People work on the machines for a while; some leave. */
async function work({ authentik, machines }: Practice): Promise<void> {
  const open: PracticeBrowser[] = [];
  for (const [at, user] of USERS.entries()) {
    const machine = machines.machines[at % machines.machines.length];
    if (!machine) throw new SallyportError('internal', 'No practice machine could be started.');
    open.push(await session(authentik, machine, user));
  }
  for (const until = Date.now() + WORK_MS; Date.now() < until; await delay(STROKE_MS)) {
    const anyone = open[Math.floor(Math.random() * open.length)];
    anyone?.type('ls -l /usr/bin | head -40\n');
  }
  for (const browser of open.splice(-LEAVING)) await browser.close();
  await delay(SAMPLED_MS);
}

async function session(
  authentik: Practice['authentik'],
  machine: PracticeMachine,
  user: string,
): Promise<PracticeBrowser> {
  const browser = await authentik.openSession(machine.name, { user });
  await browser.waitFor((instruction) => isPicture(instruction), { timeoutMs: 60_000 });
  return browser;
}

async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
  await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
}

async function checked(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check now' }).click();
  await page
    .getByRole('status')
    .getByText('Everything is well.')
    .waitFor({ state: 'attached', timeout: 60_000 });
}

async function picture(app: RunningApp, page: Page, theme: Theme, path: string): Promise<void> {
  await ask(app, 'preferences/set', { theme });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  // Colours fade from one theme to the other.
  await delay(400);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
}

const io = processIo();
main(process.argv.slice(2))
  .catch(async (error: unknown) => {
    await writeLines(io.stderr, [failureText(SallyportError.from(error, 'The pictures').toFailure())]);
    return 1;
  })
  .then((code) => process.exit(code));

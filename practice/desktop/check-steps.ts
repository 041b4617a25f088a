import { describeStatus } from '../../main/core/describe.ts';
import { failureText } from '../../main/core/errors.ts';
import type { AppState } from '../../preload/contract/types.ts';
import type { PracticeBrowser } from '../authentik/browser.ts';
import { isPicture } from '../check/picture.ts';
import { marked } from '../machines/leftovers.ts';
import { eventually } from '../run/eventually.ts';
import { isAlive, isOnline, stateOf } from './app-state.ts';
import type { AppPlace, RunningApp } from './desktop-app.ts';
import { PracticeSite } from './practice-site.ts';
import type { ScenarioStep } from './scenario.ts';
import type { TrayReader } from './tray-reader.ts';

/** What the steps work on; what one finds for those after it is added. */
export interface CheckScene {
  readonly app: RunningApp;
  readonly place: AppPlace;
  readonly tray: TrayReader;
  browser?: PracticeBrowser;
}

/** Practice starts real machines, the outpost a guacd: on a busy computer that takes its time. */
const START_MS = 90_000;
const STEP_MS = 60_000;

/** What a person does to see that the app works, in this order. */
export const STEPS: readonly ScenarioStep<CheckScene>[] = [
  { what: 'window', act: window, otherwise: 'The window does not show the first run.' },
  { what: 'tray icon', act: trayIcon, otherwise: 'No icon of the app came into the tray.' },
  { what: 'practice', act: practice, otherwise: 'The app did not get practice online.' },
  { what: 'stop by the tray', act: stop, otherwise: 'The tray did not stop the outpost.' },
  { what: 'start by the tray', act: start, otherwise: 'The tray did not start the outpost.' },
  { what: 'session', act: session, otherwise: 'No session came about.' },
  { what: 'console', act: console, otherwise: 'The console does not show the session.' },
  { what: 'end by the tray', act: end, otherwise: 'The tray did not end the session.' },
  { what: 'quit by the tray', act: quit, otherwise: 'The app did not end with everything it started.' },
];

async function window({ app }: CheckScene): Promise<string> {
  const page = await app.window();
  await page.getByRole('heading', { name: 'Welcome to Sallyport' }).waitFor({ timeout: STEP_MS });
  const { electron, version } = await stateOf(app);
  return `Sallyport ${version} on Electron ${electron}`;
}

async function trayIcon({ app, tray }: CheckScene): Promise<string> {
  await tray.registered(app.pid, STEP_MS);
  await tray.untilThere('Open console', STEP_MS);
  return tray.tooltip();
}

async function practice({ app }: CheckScene): Promise<string> {
  const page = await app.window();
  await page.getByRole('button', { name: 'Try it without authentik' }).click();
  const { practiceUrl } = await untilSo(
    app,
    (state) => state.practice === 'running' && isOnline(state),
    START_MS,
  );
  return `online at ${practiceUrl}`;
}

async function stop({ app, tray }: CheckScene): Promise<string> {
  await tray.click('Stop outpost');
  await untilSo(app, ({ status }) => status?.phase === 'stopped');
  await tray.untilThere('Start outpost', STEP_MS);
  return tray.tooltip();
}

async function start({ app, tray }: CheckScene): Promise<string> {
  await tray.click('Start outpost');
  await untilSo(app, isOnline, START_MS);
  await tray.untilThere(/ · no sessions$/, STEP_MS);
  return tray.tooltip();
}

async function session(scene: CheckScene): Promise<string> {
  const { practiceUrl } = await stateOf(scene.app);
  const site = new PracticeSite(practiceUrl ?? '');
  const { machines, missing } = await site.state();
  const machine = machines.find(({ protocol }) => protocol === 'ssh') ?? machines[0];
  if (!machine) throw new Error(missing.map(({ reason }) => reason).join(' '));
  const browser = await site.open(machine.name);
  scene.browser = browser;
  const [opcode, said] = await browser.waitFor((got) => isPicture(got) || got[0] === 'error', {
    timeoutMs: START_MS,
    what: 'the machine’s picture reaches the browser',
  });
  if (opcode === 'error') throw new Error(`The browser was told: “${said}”`);
  return `${machine.name} shows its picture in the browser`;
}

async function console({ app }: CheckScene): Promise<string> {
  const page = await app.window();
  await page.getByRole('link', { name: /^Sessions/ }).click();
  const button = page.getByRole('button', { name: /^End session: / });
  await button.waitFor({ timeout: STEP_MS });
  return ((await button.getAttribute('aria-label')) ?? '').replace('End session: ', '');
}

async function end({ app, tray, browser }: CheckScene): Promise<string> {
  await tray.untilThere('Sessions (1)', STEP_MS);
  await tray.click('End this session');
  const told = await browser?.waitFor('error', { timeoutMs: STEP_MS, what: 'the person is told of the end' });
  await untilSo(app, ({ status }) => status?.sessions.length === 0);
  const page = await app.window();
  await page.getByRole('button', { name: /^End session: / }).waitFor({ state: 'detached', timeout: STEP_MS });
  return `the person was told: “${told?.[1] ?? ''}”`;
}

async function quit({ app, place, tray }: CheckScene): Promise<string> {
  const { status } = await stateOf(app);
  await tray.click('Stop outpost and quit');
  await eventually(() => !isAlive(app.pid), STEP_MS).catch(() => {
    throw new Error('Its process is still there.');
  });
  let left: readonly number[] = [];
  await eventually(async () => {
    left = [...(status && isAlive(status.pid) ? [status.pid] : []), ...(await marked(place.home))];
    return left.length === 0;
  }, STEP_MS).catch(() => {
    throw new Error(`These processes are still there: ${left.join(', ')}.`);
  });
  return 'nothing is left running';
}

/** Resolves when the app's state is as `look` wants it; else rejects with how it is, in its own words. */
async function untilSo(
  app: RunningApp,
  look: (state: AppState) => boolean,
  timeoutMs = STEP_MS,
): Promise<AppState> {
  let state: AppState | undefined;
  await eventually(async () => {
    state = await stateOf(app);
    return look(state);
  }, timeoutMs).catch((error: unknown) => {
    throw state === undefined ? error : new Error(sentenceOf(state));
  });
  if (state === undefined) throw new Error('The window does not answer.');
  return state;
}

function sentenceOf({ practiceFailure, outpost, status }: AppState): string {
  if (practiceFailure !== null) return failureText(practiceFailure);
  if (outpost.kind === 'ended') return failureText(outpost.failure);
  return status === null ? 'The outpost says nothing.' : describeStatus(status, Date.now()).sentence;
}

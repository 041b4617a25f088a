import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { isPicture } from '../../check/picture.ts';
import { eventually } from '../../run/eventually.ts';
import { openedBy, pictureOf, untilDrawn, untilLive } from '../session-window.ts';
import { machineOf, type OfflineScene } from './scene.ts';

const PERSON = 'alice';
const STEP_MS = 60_000;

/** Says truly whether there is a way out; only root may take it away. */
export async function route(): Promise<string> {
  const outward = Object.entries(networkInterfaces()).filter(([, addresses]) =>
    addresses?.some(({ internal }) => !internal),
  );
  if (outward.length === 0) return 'none: nothing but loopback';
  const names = outward.map(([name]) => name).join(', ');
  return `left as it is (${names}): only root may take it away`;
}

/** Somebody opens a machine in the browser, by authentik. */
export async function session(scene: OfflineScene): Promise<string> {
  const { control, practice } = scene;
  await control.request('config/set', { key: 'recording.mode', value: 'always' });
  const browser = await practice.authentik.openSession(machineOf(scene, 'ssh').name, { user: PERSON });
  scene.browser = browser;
  const [opcode, said] = await browser.waitFor((got) => isPicture(got) || got[0] === 'error', {
    timeoutMs: STEP_MS,
    what: 'the machine’s picture reaches the browser',
  });
  if (opcode === 'error') throw new Error(`The browser was told: “${said}”`);
  await personTypes(scene, 'alone');
  const { sessions } = await control.request('sessions', {});
  const [found] = sessions.filter(({ source }) => source === 'authentik');
  if (!found) throw new Error('The outpost knows of none.');
  scene.session = found.id;
  return `${found.user ?? 'somebody'} works on ${found.machine} in the browser`;
}

/** The admin looks on in a window of the app; the person goes on, and nothing that the admin does reaches the machine. */
export async function watched(scene: OfflineScene): Promise<string> {
  const console = await scene.app.window();
  await console.getByRole('link', { name: /^Sessions/ }).click();
  const watcher = await openedBy(scene.app, () =>
    console
      .getByRole('button', { name: /^Watch: / })
      .first()
      .click({ timeout: STEP_MS }),
  );
  await untilLive(watcher);
  const colours = await untilDrawn(watcher);
  const before = await pictureOf(watcher);
  await watcher.keyboard.type('echo intruder > intruder\n');
  await personTypes(scene, 'watched');
  await eventually(async () => (await pictureOf(watcher)).sum !== before.sum, STEP_MS).catch(() => {
    throw new Error('What the person typed did not show in the window.');
  });
  const gone = watcher.waitForEvent('close');
  await watcher.evaluate(`void sallyportViewer.call('viewer/close', {})`).catch(() => {});
  await gone;
  await personTypes(scene, 'unwatched');
  const { home } = machineOf(scene, 'ssh');
  if ((await readFile(join(home, 'intruder'), 'utf8').catch(() => null)) !== null)
    throw new Error('What the admin typed reached the machine.');
  return `the picture in ${colours < 64 ? colours : 'many'} colours, live; the person went on undisturbed`;
}

/** The session ends, and there is a recording of it. */
export async function ended(scene: OfflineScene): Promise<string> {
  const { control, session: id = '' } = scene;
  await control.request('end', { id });
  let found: { readonly id: string; readonly bytes: number; readonly state: string } | undefined;
  await eventually(async () => {
    const { recordings } = await control.request('recordings/list', { limit: 100 });
    found = recordings.find((one) => one.session === id && one.state === 'whole');
    return found !== undefined;
  }, STEP_MS).catch(() => {
    throw new Error('There is no whole recording of it.');
  });
  scene.recording = found?.id ?? '';
  return `${found?.bytes ?? 0} bytes of it are kept`;
}

/** Types as the person in the browser until the machine has it. */
async function personTypes(scene: OfflineScene, word: string): Promise<void> {
  const path = join(machineOf(scene, 'ssh').home, 'person');
  let typedAt = 0;
  await eventually(async () => {
    // A terminal that is only just coming up may swallow keys.
    if (performance.now() - typedAt > 5_000) {
      scene.browser?.type(`\necho ${word} > person\n`);
      typedAt = performance.now();
    }
    return (await readFile(path, 'utf8').catch(() => '')) === `${word}\n`;
  }, STEP_MS).catch(() => {
    throw new Error('What the person typed did not reach the machine.');
  });
}

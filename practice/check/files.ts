import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PracticeBrowser } from '../authentik/browser.ts';
import { PART_BYTES } from '../authentik/bulk-pipes.ts';
import type { FileDesk } from '../authentik/file-desk.ts';
import type { PracticeAuthentik } from '../authentik/server.ts';
import type { Machine } from '../machines/machine.ts';
import { isPicture } from './picture.ts';
import { type StepResult, Steps } from './steps.ts';

export interface FileCheckOptions {
  readonly authentik: PracticeAuthentik;
  readonly machine: Machine;
  /** Where the outpost keeps its state, drives among it. */
  readonly stateDir: string;
  /** Told of each step as it is done. */
  readonly onResult: (result: StepResult) => Promise<void>;
}

const SIZE = 9 * 1024 * 1024 + 123;
const NAME = 'report ü 😀.bin';
const PICTURE_MS = 60_000;

/** What one step needs of those before it. */
interface Scene {
  readonly authentik: PracticeAuthentik;
  readonly browser: PracticeBrowser;
  readonly files: FileDesk;
  readonly session: string;
  readonly bytes: Buffer;
  readonly drive: string;
}

type Step = readonly [what: string, act: (scene: Scene) => Promise<string>];

/** Each resolves with what was seen, in a few words, or rejects with what was wrong. */
const STEPS: readonly Step[] = [
  ['upload', upload],
  ['list', list],
  ['in guacd’s drive folder', inFolder],
  ['download', download],
  ['refusal', refusal],
  ['cancel', cancel],
  ['session end', sessionEnd],
];

/**
 * Opens an RDP session with a drive and moves files as a browser would. Never rejects: what goes wrong is in the
 * results, and the steps after it are left out.
 */
export async function checkFiles(options: FileCheckOptions): Promise<readonly StepResult[]> {
  const { authentik, machine, onResult } = options;
  const steps = new Steps(onResult);
  let browser: PracticeBrowser | undefined;
  let scene: Scene | undefined;
  await steps.take('session with a drive', async () => {
    browser = await authentik.openSession(machine.name);
    await browser.waitFor((instruction) => isPicture(instruction) || instruction[0] === 'error', {
      timeoutMs: PICTURE_MS,
      what: 'the machine’s picture reaches the browser',
    });
    scene = await sceneOf(options, browser);
    return 'live';
  });
  for (const [what, act] of STEPS) {
    const now = scene;
    if (!now || !(await steps.take(what, () => act(now)))) break;
  }
  browser?.kill();
  return steps.results;
}

async function sceneOf({ authentik, stateDir }: FileCheckOptions, browser: PracticeBrowser): Promise<Scene> {
  const session = authentik.sessions().at(-1)?.id ?? '';
  const files = authentik.files(session);
  if (!files) throw new Error('Practice authentik has lost its session.');
  const drives = join(stateDir, 'drives');
  const [folder] = (await readdir(drives)).filter((name) => name.startsWith('session-'));
  if (folder === undefined) throw new Error(`There is no drive in ${drives}.`);
  return { authentik, browser, files, session, bytes: randomBytes(SIZE), drive: join(drives, folder) };
}

async function upload({ authentik, files, bytes }: Scene): Promise<string> {
  const { status, id } = await files.prepare({ direction: 'upload', path: `/${NAME}`, size: bytes.length });
  expectStatus(status, 200);
  for (let at = 0; at < bytes.length; at += PART_BYTES)
    await authentik.pipes.put(id, at, bytes.subarray(at, at + PART_BYTES));
  expectStatus(await files.finish(id), 200);
  return `${bytes.length} bytes in parts of 4 MiB`;
}

async function list({ files, bytes }: Scene): Promise<string> {
  const { status, entries } = await files.list('/');
  expectStatus(status, 200);
  const found = entries.find(({ name }) => name === NAME);
  if (found?.size !== bytes.length) throw new Error('The file is not listed with its name and size.');
  return `${entries.length} entries, the file among them`;
}

async function inFolder({ drive, bytes }: Scene): Promise<string> {
  const found = await readFile(join(drive, NAME));
  if (sha256(found) !== sha256(bytes))
    throw new Error('What lies in guacd’s drive folder is not what was sent.');
  return `same SHA-256: ${sha256(bytes).slice(0, 12)}…`;
}

async function download({ authentik, files, bytes }: Scene): Promise<string> {
  const { status, id } = await files.prepare({ direction: 'download', path: `/${NAME}` });
  expectStatus(status, 200);
  const hash = createHash('sha256');
  for await (const piece of authentik.pipes.get(id)) hash.update(piece);
  if (hash.digest('hex') !== sha256(bytes)) throw new Error('What came back is not what was sent.');
  return 'same SHA-256';
}

async function refusal({ files }: Scene): Promise<string> {
  const up = await files.prepare({ direction: 'download', path: '/../../etc/passwd' });
  expectStatus(up.status, 400);
  const missing = await files.prepare({ direction: 'download', path: '/not there' });
  expectStatus(missing.status, 404);
  return 'a path out of the drive: 400; a file that is not there: 404';
}

async function cancel({ authentik, files, bytes, drive }: Scene): Promise<string> {
  const { status, id } = await files.prepare({ direction: 'upload', path: '/half', size: bytes.length });
  expectStatus(status, 200);
  await authentik.pipes.put(id, 0, bytes.subarray(0, PART_BYTES));
  expectStatus(await files.cancel(id), 200);
  const left = (await readdir(drive)).filter((name) => name !== NAME && !name.startsWith('Download'));
  if (left.length > 0) throw new Error(`It left ${left.join(', ')}.`);
  return 'after 4 MiB: nothing left';
}

async function sessionEnd({ authentik, browser, session, drive }: Scene): Promise<string> {
  authentik.endSession(session);
  const [, sentence = ''] = await browser.waitFor('error', { what: 'the person is told of the end' });
  for (const until = Date.now() + 10_000; Date.now() < until; await delay(50)) {
    const there = await readdir(drive).catch(() => undefined);
    if (there === undefined) return `told: “${sentence}”; the drive is gone`;
  }
  throw new Error('The drive is still there after the session.');
}

function expectStatus(status: number, wanted: number): void {
  if (status !== wanted) throw new Error(`The outpost answered ${status}, not ${wanted}.`);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { splitInstructions } from '../../main/core/guacamole/framer.ts';
import { decode } from '../../main/core/guacamole/instruction.ts';
import { CHROMIUM, launchChromium } from '../e2e/chromium.ts';
import { canMount, SmallDisk } from '../integration/small-disk.ts';
import { command } from './harness/command.ts';
import { eventually, Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';
import type { Played } from './harness/recording-page.ts';

let lab: Lab;
let disk: SmallDisk;

beforeAll(async () => {
  disk = new SmallDisk(8);
  lab = await Lab.start({
    machines: ['ssh'],
    environment: {
      SALLYPORT_RECORDING_MODE: 'always',
      SALLYPORT_RECORDING_DIR: disk.path,
      SALLYPORT_RECORDING_RESERVE_BYTES: '0',
    },
  });
});

afterAll(async () => {
  await lab?.stop();
  disk?.remove();
});

afterEach(() => lab.closeBrowsers());

const sallyport = (...args: string[]) => command(args, { stateDir: lab.outpost.stateDir });
const listed = async (): Promise<{ id: string; user: string; state: string; durationMs: number }[]> =>
  JSON.parse((await sallyport('recordings', 'list', '--json')).out);

/** What Guacamole's own player makes of a file, in a real browser. */
async function played(file: string): Promise<Played> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'harness', 'recording-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'error',
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    return await page.evaluate(
      (text): Promise<Played> => Reflect.get(globalThis, 'playRecording')(text),
      await readFile(file, 'utf8'),
    );
  } finally {
    await browser.close();
  }
}

describe('a recorded session', () => {
  it('of an outpost that was killed plays as far as it came, in Guacamole’s own player as well', async () => {
    const alice = await Person.atWork(lab, 'ssh', { user: 'alice' });
    await alice.runs('echo recorded; sleep 1; ls -l / > $(tty)');
    expect(await listed()).toMatchObject([{ user: 'alice', state: 'running' }]);
    // Blocks are on the disk a second after what is in them at the latest.
    const before = (await listed())[0]?.durationMs ?? 0;
    await alice.runs('sleep 1; echo more > $(tty)');
    await eventually(async () => ((await listed())[0]?.durationMs ?? 0) > before);
    const gone = lab.outpost.ended.catch(() => undefined);
    process.kill(lab.outpost.pid, 'SIGKILL');
    await gone;
    await lab.stopOutpost();
    await lab.startOutpost();
    const [recording, ...others] = await listed();
    expect(others).toEqual([]);
    expect(recording).toMatchObject({ user: 'alice', state: 'broken-off' });
    const file = join(lab.outpost.stateDir, 'session.guac');
    expect(await sallyport('recordings', 'export', recording?.id ?? '', file)).toMatchObject({
      code: 0,
      err: '',
    });
    const opcodes = splitInstructions(await readFile(file)).map((bytes) => decode(bytes)[0]);
    expect(opcodes.filter((opcode) => opcode === 'sync').length).toBeGreaterThan(3);
    expect(opcodes).toContain('size');
    expect(opcodes).not.toContain('key');
    if (CHROMIUM !== null) {
      const { durationMs, width, height, colours } = await played(file);
      expect(durationMs).toBeGreaterThan(1_000);
      expect(width * height).toBeGreaterThan(100_000);
      expect(colours).toBeGreaterThan(1);
    }
  });
});

describe.skipIf(!canMount)('a recording whose disk is full (needs root, to mount a small one)', () => {
  const warnings = async () =>
    (await lab.status()).warnings.filter(({ code }) => code === 'recording-failed');

  it('stops loudly while the session goes on, unless a guardrail wants none without', async () => {
    await lab.outpost.control.request('guardrails/set', {
      text: JSON.stringify({
        version: 1,
        otherwise: 'allow',
        rules: [
          { name: 'Watched', action: 'allow', users: ['carol'], record: 'always', endWithoutRecording: true },
        ],
      }),
    });
    const bob = await Person.atWork(lab, 'ssh', { user: 'bob' });
    const carol = await Person.atWork(lab, 'ssh', { user: 'carol' });
    expect(await warnings()).toEqual([]);
    const running = async () =>
      (await listed()).filter(({ state, durationMs }) => state === 'running' && durationMs > 0);
    await eventually(async () => (await running()).length === 2);
    await disk.fill();
    bob.starts('ls -lR /usr/lib | head -2000');
    await eventually(async () => (await warnings()).length === 1);
    expect(await warnings()).toMatchObject([{ message: expect.stringContaining('not recorded to its end') }]);
    carol.starts('ls -lR /usr/lib | head -2000');
    expect((await carol.hearsLastWord()).sentence).toContain('record');
    expect(await bob.runs('echo still at work')).toBe('still at work\n');
    expect((await lab.untilEnded('carol')).reason).toBe('guardrail');

    // Nobody is let in whom it wants recorded, and everybody else.
    await disk.fill();
    const refused = await Person.arrive(lab, 'ssh', { user: 'carol' });
    expect((await refused.hearsLastWord()).sentence).toContain('recording');
    const dave = await Person.atWork(lab, 'ssh', { user: 'dave' });
    expect(await dave.runs('echo here')).toBe('here\n');

    await disk.clear();
    const erin = await Person.atWork(lab, 'ssh', { user: 'erin' });
    expect(await erin.runs('echo recorded again')).toBe('recorded again\n');
    await erin.browser.close();
    await eventually(async () => (await warnings()).length === 0);
    const { id = '', state } = (await listed()).find(({ user }) => user === 'bob') ?? {};
    expect(state).toBe('broken-off');
    // What came before the disk was full is there.
    const { code, out } = await sallyport('recordings', 'export', id);
    expect(code).toBe(0);
    expect(out).toContain('4.size,');
  });
});

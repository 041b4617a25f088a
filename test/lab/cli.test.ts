import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startOutpost } from '../../practice/run/outpost.ts';
import { untilOnline } from '../../practice/run/outpost-online.ts';
import { command, type Outcome, RunningCommand } from './harness/command.ts';
import { DIST, eventually, Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start({ machines: ['ssh'] });
});

afterAll(() => lab?.stop());

afterEach(() => lab.closeBrowsers());

function sallyport(args: string, input?: string): Promise<Outcome> {
  const { stateDir } = lab.outpost;
  return command(args.split(' '), { stateDir, ...(input === undefined ? {} : { input }) });
}

const good = (out: unknown) => ({ code: 0, out, err: '' });

describe('the built command, with an outpost that runs', () => {
  it('shows its state, in words and for programs', async () => {
    const words = await sallyport('status');
    expect(words).toEqual(good(expect.stringContaining('Online')));
    expect(words.out).toContain('1.3.0');
    const { code, out } = await sallyport('status --json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      pid: lab.outpost.pid,
      phase: 'running',
      link: { kind: 'online' },
    });
  });

  it('lists sessions, and ends one with a word to its browser', async () => {
    expect(await sallyport('sessions')).toEqual(good('No sessions.\n'));
    expect(await sallyport('sessions --json')).toEqual(good('[]\n'));
    const alice = await Person.atWork(lab, 'ssh', { user: 'alice' });
    const bob = await Person.atWork(lab, 'ssh', { user: 'bob' });
    const listed = await sallyport('sessions');
    expect(listed).toEqual(good(expect.stringMatching(/alice/)));
    const sessions: { id: string; user: string; protocol: string }[] = JSON.parse(
      (await sallyport('sessions --json')).out,
    );
    expect(sessions.map(({ user, protocol }) => `${user} ${protocol}`)).toEqual(['alice ssh', 'bob ssh']);

    // The list shows the beginning of an id; that is enough.
    const id = sessions[0]?.id ?? '';
    const short = listed.out.split(/\s+/).find((word) => word.length >= 4 && id.startsWith(word)) ?? '';
    expect(await sallyport(`end ${short}`)).toEqual(good(`Session ${id} is ended.\n`));
    expect((await alice.hearsLastWord()).sentence).toBe('The admin of the jump host ended this session.');
    expect(await bob.runs('echo untouched')).toBe('untouched\n');
    expect(await sallyport('end no-such-id')).toMatchObject({ code: 5, out: '' });
  });

  it('shows the log, and goes on showing it until Ctrl-C', async () => {
    const { code, out } = await sallyport('log -n 3 --json');
    const lines = out
      .trim()
      .split('\n')
      .map((line): { event: string } => JSON.parse(line));
    expect({ code, lines: lines.length }).toEqual({ code: 0, lines: 3 });
    const following = new RunningCommand(['log', '-f', '-n', '1'], { stateDir: lab.outpost.stateDir });
    await following.untilSays('\n');
    const carol = await Person.atWork(lab, 'ssh', { user: 'carol' });
    await following.untilSays('Session live');
    following.interrupt();
    expect(await following.end()).toEqual(good(expect.stringContaining('carol')));
    await carol.browser.close();
  });

  it('goes through every step of the doctor and finds nothing that fails', async () => {
    const words = await sallyport('doctor');
    expect(words).toMatchObject({ code: 0, err: '' });
    const { healthy, steps }: { healthy: boolean; steps: { id: string; outcome: { kind: string } }[] } =
      JSON.parse((await sallyport('doctor --json')).out);
    expect(healthy).toBe(true);
    // guacd 1.3 is warned of, and works.
    expect(
      steps
        .filter(({ outcome }) => outcome.kind !== 'passed')
        .map(({ id, outcome }) => `${id} ${outcome.kind}`),
    ).toEqual(['guacd warned']);
    expect(steps.length).toBeGreaterThan(8);
  });

  it('shows each setting with where it comes from, and no token', async () => {
    const words = await sallyport('config show');
    expect(words).toMatchObject({ code: 0, err: '' });
    expect(words.out).toMatch(/authentik\.host .*environment/);
    const rows: { key: string; value: string | null; origin: string }[] = JSON.parse(
      (await sallyport('config show --json')).out,
    );
    expect(rows).toContainEqual(expect.objectContaining({ key: 'authentik.token', value: '***' }));
    expect(rows).toContainEqual(expect.objectContaining({ key: 'log.files', value: '5', origin: 'default' }));
  });

  it('stops, starts and tries again, and says with its code how things stand', async () => {
    expect(await sallyport('retry')).toMatchObject({ code: 0, err: '' });
    const dave = await Person.atWork(lab, 'ssh', { user: 'dave' });
    expect(await sallyport('stop --drain')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 session'),
    });
    expect(await sallyport('status')).toMatchObject({ code: 4 });
    expect(await sallyport('stop')).toEqual(good('Stopped. It stays so until `sallyport start`.\n'));
    expect((await dave.hearsLastWord()).sentence).toContain('The outpost was stopped');
    expect(await sallyport('status')).toMatchObject({ code: 4, out: expect.stringContaining('Stopped') });
    expect(await sallyport('retry')).toMatchObject({
      code: 1,
      err: expect.stringContaining('The outpost is stopped.'),
    });
    expect(await sallyport('start')).toMatchObject({ code: 0, err: '' });
    await lab.untilStatus(({ link, guacd }) => link.kind === 'online' && guacd.kind === 'up');
    expect(await sallyport('status')).toMatchObject({ code: 0 });
  });

  it('says what is wrong with a command line', async () => {
    expect(await sallyport('log -n many')).toMatchObject({ code: 2, out: '' });
    expect(await sallyport('frobnicate')).toMatchObject({ code: 2, out: '' });
  });
});

describe('a token out of a pipe', () => {
  it('is kept for the next start, and used at once by an outpost that runs', async () => {
    const { stateDir } = lab.outpost;
    const { url, token } = lab.authentik;
    await lab.stopOutpost();
    const set = (value: string) => command(['token', 'set'], { stateDir, input: `${value}\n` });
    expect(await set(token)).toEqual(
      good('The token is kept, encrypted.\nNo outpost is running: it counts from the next start.\n'),
    );
    // Without one in its environment it takes the one that was kept.
    const outpost = await startOutpost({
      command: [process.execPath, join(DIST, 'outpost.cjs')],
      dir: stateDir,
      host: url,
      token: '',
    });
    try {
      await untilOnline(outpost);
      expect(await set('f'.repeat(60))).toEqual(good('The token is kept, encrypted.\n'));
      lab.authentik.closeSockets(1012);
      await eventually(async () => (await outpost.control.request('status', {})).link.kind === 'rejected');
      const status = await command(['status'], { stateDir });
      expect(status).toMatchObject({ code: 4, out: expect.stringContaining('token') });
      expect(await set(token)).toMatchObject({ code: 0 });
      await untilOnline(outpost);
      expect(await set('')).toMatchObject({ code: 2, out: '' });
    } finally {
      await outpost.stop();
      await command(['token', 'remove'], { stateDir });
      await lab.startOutpost();
    }
  });
});

describe('the built command, where no outpost runs', () => {
  it('says so, but for what it can do alone', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'sallyport-lab-none-'));
    try {
      for (const args of [['status'], ['sessions'], ['log'], ['stop'], ['end', 'x']]) {
        const { code, out, err } = await command(args, { stateDir });
        expect({ args, code, out }).toEqual({ args, code: 3, out: '' });
        expect(err).toContain('No outpost is running here');
      }
      expect(await command(['config', 'show'], { stateDir })).toMatchObject({ code: 0, err: '' });
      expect(await command(['doctor'], { stateDir })).toMatchObject({ code: 1 });
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  });
});

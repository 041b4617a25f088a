import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Local } from '../../../main/cli/context.ts';
import { runCli } from '../../../main/cli/program.ts';
import { connectControl } from '../../../main/control/client.ts';
import { outpostStatus } from '../../../main/control/status-schema.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { guardrailsIn } from '../control/guardrails-fixture.ts';
import { Bench, configRow, session, status } from '../control/outpost-fixture.ts';
import { type Terminal, type TerminalOptions, terminal } from './terminal.ts';

const FIRST = '1f0c2a44-3b1d-4b1c-9a57-000000000001';
const SECOND = 'c0ffee00-3b1d-4b1c-9a57-000000000002';
const TOKEN = 'Zx9-token-that-nobody-may-see-0123456789';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

/** Starts a command against the bench's control socket; `code` is how it ended. */
function start(argv: readonly string[], options: TerminalOptions = {}, local?: Local) {
  const io = terminal(options);
  const code = runCli(argv, io, {
    connect: () => connectControl(bench.path),
    local: async () => {
      if (local) return local;
      throw new Error('nothing local here');
    },
    run: async () => 0,
  });
  return { io, code };
}

async function run(argv: readonly string[], options: TerminalOptions = {}, local?: Local) {
  const { io, code } = start(argv, options, local);
  return { code: await code, out: io.out(), err: io.err(), io };
}

async function until(io: Terminal, words: string): Promise<void> {
  for (let looks = 0; !io.out().includes(words); looks += 1) {
    if (looks > 6_000) throw new Error(`waited in vain for ${JSON.stringify(words)} in ${io.out()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('health', () => {
  it('is 0 or 1 with a sentence on standard output, also where nobody is there', async () => {
    const nobody = await run(['health']);
    expect(nobody).toMatchObject({ code: 1, err: '' });
    expect(nobody.out).toContain('No outpost is running here');
    await bench.listen();
    const well = await run(['health']);
    expect(well).toMatchObject({ code: 0, out: '✓ Online · sso.example.org · 1 session.\n' });
    const reason = { code: 'http-status', message: 'authentik answered 502.', advice: 'Wait.' } as const;
    bench.outpost.change({ sessions: [], link: { kind: 'rejected', retryAt: 0, reason } });
    expect(await run(['health'])).toMatchObject({ code: 1, out: '✖ authentik answered 502.\n  Wait.\n' });
  });
});

describe('status', () => {
  it('is a screen for people and exits with 0 while online', async () => {
    await bench.listen();
    const { code, out } = await run(['status']);
    expect(code).toBe(0);
    expect(out).toContain('● Online · sso.example.org · 1 session');
    expect(out).toContain('alice');
  });

  it('exits with 4 while an outpost runs that is not online, or only degraded', async () => {
    await bench.listen();
    const reason = { code: 'http-status', message: 'authentik answered 502.' } as const;
    bench.outpost.change({ link: { kind: 'waiting', attempt: 1, retryAt: 0, reason } });
    expect((await run(['status'])).code).toBe(4);
    bench.outpost.change({ ...status(), metrics: { kind: 'failed', address: '127.0.0.1:9300', reason } });
    expect((await run(['status'])).code).toBe(4);
  });

  it('is the whole status as JSON for programs', async () => {
    await bench.listen();
    const { out } = await run(['status', '--json']);
    expect(v.parse(outpostStatus, JSON.parse(out))).toEqual(bench.outpost.status());
  });

  it('has colours on a terminal only, and none where NO_COLOR is set', async () => {
    await bench.listen();
    const env = { LANG: 'en_GB.UTF-8' };
    expect((await run(['status'])).out).not.toContain('\u001b');
    expect((await run(['status'], { tty: true, columns: 100 })).out).toContain('\u001b[32m●');
    const bare = await run(['status'], { tty: true, columns: 100, env: { ...env, NO_COLOR: '1' } });
    expect(bare.out).not.toContain('\u001b');
  });

  it('is followed until Ctrl-C: a line for each change of what matters', async () => {
    await bench.listen();
    const { io, code } = start(['status', '--watch']);
    await until(io, 'online: Online · sso.example.org · 1 session');
    bench.outpost.change({ sessions: [session({ id: FIRST }), session({ id: SECOND })] });
    await until(io, '2 sessions');
    // What nobody sees is no news.
    bench.outpost.change({ sessions: [session({ id: FIRST, bytesToPeer: 1 }), session({ id: SECOND })] });
    // Long enough that it is told apart from the next change.
    await new Promise((resolve) => setTimeout(resolve, 80));
    bench.outpost.change({ phase: 'draining' });
    await until(io, 'draining: Finishing 2 sessions');
    io.interrupt();
    expect(await code).toBe(0);
    expect(io.out().trimEnd().split('\n')).toHaveLength(3);
    expect(io.listening()).toBe(0);
  });

  it('is drawn in place on a terminal, within its width and height, and the cursor comes back', async () => {
    await bench.listen();
    const many = Array.from({ length: 50 }, (_, at) =>
      session({ id: `${at}`.padStart(8, '0') + FIRST.slice(8), machine: 'm'.repeat(300) }),
    );
    bench.outpost.change({ sessions: many });
    const { io, code } = start(['status', '-w'], {
      tty: true,
      columns: 60,
      rows: 12,
      env: { NO_COLOR: '1', LANG: 'C.UTF-8' },
    });
    await until(io, '50 sessions');
    io.interrupt();
    expect(await code).toBe(0);
    expect(io.out().startsWith('\u001b[?25l')).toBe(true);
    expect(io.out().endsWith('\u001b[?25h')).toBe(true);
    const [screen = ''] = io.out().split('\u001b[J');
    const lines = screen.split('\u001b[K\n').slice(0, -1);
    expect(lines).toHaveLength(11);
    for (const line of lines)
      expect(line.replace('\u001b[?25l', '').replace('\r', '').length).toBeLessThanOrEqual(60);
  });

  it('is followed as JSON, one status a line', async () => {
    await bench.listen();
    const { io, code } = start(['status', '--watch', '--json']);
    await until(io, '"phase":"running"');
    bench.outpost.change({ phase: 'stopping' });
    await until(io, '"phase":"stopping"');
    io.interrupt();
    await code;
    for (const line of io.out().trimEnd().split('\n')) v.parse(outpostStatus, JSON.parse(line));
  });

  it('says when the outpost ends while it is followed, and exits with 3', async () => {
    await bench.listen();
    const { io, code } = start(['status', '--watch']);
    await until(io, 'Online');
    await bench.server?.close();
    expect(await code).toBe(3);
    expect(io.err()).toContain('The outpost has ended.');
  });
});

describe('driving the outpost', () => {
  it('starts, stops, drains and retries', async () => {
    await bench.listen();
    expect(await run(['stop'])).toMatchObject({ code: 0, out: expect.stringContaining('Stopped.') });
    expect(await run(['start'])).toMatchObject({ code: 0, out: expect.stringContaining('Started.') });
    expect(await run(['retry'])).toMatchObject({ code: 0, out: expect.stringContaining('Trying now.') });
    bench.outpost.change(status());
    expect(await run(['stop', '--drain'])).toMatchObject({
      code: 0,
      out: 'No new sessions; it stops when 1 session has ended.\n',
    });
    expect(bench.outpost.asked).toEqual(['stop', 'start', 'retry', 'drain']);
  });

  it('tells the outpost’s own refusal with its advice on standard error', async () => {
    await bench.listen();
    bench.outpost.retry = () => {
      throw new SallyportError('not-running', 'The outpost is stopped.', { advice: 'Start it first.' });
    };
    expect(await run(['retry'])).toMatchObject({
      code: 1,
      out: '',
      err: '✖ The outpost is stopped.\n  Start it first.\n',
    });
  });

  it('lists sessions for people with short ids, and whole for programs', async () => {
    await bench.listen();
    bench.outpost.change({ sessions: [session({ id: FIRST }), session({ id: SECOND })] });
    const { out } = await run(['sessions']);
    expect(out).toContain(FIRST.slice(0, 8));
    expect(out).not.toContain(FIRST);
    expect(JSON.parse((await run(['sessions', '--json'])).out)).toEqual(bench.outpost.status().sessions);
    bench.outpost.change({ sessions: [] });
    expect((await run(['sessions'])).out).toBe('No sessions.\n');
    expect((await run(['sessions', '--json'])).out).toBe('[]\n');
  });

  it('ends the session whose id begins so, and no other', async () => {
    await bench.listen();
    bench.outpost.change({ sessions: [session({ id: FIRST }), session({ id: SECOND })] });
    expect(await run(['end', 'c0ffee00'])).toMatchObject({ code: 0, out: `Session ${SECOND} is ended.\n` });
    expect(await run(['end', FIRST])).toMatchObject({ code: 0 });
    expect(bench.outpost.asked).toEqual([`end ${SECOND}`, `end ${FIRST}`]);
  });

  it('asks the desktop app to look on at the session whose id begins so', async () => {
    await bench.listen();
    bench.outpost.change({ sessions: [session({ id: FIRST }), session({ id: SECOND })] });
    expect(await run(['watch', 'c0ffee00'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('No desktop app of Sallyport’s is running'),
    });
    const app = await connectControl(bench.path);
    try {
      const asked = new Promise<unknown>((resolve) => app.on('viewer/requested', resolve));
      await app.request('viewer/follow', {});
      expect(await run(['watch', 'c0ffee00'])).toMatchObject({ code: 0 });
      expect(await asked).toEqual({ kind: 'session', id: SECOND });
    } finally {
      app.close();
    }
    expect(await run(['watch', 'deadbeef'])).toMatchObject({ code: 5 });
  });

  it('ends nothing where the id is nobody’s, several’s or too short', async () => {
    await bench.listen();
    bench.outpost.change({ sessions: [session({ id: FIRST }), session({ id: `${FIRST.slice(0, -1)}2` })] });
    expect(await run(['end', 'deadbeef'])).toMatchObject({
      code: 5,
      err: expect.stringContaining('no session "deadbeef"'),
    });
    expect(await run(['end', '1f0c2a44'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('2 sessions have an id'),
    });
    expect(await run(['end', '1'])).toMatchObject({ code: 2 });
    expect(await run(['end', 'x'.repeat(10_000)])).toMatchObject({ code: 5 });
    expect(bench.outpost.asked).toEqual([]);
  });
});

describe('log', () => {
  it('shows the last lines, of a level and above, for people and as JSON', async () => {
    await bench.listen();
    const { code, out } = await run(['log']);
    expect(code).toBe(0);
    expect(out).toMatch(/First attempt=1\n.*warning.*Second attempt=1\n$/);
    expect((await run(['log', '--level', 'warning'])).out).not.toContain('First');
    expect((await run(['log', '-n', '1'])).out).not.toContain('First');
    const [line] = (await run(['log', '--json'])).out.split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({
      event: 'First',
      level: 'info',
      logger: 'sallyport.link',
      attempt: 1,
    });
  });

  it('is followed until Ctrl-C, and nobody listens after that', async () => {
    await bench.listen();
    const { io, code } = start(['log', '-f', '-n', '1']);
    await until(io, 'Second');
    bench.logged.emit({ ...(bench.lines[0] ?? fail()), event: 'Third' });
    await until(io, 'Third');
    io.interrupt();
    expect(await code).toBe(0);
    expect(io.listening()).toBe(0);
  });

  it('says when the outpost ends while it is followed, and exits with 3', async () => {
    await bench.listen();
    const { io, code } = start(['log', '--follow']);
    await until(io, 'Second');
    await bench.server?.close();
    expect(await code).toBe(3);
    expect(io.err()).toContain('The outpost has ended.');
  });

  it('ends with success when nobody reads it any more, as `| head` does', async () => {
    await bench.listen();
    const { io, code } = start(['log', '--follow']);
    await until(io, 'Second');
    io.closeOutput();
    bench.logged.emit({ ...(bench.lines[0] ?? fail()), event: 'Third' });
    expect(await code).toBe(0);
  });
});

describe('doctor', () => {
  it('is asked of the running outpost, step by step', async () => {
    await bench.listen();
    expect(await run(['doctor'])).toMatchObject({
      code: 0,
      out: '✓ Name: 127.0.0.1\n✓ TCP: connected\n\nAll is well.\n',
    });
    bench.steps.push({
      id: 'tls',
      title: 'TLS',
      tookMs: 1,
      outcome: { kind: 'failed', failure: { code: 'tls-failed', message: 'No.' } },
    });
    expect(await run(['doctor'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('✖ TLS: No.\n\n1 step failed.'),
    });
    const { code, out } = await run(['doctor', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({ healthy: false, steps: bench.steps });
  });

  it('looks itself where no outpost runs, and does not call a half round well', async () => {
    const { steps } = bench;
    const local: Local = {
      token: { set: async () => {}, remove: async () => {} },
      config: { show: () => [], check: () => null, set: async () => [], unset: async () => [] },
      guardrails: guardrailsIn('/nonexistent'),
      activity: async () => ({ entries: [], handOver: { wanted: true, upTo: 0, waiting: 0, failure: null } }),
      doctor: async function* (signal) {
        yield* steps;
        if (signal.aborted) return;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    };
    const { io, code } = start(['doctor'], {}, local);
    await until(io, 'TCP');
    io.interrupt();
    expect(await code).toBe(1);
    expect(io.out()).not.toContain('All is well');
    expect(io.err()).toContain('interrupted');
  });
});

describe('token', () => {
  it('is taken from standard input, cleaned, handed over as a secret, and shown nowhere', async () => {
    await bench.listen();
    const { code, out, err } = await run(['token', 'set'], { input: ['AUTHENTIK_TOKEN="', `${TOKEN}"\n`] });
    expect(code).toBe(0);
    expect(bench.token?.reveal()).toBe(TOKEN);
    expect(out + err).not.toContain(TOKEN);
    expect(out).toBe('The token is kept, encrypted.\n');
  });

  it('that looks like none of authentik’s is kept all the same, with a word of doubt that does not repeat it', async () => {
    await bench.listen();
    const { code, out } = await run(['token', 'set'], { input: ['hunter2'] });
    expect(code).toBe(0);
    expect(bench.token?.reveal()).toBe('hunter2');
    expect(out).toContain('does not look like a token');
    expect(out).not.toContain('hunter2');
  });

  it('is asked for on a terminal without being shown, with the keys that people use', async () => {
    await bench.listen();
    const { code, out, err, io } = await run(['token', 'set'], {
      keys: true,
      input: ['wrong', '\u0015', `${TOKEN}x`, '\u007f', '\r'],
    });
    expect(code).toBe(0);
    expect(bench.token?.reveal()).toBe(TOKEN);
    expect(io.rawModes).toEqual([true, false]);
    expect(err).toBe('Token of the outpost (it is not shown): \n');
    expect(out).not.toContain(TOKEN);
  });

  it('is left as it is after Ctrl-C, nothing, too much, or what is no token', async () => {
    await bench.listen();
    const cases: readonly (readonly [TerminalOptions, number, string])[] = [
      [{ keys: true, input: ['half-a-tok', '\u0003'] }, 1, 'Nothing was changed.'],
      [{ keys: true, input: ['\r'] }, 2, 'Nothing was given.'],
      [{ input: [] }, 2, 'Paste it when asked, or send it on standard input.'],
      [{ input: [' \n '] }, 2, 'Nothing was given.'],
      [{ input: ['x'.repeat(10_000), 'x'.repeat(6_385)] }, 2, 'more than 16 KiB'],
      [{ keys: true, input: ['x'.repeat(16_385)] }, 2, 'more than 16 KiB'],
      [{ input: ['two words'] }, 2, 'blank in the middle'],
    ];
    for (const [options, exit, words] of cases) {
      const { code, err, out, io } = await run(['token', 'set'], options);
      expect({ exit: code, err }).toEqual({ exit, err: expect.stringContaining(words) });
      expect(out).toBe('');
      if (options.keys) expect(io.rawModes).toEqual([true, false]);
      expect(err.split('\n').at(-2)).not.toContain('it is not shown');
    }
    expect(bench.token).toBeNull();
  });

  it('is forgotten on request', async () => {
    await bench.listen();
    await run(['token', 'set'], { input: [TOKEN] });
    expect(await run(['token', 'remove'])).toMatchObject({ code: 0, out: 'The token is removed.\n' });
    expect(bench.token).toBeNull();
  });
});

describe('config', () => {
  it('shows every setting with its origin, and the outpost’s options in authentik', async () => {
    await bench.listen();
    bench.outpost.change({
      outpost: { ...(status().outpost ?? fail()), config: { log_level: 'debug', from_the_future: 'x' } },
    });
    const { code, out } = await run(['config', 'show']);
    expect(code).toBe(0);
    expect(out).toMatch(/authentik_host +https:\/\/sso\.example\.org\/auth\/ +file +A setting/);
    expect(out).toContain('Of the outpost “Jump host” in authentik:');
    expect(out).toMatch(/outpost\.log_level +debug +authentik/);
    expect(out).toMatch(/outpost\.from_the_future +x +authentik +Not used: this version/);
    const rows: unknown = JSON.parse((await run(['config', 'show', '--json'])).out);
    expect(rows).toContainEqual(configRow('authentik_host', 'https://sso.example.org/auth/'));
    expect(rows).toContainEqual(expect.objectContaining({ key: 'outpost.from_the_future', value: 'x' }));
  });

  it('sets and takes back, with what an admin should know', async () => {
    await bench.listen();
    expect(await run(['config', 'set', 'authentik_host', 'https://other.example/'])).toMatchObject({
      code: 0,
      out: 'authentik_host is set.\nRestart the outpost for it to count.\n',
    });
    expect(bench.rows.get('authentik_host')).toBe('https://other.example/');
    expect(await run(['config', 'unset', 'authentik_host'])).toMatchObject({
      code: 0,
      out: 'authentik_host is back to its default.\n',
    });
    expect(await run(['config', 'set', 'nonsense', '1'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no setting “nonsense”'),
    });
    expect(await run(['config', 'set', 'k'.repeat(257), '1'])).toMatchObject({ code: 2 });
  });
});

function fail(): never {
  throw new Error('the fixture has none');
}

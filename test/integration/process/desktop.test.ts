import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeAuthentik } from '../../../practice/authentik/server.ts';
import { issue } from '../authentik-endpoint/certificates.ts';
import { startServer } from '../authentik-endpoint/servers.ts';
import { Programs, untilStatus } from './child.ts';

/* The outpost process as the desktop app runs it. */

const TOKEN = 'Zx9-token-that-nobody-may-see-0123456789';

let programs: Programs;

beforeEach(async () => {
  programs = await Programs.make();
});
afterEach(() => programs.end());

describe('a key that is handed in', () => {
  it('keeps the token without a key file, and no log, no child and no second start has it', async () => {
    const key = randomBytes(32).toString('base64');
    // In the place of guacd: it tells what it was started with.
    const guacd = join(programs.stateDir, '..', 'guacd');
    await writeFile(guacd, `#!/bin/sh\nenv >> "${join(programs.stateDir, 'seen')}"\nexit 1\n`, {
      mode: 0o755,
    });
    const more = { SALLYPORT_KEY: key, SALLYPORT_GUACD: 'managed', SALLYPORT_GUACD_PATH: guacd };
    const { said, ended } = programs.start('outpost', ['--log-level', 'trace'], more);
    const control = await programs.control();
    expect(await control.request('secrets/protection', {})).toEqual({ kind: 'handed-in' });
    await control.request('token/set', { token: TOKEN });
    await untilStatus(control, ({ guacd }) => guacd.kind === 'down');
    const seen = await readFile(join(programs.stateDir, 'seen'), 'utf8');
    expect(seen).toContain('PATH=');
    await control.request('shutdown', {});
    control.close();
    expect((await ended).code).toBe(0);
    expect(await readdir(programs.stateDir)).not.toContain('key');
    for (const text of [seen, said.stdout, said.stderr]) {
      expect(text).not.toContain(key);
      expect(text).not.toContain('SALLYPORT_KEY');
    }
    const again = await programs.run('sallyport', ['doctor']);
    expect(again.stdout).toContain('a key that the desktop app keeps and hands in');
    const withKey = await programs.run('sallyport', ['config', 'show', '--json'], { more });
    expect(withKey.stdout).toMatch(/"key":\s*"authentik\.token",\s*"value":\s*"\*\*\*"/);
  });

  it('takes the place of the key file while the outpost runs, and gives it back', async () => {
    const { ended } = programs.start('outpost', []);
    const control = await programs.control();
    await control.request('token/set', { token: TOKEN });
    const key = randomBytes(32).toString('base64');
    await control.request('secrets/rekey', { key });
    expect(await control.request('secrets/protection', {})).toEqual({ kind: 'handed-in' });
    expect(await readdir(programs.stateDir)).not.toContain('key');
    const row = async () =>
      (await control.request('config/show', {})).rows.find(({ key: name }) => name === 'authentik.token');
    expect(await row()).toMatchObject({ value: '***', locked: true, secret: true });
    await expect(control.request('secrets/rekey', { key: '?'.repeat(44) })).rejects.toMatchObject({
      code: 'settings-invalid',
      message: 'The key is no key.',
    });
    await control.request('secrets/rekey', { key: null });
    expect(await control.request('secrets/protection', {})).toEqual({ kind: 'key-file' });
    expect(await readdir(programs.stateDir)).toContain('key');
    expect(await row()).toMatchObject({ value: '***' });
    await control.request('shutdown', {});
    control.close();
    expect((await ended).code).toBe(0);
  });

  it('that is none ends the start with the code for settings', async () => {
    const { code, stderr } = await programs.run('outpost', [], { more: { SALLYPORT_KEY: 'my-key-of-old' } });
    expect(code).toBe(2);
    expect(stderr).toContain('SALLYPORT_KEY is no key.');
    expect(stderr).not.toContain('my-key-of-old');
  });
});

describe('a shutdown that is asked for', () => {
  it('is answered, and ends the process as a signal does', async () => {
    const { ended } = programs.start('outpost', []);
    const control = await programs.control();
    const closed = new Promise<void>((resolve) => control.onClose(() => resolve()));
    expect(await control.request('shutdown', {})).toEqual({});
    await closed;
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/"by":"shutdown".*"event":"Ending"/);
    expect(stdout).toContain('"event":"Ended"');
  });
});

describe('certificates', () => {
  it('are shown, pinned, and their authority kept, so that the next connection is trusted', async () => {
    const authority = issue({ name: 'Practice Authority', authority: true });
    const leaf = issue({ name: 'sso.practice', addresses: ['127.0.0.1'], by: authority });
    const server = await startServer({ tls: { ...leaf, cert: leaf.cert + authority.cert } });
    const host = `https://127.0.0.1:${server.port}/`;
    programs.start('outpost', []);
    const control = await programs.control();
    try {
      const before = await control.request('certificate', { host });
      expect(before).toMatchObject({ trusted: false, failure: { code: 'tls-untrusted' } });
      expect(before.chain.map(({ isCa }) => isCa)).toEqual([false, true]);
      expect(before.chain[0]?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      expect(before.chain[0]?.validTo).toMatch(/^\d{4}-\d\d-\d\dT/);

      const pem = before.chain[1]?.pem ?? '';
      // Whatever is pasted with it is not kept.
      expect(await control.request('trust/ca', { pem: `${leaf.key}\n${pem}` })).toEqual({
        notes: ['It counts from the next connection to authentik.'],
      });
      const caFile = join(programs.stateDir, 'ca.pem');
      expect((await stat(caFile)).mode & 0o777).toBe(0o600);
      expect(await readFile(caFile, 'utf8')).not.toContain('PRIVATE KEY');
      expect(await control.request('certificate', { host })).toMatchObject({ trusted: true, failure: null });

      const fingerprint = before.chain[0]?.fingerprint ?? '';
      await control.request('trust/pin', { fingerprint });
      expect(await control.request('certificate', { host })).toMatchObject({ trusted: true });
      await control.request('trust/pin', { fingerprint: 'ab'.repeat(32) });
      expect(await control.request('certificate', { host })).toMatchObject({
        trusted: false,
        failure: { code: 'tls-fingerprint' },
      });
      for (const nothing of ['nothing', leaf.key])
        await expect(control.request('trust/ca', { pem: nothing })).rejects.toMatchObject({
          code: 'settings-invalid',
          message: 'The text holds no certificate.',
        });
      await expect(control.request('trust/pin', { fingerprint: 'xyz' })).rejects.toMatchObject({
        message: expect.stringMatching(/^The fingerprint is "xyz"/),
      });
    } finally {
      control.close();
      await server.close();
    }
  });

  it('say what they take the place of, and that a variable outranks them', async () => {
    const authority = issue({ name: 'Practice Authority', authority: true });
    const named = join(programs.stateDir, '..', 'named.pem');
    await writeFile(named, authority.cert);
    programs.start('outpost', [], { SALLYPORT_CA_FILE: named });
    const control = await programs.control();
    const { notes } = await control.request('trust/ca', { pem: authority.cert });
    expect(notes).toEqual([
      `It takes the place of ${named}, which is left as it is.`,
      'It does not count as long as SALLYPORT_CA_FILE is set.',
    ]);
    control.close();
  });
});

describe('a doctor with proposals', () => {
  it('looks with them, and keeps nothing', async () => {
    const authentik = await PracticeAuthentik.start({ tls: {} });
    programs.start('outpost', [], { SALLYPORT_GUACD: '127.0.0.1:1' });
    const control = await programs.control();
    try {
      const outcome = async (proposed: Parameters<typeof control.request<'doctor'>>[1]['proposed']) => {
        const { steps } = await control.request('doctor', proposed ? { proposed } : {}, { timeoutMs: null });
        return new Map(steps.map(({ id, outcome: found }) => [id, found]));
      };
      expect((await outcome(undefined)).get('token')).toMatchObject({ kind: 'failed' });
      const untrusted = await outcome({ host: authentik.url, token: authentik.token });
      expect(untrusted.get('tls')).toMatchObject({ kind: 'failed', failure: { code: 'tls-untrusted' } });
      const insecure = await outcome({ host: authentik.url, token: authentik.token, insecure: true });
      expect(insecure.get('websocket')).toMatchObject({ kind: 'passed' });
      const { chain } = await control.request('certificate', { host: authentik.url });
      const pinned = await outcome({
        host: authentik.url,
        token: ` AUTHENTIK_TOKEN="${authentik.token}"\n`,
        fingerprint: chain[0]?.fingerprint ?? '',
      });
      expect(pinned.get('websocket')).toMatchObject({ kind: 'passed' });
      const trusted = await outcome({
        host: authentik.url,
        token: authentik.token,
        caPem: chain.at(-1)?.pem ?? '',
      });
      expect(trusted.get('websocket')).toMatchObject({ kind: 'passed' });

      const wrong = await outcome({ host: 'sso.example', token: 'a b' });
      expect(wrong.get('settings')).toMatchObject({
        failure: { message: expect.stringMatching(/^The address is "sso\.example", without https:\/\//) },
      });
      expect(wrong.get('token')).toMatchObject({
        failure: { message: 'The token has a blank in the middle, which no token has.' },
      });

      const { rows } = await control.request('config/show', {});
      for (const key of ['authentik.host', 'authentik.token', 'trust.caFile', 'trust.fingerprint'])
        expect(rows.find((row) => row.key === key)?.value).toBeNull();
      expect(await readdir(programs.stateDir)).not.toContain('token.enc');
    } finally {
      control.close();
      await authentik.stop();
    }
  });
});

describe('the settings for a form', () => {
  it('say where each value is from, what may be given, and whether a change would count', async () => {
    programs.start('outpost', ['--sessions', '7']);
    const control = await programs.control();
    await control.request('config/set', { key: 'log.fileBytes', value: '1 MiB' });
    const { rows } = await control.request('config/show', {});
    const row = (key: string) => rows.find((candidate) => candidate.key === key);
    expect(row('limits.sessions')).toMatchObject({
      value: '7',
      originKind: 'flag',
      locked: true,
      kind: 'number',
      unit: 'sessions',
      default: null,
    });
    expect(row('metrics.listen')).toMatchObject({
      value: 'off',
      origin: 'environment: AUTHENTIK_LISTEN__METRICS',
      originKind: 'environment',
      locked: true,
      choices: ['off'],
      default: '127.0.0.1:9300',
    });
    expect(row('log.fileBytes')).toMatchObject({
      value: '1 MiB',
      originKind: 'file',
      locked: false,
      kind: 'bytes',
    });
    expect(row('log.level')).toMatchObject({
      kind: 'choice',
      choices: ['trace', 'debug', 'info', 'warning', 'error'],
      applies: 'live',
      environment: ['AUTHENTIK_LOG_LEVEL'],
      flag: '--log-level',
    });
    expect(row('authentik.insecure')).toMatchObject({ kind: 'yes-no', value: 'false' });
    expect(row('stateDir')).toMatchObject({ locked: true, kind: 'path' });
    expect(row('proxy.url')).toMatchObject({ kind: 'url', choices: ['environment', 'none'] });
    control.close();
  });

  it('are checked as one types, with the sentence that keeping them would get, and stay as they are', async () => {
    programs.start('outpost', []);
    const control = await programs.control();
    const check = async (key: string, value: string) =>
      (await control.request('config/check', { key, value })).failure;
    expect(await check('limits.setupSeconds', '30')).toBeNull();
    const failure = await check('limits.setupSeconds', 'soon');
    expect(failure).toMatchObject({ code: 'settings-invalid' });
    await expect(
      control.request('config/set', { key: 'limits.setupSeconds', value: 'soon' }),
    ).rejects.toMatchObject({ message: failure?.message, advice: failure?.advice });
    expect(await check('stateDir', '/tmp')).toMatchObject({ advice: expect.stringContaining('--state-dir') });
    expect(await check('authentik.host', '')).toMatchObject({ message: 'authentik.host is empty.' });
    expect(await check('authentik.token', TOKEN)).toBeNull();
    expect(await check('authentik.token', 'a b')).toMatchObject({ code: 'settings-invalid' });
    expect(await check('nonsense', 'x')).toMatchObject({ message: 'There is no setting "nonsense".' });
    const { rows } = await control.request('config/show', {});
    expect(rows.find(({ key }) => key === 'limits.setupSeconds')).toMatchObject({ originKind: 'default' });
    control.close();
  });

  it('come with the versions, the traffic and guacd’s last words for a report of trouble', async () => {
    programs.start('outpost', []);
    const control = await programs.control();
    expect(await control.request('versions', {})).toMatchObject({
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      guacd: null,
    });
    expect(await control.request('traffic', {})).toEqual({ everyMs: 5000, samples: [] });
    expect(await control.request('guacd/output', {})).toEqual({ lines: [] });
    control.close();
  });
});

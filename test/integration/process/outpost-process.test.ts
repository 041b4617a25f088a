import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PracticeAuthentik } from '../../../practice/authentik/server.ts';
import { Programs, untilStatus } from './child.ts';

let programs: Programs;

beforeEach(async () => {
  programs = await Programs.make();
});
afterEach(() => programs.end());

describe('the outpost process', () => {
  it('refuses flags and variables that cannot be, all of them at once, and says what would be right', async () => {
    const { code, stderr } = await programs.run('outpost', ['--sessions', 'many'], {
      more: { AUTHENTIK_HOST: 'ftp://sso.example', AUTHENTIK_LISTEN__METRICS: '127.0.0.1:99999' },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--sessions is "many"\. Give a whole number/);
    expect(stderr).toMatch(/AUTHENTIK_HOST .*ftp/);
    expect(stderr).toMatch(/AUTHENTIK_LISTEN__METRICS has the port "99999"/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('refuses a flag that does not exist with the code for usage', async () => {
    const { code, stderr } = await programs.run('outpost', ['--sesions', '3']);
    expect(code).toBe(2);
    expect(stderr).toContain('--sesions');
  });

  it('never shows a token that cannot be one', async () => {
    const { stderr, stdout } = await programs.run('outpost', [], {
      more: { AUTHENTIK_TOKEN: `hunter2 ${'x'.repeat(100_000)}` },
    });
    expect(stderr).toContain('AUTHENTIK_TOKEN');
    expect(stderr + stdout).not.toContain('hunter2');
  });

  it('leaves a settings file of a newer version alone and does not start', async () => {
    await mkdir(programs.stateDir, { mode: 0o700 });
    const file = join(programs.stateDir, 'settings.json');
    await writeFile(file, '{"version":99,"settings":{}}');
    const { code, stderr } = await programs.run('outpost', []);
    expect(code).toBe(1);
    expect(stderr).toMatch(/newer Sallyport/);
    expect(await readFile(file, 'utf8')).toBe('{"version":99,"settings":{}}');
  });

  it('runs without any configuration, says what is missing, and takes it over the control socket', async () => {
    const authentik = await PracticeAuthentik.start();
    const { child, ended } = programs.start('outpost', []);
    const control = await programs.control();
    try {
      await untilStatus(control, ({ link }) => link.kind === 'rejected');
      const { link } = await control.request('status', {});
      expect(link).toMatchObject({ reason: { message: 'No address of authentik is configured.' } });
      // Each one that is mended is tried at once, not after the minute.
      await control.request('config/set', { key: 'authentik.host', value: authentik.url });
      await untilStatus(
        control,
        (status) => status.link.kind === 'rejected' && status.link.reason.code === 'token-missing',
      );
      await control.request('token/set', { token: authentik.token });
      await untilStatus(control, (status) => status.link.kind === 'online');
      expect((await control.request('status', {})).host).toBe(authentik.url);
      const kept = await readFile(join(programs.stateDir, 'token.enc'), 'utf8');
      expect(kept).not.toContain(authentik.token);
      expect((await stat(join(programs.stateDir, 'token.enc'))).mode & 0o777).toBe(0o600);
      expect((await stat(join(programs.stateDir, 'key'))).mode & 0o777).toBe(0o600);
    } finally {
      control.close();
      child.kill('SIGTERM');
      await authentik.stop();
    }
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain(authentik.token);
  });

  it('lets the outpost that runs go on where a second one is started', async () => {
    const { child, ended } = programs.start('outpost', []);
    const control = await programs.control();
    const { pid } = await control.request('status', {});
    const second = await programs.run('outpost', []);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/already running here/);
    expect((await control.request('status', {})).pid).toBe(pid);
    control.close();
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  it('takes the log level from authentik where nobody here set one, and tells where it is from', async () => {
    const authentik = await PracticeAuthentik.start({ config: { log_level: 'debug' } });
    const more = { AUTHENTIK_HOST: authentik.url, AUTHENTIK_TOKEN: authentik.token };
    try {
      programs.start('outpost', [], more);
      const control = await programs.control();
      await untilStatus(control, (status) => status.link.kind === 'online');
      const row = async () =>
        (await control.request('config/show', {})).rows.find(({ key }) => key === 'log.level');
      expect(await row()).toMatchObject({ value: 'debug', origin: 'authentik' });
      await control.request('config/set', { key: 'log.level', value: 'warning' });
      expect(await row()).toMatchObject({ value: 'warning', origin: 'file: settings.json' });
      control.close();
    } finally {
      await authentik.stop();
    }
  });

  it('says in the log and the status that a damaged settings file was kept aside, and runs', async () => {
    await mkdir(programs.stateDir, { mode: 0o700 });
    await writeFile(join(programs.stateDir, 'settings.json'), '{"version":1,"settings":{"authen');
    const { said } = programs.start('outpost', []);
    const control = await programs.control();
    const { warnings } = await control.request('status', {});
    expect(warnings.map(({ code }) => code)).toContain('settings-unreadable');
    expect(said.stdout).toContain('kept as');
    control.close();
  });
});

describe('the command where no outpost runs', () => {
  it('keeps a token from standard input, and shows it as three stars', async () => {
    const { code } = await programs.run('sallyport', ['token', 'set'], { input: 'a-token-of-practice\n' });
    expect(code).toBe(0);
    const shown = await programs.run('sallyport', ['config', 'show', '--json']);
    expect(shown.stdout).toContain('"***"');
    expect(shown.stdout).not.toContain('a-token-of-practice');
  });

  it('says with its exit code that nothing runs here', async () => {
    const { code, stderr } = await programs.run('sallyport', ['status']);
    expect(code).toBe(3);
    expect(stderr).toContain('Start it with `sallyport run`');
  });

  it('does not drive another outpost where its own directory is named wrongly', async () => {
    const { code, stderr } = await programs.run('sallyport', ['--state-dir', '', 'status']);
    expect(code).toBe(2);
    expect(stderr).toContain('--state-dir is empty');
  });

  it('makes nothing when it only looks', async () => {
    await programs.run('sallyport', ['config', 'show']);
    await programs.run('sallyport', ['doctor']);
    await expect(stat(programs.stateDir)).rejects.toThrow();
  });
});

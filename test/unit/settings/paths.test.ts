import { describe, expect, it } from 'vitest';
import { controlAddress, defaultStateDir, type Host, statePaths } from '../../../main/core/settings/paths.ts';

const host = (changes: Partial<Host> = {}): Host => ({
  platform: 'linux',
  env: {},
  home: '/home/ada',
  temporary: '/tmp',
  user: '1000',
  ...changes,
});

describe('the state directory where nobody says', () => {
  it('is the system’s place for it', () => {
    expect(defaultStateDir(host())).toBe('/home/ada/.local/state/sallyport');
    expect(defaultStateDir(host({ env: { XDG_STATE_HOME: '/state' } }))).toBe('/state/sallyport');
    expect(defaultStateDir(host({ env: { XDG_STATE_HOME: 'relative' } }))).toBe(
      '/home/ada/.local/state/sallyport',
    );
    expect(
      defaultStateDir(
        host({ env: { STATE_DIRECTORY: '/var/lib/sallyport:/var/lib/x', XDG_STATE_HOME: '/state' } }),
      ),
    ).toBe('/var/lib/sallyport');
    expect(defaultStateDir(host({ platform: 'darwin', home: '/Users/ada' }))).toBe(
      '/Users/ada/Library/Application Support/Sallyport',
    );
    expect(defaultStateDir(host({ platform: 'win32', home: 'C:\\Users\\ada' }))).toBe(
      'C:\\Users\\ada\\AppData\\Local\\Sallyport',
    );
    expect(defaultStateDir(host({ platform: 'win32', env: { LOCALAPPDATA: 'D:\\Local' } }))).toBe(
      'D:\\Local\\Sallyport',
    );
  });

  it('holds everything that is kept', () => {
    expect(statePaths('/state', host())).toEqual({
      stateDir: '/state',
      settings: '/state/settings.json',
      logDir: '/state/log',
      drives: '/state/drives',
      control: { path: '/state/control.sock', guardedDir: null },
    });
  });
});

describe('the control socket', () => {
  const long = `/${'x'.repeat(100)}`;
  const bytes = (path: string) => Buffer.byteLength(path);

  it('lies in the state directory as long as a socket’s path may be so long', () => {
    const fits = `/${'x'.repeat(103 - '/control.sock'.length - 1)}`;
    expect(controlAddress(fits, host())).toEqual({ path: `${fits}/control.sock`, guardedDir: null });
    expect(bytes(`${fits}/control.sock`)).toBe(103);
    expect(controlAddress(`${fits}x`, host()).guardedDir).not.toBeNull();
    // Bytes count, not characters.
    expect(controlAddress(`/${'ü'.repeat(60)}`, host()).guardedDir).not.toBeNull();
  });

  it('else lies in a guarded directory, apart for each user and state directory, and never too long', () => {
    const runtime = controlAddress(long, host({ env: { XDG_RUNTIME_DIR: '/run/user/1000' } }));
    expect(runtime.guardedDir).toBe('/run/user/1000/sallyport');
    expect(controlAddress(long, host()).guardedDir).toBe('/tmp/sallyport-1000');
    expect(controlAddress(long, host({ user: '1001' })).guardedDir).toBe('/tmp/sallyport-1001');
    expect(controlAddress(`${long}y`, host()).path).not.toBe(controlAddress(long, host()).path);
    const nowhere = controlAddress(long, host({ temporary: long, env: { XDG_RUNTIME_DIR: long } }));
    expect(nowhere.guardedDir).toMatch(/^\/tmp\/sallyport-[0-9a-f]{16}$/);
    for (const { path } of [runtime, nowhere]) expect(bytes(path)).toBeLessThanOrEqual(103);
  });

  it('is a named pipe on Windows, apart for each user and state directory', () => {
    const windows = host({ platform: 'win32', user: 'ada' });
    const { path, guardedDir } = controlAddress('C:\\State', windows);
    expect(path).toMatch(/^\\\\\.\\pipe\\sallyport-[0-9a-f]{16}$/);
    expect(guardedDir).toBeNull();
    expect(controlAddress('C:\\Other', windows).path).not.toBe(path);
    expect(controlAddress('C:\\State', { ...windows, user: 'bob' }).path).not.toBe(path);
  });
});

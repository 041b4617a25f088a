import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { appCommand } from '../../../scripts/setup/app-runtime.mjs';
import { countCandidates } from '../../../scripts/setup/apt.mjs';
import { table, versionIn } from '../../../scripts/setup/check.mjs';
import { appCheck, choose, wantsDesktop, whyTerminal } from '../../../scripts/setup/choice.mjs';
import { countReport, countStep, objection, sum, summary } from '../../../scripts/setup/counts.mjs';
import { hasDisplay, sandboxArguments } from '../../../scripts/setup/display.mjs';
import { findElectron } from '../../../scripts/setup/electron.mjs';
import { missingPackages, NEEDS, needsElectron, needsOf } from '../../../scripts/setup/needs.mjs';
import { withoutRoute } from '../../../scripts/setup/no-route.mjs';
import { isInstalled } from '../../../scripts/setup/npm.mjs';
import { cacheFolder, systemName } from '../../../scripts/setup/system.mjs';

describe('npm packages', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
    },
  };

  it('are those of the lock file when every version is the same', () => {
    expect(
      isInstalled(lock, {
        packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } },
      }),
    ).toBe(true);
  });

  it('may lack what is optional, for that is made for other systems', () => {
    expect(isInstalled(lock, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true);
  });

  it('are not, when one is missing, has another version, or is too many', () => {
    const extra = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/c': { version: '1.0.0' } };
    expect(isInstalled(lock, { packages: {} })).toBe(false);
    expect(isInstalled(lock, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false);
    expect(
      isInstalled(lock, {
        packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.9.0' } },
      }),
    ).toBe(false);
    expect(isInstalled(lock, { packages: extra })).toBe(false);
  });
});

describe('needs', () => {
  const need = (name: string, from: string, groups: ('start' | 'desktop' | 'test')[], path?: string) => ({
    name,
    package: from,
    purpose: '',
    groups,
    find: () => path,
  });

  it('are installed only for the command that asks for them, each package once', () => {
    const needs = [
      need('prometheus', 'prometheus', ['test']),
      need('promtool', 'prometheus', ['test']),
      need('guacd', 'guacd', ['start', 'test']),
      need('xterm', 'xterm', ['start', 'test'], '/usr/bin/xterm'),
    ];
    expect(missingPackages('start', needs)).toEqual(['guacd']);
    expect(missingPackages('test', needs)).toEqual(['prometheus', 'guacd']);
    expect(missingPackages('bench', needs)).toEqual([]);
  });

  it('of a start with a window are those of a start and those of the window', () => {
    const needs = [
      need('guacd', 'guacd', ['start', 'test']),
      need('gtk', 'libgtk-3-0', ['desktop', 'test']),
      need('nginx', 'nginx-light', ['test']),
    ];
    expect(missingPackages('desktop', needs)).toEqual(['guacd', 'libgtk-3-0']);
    expect(missingPackages('start', needs)).toEqual(['guacd']);
    expect(missingPackages('package', needs)).toEqual([]);
    expect(needsOf('desktop').map(({ name }) => name)).toContain('libnss3.so');
    expect(needsOf('desktop').map(({ name }) => name)).not.toContain('Xvfb');
    expect(needsOf('screen').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['guacd', 'libnss3.so', 'Xvfb', 'dbus-run-session']),
    );
  });

  it('have an Electron among them where the app is run, tested or packed, and nowhere else', () => {
    const groups = ['start', 'desktop', 'screen', 'test', 'bench', 'package'] as const;
    expect(groups.filter(needsElectron)).toEqual(['desktop', 'screen', 'test', 'package']);
  });

  it('of a start are all among those of a test, and leave browser and Prometheus out', () => {
    const start = needsOf('start').map(({ name }) => name);
    expect(start).toContain('guacd');
    expect(start).not.toContain('chromium');
    expect(needsOf('test').map(({ name }) => name)).toEqual(expect.arrayContaining(start));
    expect(NEEDS).toHaveLength(needsOf('test').length);
  });
});

describe('what apt knows', () => {
  it('counts packages with a version, not those without', () => {
    const policy =
      'guacd:\n  Installed: (none)\n  Candidate: (none)\nxterm:\n  Installed: (none)\n  Candidate: 379-1\n';
    expect(countCandidates(policy)).toBe(1);
    expect(countCandidates('')).toBe(0);
  });
});

describe('the system', () => {
  it('is known by its os-release, quoted or not, and by nothing where there is none', () => {
    const read = (text: string) => () => text;
    expect(systemName(read('PRETTY_NAME="Debian 12"\nID=debian\nVERSION_CODENAME="bookworm"\n'))).toEqual({
      id: 'debian',
      codename: 'bookworm',
      name: 'Debian 12',
    });
    const none = systemName(() => {
      throw new Error('no such file');
    });
    expect(none).toEqual({ id: '', codename: '', name: process.platform });
  });

  it('keeps what was fetched in the folder for caches, which may be elsewhere', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/elsewhere' })).toBe('/elsewhere/sallyport');
    expect(cacheFolder({})).toMatch(/\.cache\/sallyport$/);
  });
});

describe('an Electron', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function folderWith(...names: string[]): string {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-electron-'));
    folders.push(folder);
    for (const name of names) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), name.endsWith('path.txt') ? 'electron' : '');
    }
    return folder;
  }

  it('is the one that the person names, else the downloaded one, else the one in the cache', () => {
    const named = folderWith('electron');
    const root = folderWith('node_modules/electron/path.txt', 'node_modules/electron/dist/electron');
    const cache = folderWith('sallyport/electron-22.3.25/electron');
    const empty = folderWith();
    const environment = { XDG_CACHE_HOME: cache };
    expect(findElectron({ ...environment, ELECTRON_OVERRIDE_DIST_PATH: named }, root)).toBe(
      join(named, 'electron'),
    );
    expect(findElectron(environment, root)).toBe(join(root, 'node_modules/electron/dist/electron'));
    expect(findElectron(environment, empty)).toBe(join(cache, 'sallyport/electron-22.3.25/electron'));
    expect(findElectron({ XDG_CACHE_HOME: empty }, empty)).toBeUndefined();
  });
});

describe('a window', () => {
  it('can be shown where a display is named, and always on systems that have one', () => {
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
    expect(hasDisplay({}, 'darwin')).toBe(true);
    expect(hasDisplay({}, 'win32')).toBe(true);
  });

  it('is meant where there is a display and nothing was asked that only the terminal has', () => {
    expect(wantsDesktop({ args: [], display: true })).toBe(true);
    expect(wantsDesktop({ args: ['--practice'], display: true })).toBe(true);
    expect(wantsDesktop({ args: ['--minimised'], display: true })).toBe(true);
    expect(wantsDesktop({ args: [], display: false })).toBe(false);
    for (const arg of ['--headless', '--check', '--authentik-host=https://a.example', 'desktop'])
      expect(wantsDesktop({ args: [arg], display: true }), arg).toBe(false);
  });

  it('says how to get the window where it runs in the terminal unasked, and else nothing', () => {
    for (const args of [[], ['--practice']]) {
      expect(whyTerminal({ args, display: false })).toContain('start it in a desktop session');
      expect(whyTerminal({ args, display: true })).toContain('npm run setup -- --for desktop');
    }
    for (const args of [['--headless'], ['--check'], ['--authentik-host=https://a.example']])
      expect(whyTerminal({ args, display: false }), args[0]).toBeUndefined();
  });

  it('takes the network away only where that can be done', () => {
    const machine = { uid: 0, find: (name: string) => `/bin/${name}`, succeeds: () => true };
    const [unshare, ...inside] = withoutRoute(['node', 'x'], machine);
    expect(unshare).toBe('/bin/unshare');
    expect(inside.slice(0, 4)).toEqual(['-n', '-m', 'sh', '-c']);
    expect(inside[4]).toMatch(/^"\$0" link set lo up && .*\/tmp\/\.X11-unix && exec "\$@"$/);
    expect(inside.slice(5)).toEqual(['/bin/ip', 'node', 'x']);
    for (const less of [{ uid: 1000 }, { find: () => undefined }, { succeeds: () => false }])
      expect(withoutRoute(['node', 'x'], { ...machine, ...less })).toEqual(['node', 'x']);
  });

  it('knows when the app is to check itself, with a screen or without', () => {
    for (const args of [['--check', 'desktop'], ['--check=desktop'], ['--headless', '--check', 'desktop']])
      expect(appCheck(args), args.join(' ')).toEqual({
        name: 'desktop',
        program: 'desktop-check',
        others: [],
      });
    expect(appCheck(['--check=offline', 'files'])).toMatchObject({ name: 'offline', others: ['files'] });
    for (const args of [['--check'], ['--check', 'files'], ['desktop'], ['--check=files'], []])
      expect(appCheck(args), args.join(' ')).toBeUndefined();
  });

  it('keeps Chromium’s sandbox wherever it can have one, and says where it cannot', () => {
    const machine = (files: Record<string, string>, uid = 1000) =>
      sandboxArguments({ platform: 'linux', uid, read: (path: string) => files[path] ?? '' });
    const clone = '/proc/sys/kernel/unprivileged_userns_clone';
    const restricted = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
    expect(machine({})).toEqual({ args: [] });
    expect(machine({ [clone]: '1\n', [restricted]: '0\n' })).toEqual({ args: [] });
    expect(machine({ [clone]: '0\n' })).toMatchObject({ args: ['--no-sandbox'] });
    expect(machine({ [restricted]: '1\n' }).said).toContain('user namespaces are off');
    expect(machine({}, 0)).toMatchObject({ args: ['--no-sandbox'], said: expect.stringContaining('root') });
    expect(sandboxArguments({ platform: 'darwin', uid: 0 })).toEqual({ args: [] });
  });
});

describe('the command that starts the app', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function checkout() {
    const root = mkdtempSync(join(tmpdir(), 'sallyport-start-'));
    folders.push(root);
    for (const name of ['dist/app/main.cjs', 'electron/electron', 'electron/icudtl.dat']) {
      mkdirSync(join(root, name, '..'), { recursive: true });
      writeFileSync(join(root, name), name);
    }
    return { root, electron: join(root, 'electron', 'electron') };
  }

  it('names the app to an Electron that was downloaded', () => {
    const { root, electron } = checkout();
    mkdirSync(join(root, 'electron', 'resources'));
    writeFileSync(join(root, 'electron', 'resources', 'default_app.asar'), '');
    expect(appCommand(electron, root)).toEqual([electron, join(root, 'dist', 'app')]);
  });

  it.runIf(process.platform === 'linux')(
    'lays the app into one that starts only what is inside, and keeps that',
    () => {
      const { root, electron } = checkout();
      const [program = '', ...more] = appCommand(electron, root);
      expect(more).toEqual([]);
      expect(readFileSync(program, 'utf8')).toBe('electron/electron');
      expect(readFileSync(join(root, 'dist/runtime/icudtl.dat'), 'utf8')).toBe('electron/icudtl.dat');
      expect(readFileSync(join(root, 'dist/runtime/resources/app/main.cjs'), 'utf8')).toBe(
        'dist/app/main.cjs',
      );
      writeFileSync(join(root, 'dist/runtime/kept'), '');
      expect(appCommand(electron, root)).toEqual([program]);
      expect(existsSync(join(root, 'dist/runtime/kept'))).toBe(true);
    },
  );
});

describe('npm start', () => {
  const none = { args: [], environment: {}, settings: '' };

  it('is practice where nothing is configured, and hands on what was asked', () => {
    expect(choose(none)).toEqual({ program: 'practice', args: [] });
    expect(choose({ ...none, args: ['--headless'] })).toEqual({ program: 'practice', args: ['--headless'] });
  });

  it('is the outpost where an authentik is named by environment, flag or settings', () => {
    const outpost = { program: 'sallyport', args: ['run'] };
    expect(choose({ ...none, environment: { AUTHENTIK_HOST: 'https://sso.example.org' } })).toEqual(outpost);
    expect(choose({ ...none, args: ['--headless', '--authentik-host=https://a.example'] })).toEqual({
      program: 'sallyport',
      args: ['run', '--authentik-host=https://a.example'],
    });
    for (const settings of [
      { 'authentik.host': 'https://a.example' },
      { settings: { 'authentik.host': { value: 'https://a.example', origin: 'file' } } },
      [{ key: 'authentik.host', value: 'https://a.example' }],
    ]) {
      expect(choose({ ...none, settings: JSON.stringify(settings) })).toEqual(outpost);
    }
  });

  it('is practice where the settings name no authentik or cannot be read', () => {
    for (const settings of [
      '{"authentik.host":null}',
      '[{"key":"authentik.host","value":""}]',
      '{',
      'null',
      '[]',
    ]) {
      expect(choose({ ...none, settings })).toEqual({ program: 'practice', args: [] });
    }
  });

  it('is practice for the check and where it is asked for, whatever is configured', () => {
    const environment = { AUTHENTIK_HOST: 'https://sso.example.org' };
    expect(choose({ ...none, environment, args: ['--practice', '--headless'] })).toEqual({
      program: 'practice',
      args: ['--headless'],
    });
    expect(choose({ ...none, environment, args: ['--check'] })).toEqual({
      program: 'practice',
      args: ['--check'],
    });
  });
});

describe('the suite’s count', () => {
  const good = { passed: 3, failed: 0, skipped: 0 };

  it('is the last line, which names skipped tests only where there are some', () => {
    expect(summary(good)).toBe('3 passed, 0 failed');
    expect(summary(sum([good, { passed: 0, failed: 1, skipped: 2 }]))).toBe('3 passed, 1 failed, 2 skipped');
  });

  it('counts a file that could not be loaded and a failure outside of tests', () => {
    const broken = {
      numPassedTests: 2,
      numFailedTests: 0,
      testResults: [{ status: 'failed', assertionResults: [] }],
    };
    expect(countReport(broken, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 });
    expect(countReport({ numPassedTests: 2, numFailedTests: 0 }, 1)).toEqual({
      passed: 2,
      failed: 1,
      skipped: 0,
    });
    expect(countReport(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('does not count a failed test twice', () => {
    const report = {
      numPassedTests: 1,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }],
    };
    expect(countReport(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 2 });
  });

  it('is good only when something ran, nothing failed, and CI skipped nothing of the lab', () => {
    const checks = countStep(true);
    const nothing = { passed: 0, failed: 0, skipped: 0 };
    const skipping = { passed: 1, failed: 0, skipped: 1 };
    expect(objection({ checks, quick: good, lab: skipping }, false)).toBeUndefined();
    expect(objection({ checks, quick: good, lab: skipping }, true)).toContain('skipped');
    expect(objection({ checks, quick: nothing, lab: nothing }, false)).toBe('No test ran.');
    expect(objection({ checks: countStep(false), quick: good, lab: good }, false)).toBe('1 failed.');
  });
});

describe('the report of a check', () => {
  it('finds the version in what programs say about themselves', () => {
    expect(versionIn('Guacamole proxy daemon (guacd) version 1.3.0\n')).toBe('1.3.0');
    expect(versionIn('XTerm(379)\n')).toBe('379');
    expect(versionIn('OpenSSH_9.2p1 Debian-2+deb12u3')).toBe('9.2p1');
    expect(versionIn('nothing')).toBe('');
  });

  it('says of each thing whether it is there', () => {
    const text = table([
      { name: 'guacd', found: true, version: '1.3.0', note: 'speaks' },
      { name: 'xterm', found: false, version: '', note: 'apt-get install xterm' },
    ]);
    expect(text.split('\n')).toEqual([
      'found    guacd  1.3.0  speaks',
      'MISSING  xterm         apt-get install xterm',
    ]);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../main/core/base/logger.ts';
import { createGuacd } from '../../main/core/guacd/create.ts';
import { startSession } from '../../practice/desktop/session.ts';
import { findProgram } from '../../practice/machines/programs.ts';
import { Practice } from '../../practice/run/practice.ts';
import { wantedFuses } from '../../scripts/package/fuses.mjs';
import { findElectron } from '../../scripts/setup/electron.mjs';
import { Scene } from '../e2e/desktop/scene.ts';
import { archivedFiles } from './package/archive.ts';
import { canBeMade } from './package/debian-root.ts';
import { FreshSystem } from './package/fresh-system.ts';
import { AS_ROOT, type PackagedPage, startPackaged, within } from './package/packaged-app.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const OUTPUT = join(ROOT, 'dist', 'package');
const PACKED = join(OUTPUT, 'linux-unpacked');
const EXECUTABLE = join(PACKED, 'sallyport-desktop');
const ARCHIVE = join(PACKED, 'resources', 'app.asar');
const BUILD_MS = 900_000;

const canPack = process.platform === 'linux' && findElectron() !== undefined;

describe.skipIf(!canPack || findProgram('dpkg-deb') === undefined)('the package', () => {
  let debian: string;

  beforeAll(() => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'scripts', 'package.mjs'), 'deb', '--quick'],
      { encoding: 'utf8', timeout: BUILD_MS, env: { ...process.env, SALLYPORT_QUIET: '1' } },
    );
    expect(`${stdout}${stderr}`).not.toContain('could not be built');
    expect(status).toBe(0);
    const [name] = readdirSync(OUTPUT).filter((file) => file.endsWith('.deb'));
    debian = join(OUTPUT, name ?? 'none');
  }, BUILD_MS);

  describe('as a folder', () => {
    it('has every switch of the runtime set as it should be', async () => {
      const { version, ...wire } = await getCurrentFuseWire(EXECUTABLE);
      const states = new Map(Object.entries(wire).map(([place, state]) => [place, Number(state)]));
      const wanted = Object.entries(wantedFuses('linux')).filter(([place]) => states.has(place));
      expect(version).toBe('1');
      expect(wanted.length).toBeGreaterThanOrEqual(6);
      // As the runtime keeps them: the digits 0 and 1.
      for (const [place, on] of wanted)
        expect(states.get(place), `switch ${place}`).toBe((on ? '1' : '0').charCodeAt(0));
    });

    it('has in its archive what the app is made of, and nothing else', () => {
      const files = archivedFiles(ARCHIVE);
      const expected = [
        /^(main|console-preload|viewer-preload|outpost|practice)\.cjs$/,
        /^(package\.json|licences\.txt)$/,
        /^practice-page\/[a-z]+\.(html|js|css|svg)$/,
        /^renderer\/(console|viewer)\/[\w-]+\.(html|js|css|svg|woff2)$/,
        /^resources\/(icons|tray)\/[\w/-]+\.(png|svg)$/,
      ];
      expect(files.filter((file) => !expected.some((pattern) => pattern.test(file)))).toEqual([]);
      for (const name of ['main.cjs', 'console-preload.cjs', 'outpost.cjs', 'practice.cjs'])
        expect(files).toContain(name);
      for (const page of ['console', 'viewer']) expect(files).toContain(`renderer/${page}/index.html`);
      expect(files.some((file) => file.startsWith('resources/tray/'))).toBe(true);
      expect(readdirSync(join(PACKED, 'resources')).sort()).toEqual(['app.asar', 'cli', 'licences.txt']);
      expect(readdirSync(join(PACKED, 'resources', 'cli')).sort()).toEqual(['outpost.cjs', 'sallyport.cjs']);
    });

    it('holds no key, no test and no path of the machine that built it', () => {
      const bytes = readFileSync(ARCHIVE, 'latin1');
      expect(bytes).not.toMatch(/-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/);
      expect(bytes).not.toContain("from 'vitest'");
      expect(bytes.includes(join(ROOT, 'main'))).toBe(false);
      expect(bytes.includes(`${join(homedir(), '.cache')}/`)).toBe(false);
    });

    it('has the licences of everything that is inside', () => {
      const licences = readFileSync(join(PACKED, 'resources', 'licences.txt'), 'utf8');
      for (const name of ['ws', 'valibot', 'preact', 'uplot', 'i18next', 'pino'])
        expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
      for (const name of ['LICENSE.electron.txt', 'LICENSES.chromium.html'])
        expect(existsSync(join(PACKED, name))).toBe(true);
    });
  });

  describe('on a desktop', () => {
    let scene: Scene;

    beforeAll(async () => {
      scene = await Scene.start({ practice: true });
    });
    afterAll(() => scene?.end());

    /** The answer to a call as the page itself would get it, as JSON. */
    const call = async (page: PackagedPage, name: string) =>
      String(await page.evaluate(`sallyport.call('${name}', {}).then(JSON.stringify)`));

    const untilSays = (page: PackagedPage, what: RegExp) =>
      within(60_000, async () => what.exec(await call(page, 'app/state'))?.[0]);

    it('shows window and tray, reaches authentik with the outpost in its archive, and ends a session from the tray', async () => {
      const app = startPackaged({
        command: [EXECUTABLE],
        args: AS_ROOT,
        environment: scene.place.environment,
      });
      try {
        const page = await app.window();
        await scene.tray.registered();
        await untilSays(page, /"outpost":\{"kind":"own"/);
        await untilSays(page, /"link":\{"kind":"online"/);
        const browser = await scene.openSession();
        await untilSays(page, /"protocol":"ssh"/);
        await scene.tray.untilThere('Sessions (1)');
        await scene.tray.click('End this session');
        await browser.ended;
        await untilSays(page, /"reason":"ended-by-admin"/);
        await scene.tray.click('Stop outpost and quit');
        await app.ended;
      } finally {
        await app.stop();
      }
    });

    it('starts practice out of its archive, and an outpost for it', async () => {
      const app = startPackaged({
        command: [EXECUTABLE],
        args: AS_ROOT,
        environment: {
          ...scene.place.environment,
          AUTHENTIK_HOST: '',
          AUTHENTIK_TOKEN: '',
          SALLYPORT_STATE_DIR: join(scene.place.home, 'first'),
        },
      });
      try {
        const page = await app.window();
        await untilSays(page, /"firstRun":true/);
        expect(await call(page, 'practice/start')).toContain('"ok":true');
        await untilSays(page, /"practice":"running"/);
        await untilSays(page, /"link":\{"kind":"online"/);
        expect(await call(page, 'practice/stop')).toContain('"ok":true');
        await untilSays(page, /"practice":"off"/);
      } finally {
        await app.stop();
      }
    });

    it('runs no script of others, opens no inspector and takes no options of Node’s', async () => {
      const marker = join(scene.place.home, 'marker');
      const script = `require('fs').writeFileSync(${JSON.stringify(marker)}, 'ran')`;
      const app = startPackaged({
        command: [EXECUTABLE],
        args: [...AS_ROOT, '--inspect=0', '-e', script],
        environment: {
          ...scene.place.environment,
          ELECTRON_RUN_AS_NODE: '1',
          NODE_OPTIONS: `--require ${join(scene.place.home, 'evil.cjs')}`,
        },
      });
      try {
        // Neither of the variables kept it from being the app.
        await app.window();
        expect(app.said()).not.toMatch(/Debugger listening|Cannot find module/);
        expect(existsSync(marker)).toBe(false);
      } finally {
        await app.stop();
      }
    });
  });

  describe('for Debian', () => {
    const dpkg = (...args: readonly string[]) =>
      execFileSync('dpkg-deb', [...args, debian], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });

    interface Entry {
      readonly mode: string;
      readonly owner: string;
      readonly path: string;
    }
    const contents = (): Entry[] =>
      dpkg('--contents')
        .trim()
        .split('\n')
        .map((line) => {
          const [mode = '', owner = ''] = line.split(/\s+/);
          return { mode, owner, path: line.replace(/^.*?\s\.\//, '/').replace(/ -> .*$/, '') };
        });

    it('says what it is and what it needs', () => {
      const field = (name: string) =>
        execFileSync('dpkg-deb', ['--field', debian, name], { encoding: 'utf8' }).trim();
      const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
      expect(field('Package')).toBe('sallyport');
      expect(field('Version')).toBe(version);
      expect(field('Architecture')).toBe(
        execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim(),
      );
      for (const name of ['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'nodejs', 'adduser'])
        expect(field('Depends')).toContain(name);
      const installed = Number(field('Installed-Size'));
      expect(installed).toBeGreaterThan(100 * 1024);
      expect(installed).toBeLessThan(400 * 1024);
      expect(statSync(debian).size).toBeLessThan(160 * 1024 * 1024);
    });

    it('belongs to root, is writable by nobody else, and has one helper that is root', () => {
      const entries = contents();
      expect(entries.length).toBeGreaterThan(30);
      expect(entries.filter(({ owner }) => owner !== 'root/root')).toEqual([]);
      const files = entries.filter(({ mode }) => !mode.startsWith('l'));
      expect(files.filter(({ mode }) => mode[5] === 'w' || mode[8] === 'w')).toEqual([]);
      expect(files.filter(({ mode }) => /[sS]/.test(mode)).map(({ path }) => path)).toEqual([
        '/usr/lib/sallyport/chrome-sandbox',
      ]);
      expect(files.filter(({ mode }) => mode.startsWith('d') && mode !== 'drwxr-xr-x')).toEqual([]);
    });

    it('puts things where they belong and nowhere else', () => {
      const paths = contents().map(({ path }) => path);
      const places = [
        '/usr/bin/sallyport',
        '/usr/bin/sallyport-desktop',
        '/usr/lib/sallyport/',
        '/usr/lib/systemd/system/sallyport.service',
        '/usr/share/applications/sallyport.desktop',
        '/usr/share/doc/sallyport/',
        '/usr/share/icons/hicolor/',
      ];
      const others = paths.filter(
        (path) => !path.endsWith('/') && !places.some((place) => path.startsWith(place)),
      );
      expect(others).toEqual([]);
      for (const size of ['16x16', '48x48', '256x256', '512x512'])
        expect(paths).toContain(`/usr/share/icons/hicolor/${size}/apps/sallyport.png`);
    });

    it('starts nothing by itself, and its scripts are good shell', () => {
      const scripts = mkdtempSync(join(tmpdir(), 'sallyport-control-'));
      try {
        execFileSync('dpkg-deb', ['--control', debian, scripts]);
        expect(readdirSync(scripts).sort()).toEqual(['control', 'postinst', 'postrm', 'prerm']);
        for (const name of ['postinst', 'postrm', 'prerm']) {
          execFileSync('sh', ['-n', join(scripts, name)]);
          const text = readFileSync(join(scripts, name), 'utf8');
          expect(text).toMatch(/^#!\/bin\/sh\nset -e\n/);
          expect(text).not.toMatch(/systemctl (start|restart|enable)|deb-systemd-invoke/);
          expect(statSync(join(scripts, name)).mode & 0o777).toBe(0o755);
        }
      } finally {
        rmSync(scripts, { recursive: true, force: true });
      }
    });

    it('has a command, a service and a menu entry that point at what is inside', () => {
      const root = mkdtempSync(join(tmpdir(), 'sallyport-root-'));
      try {
        execFileSync('dpkg-deb', ['--extract', debian, root]);
        const command = join(root, 'usr/bin/sallyport');
        const environment = { PATH: process.env['PATH'], HOME: root };
        const version = execFileSync(command, ['--version'], { encoding: 'utf8', env: environment });
        expect(version.trim()).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
        const doctor = spawnSync(command, ['--state-dir', join(root, 'state'), 'doctor', '--json'], {
          encoding: 'utf8',
          env: environment,
        });
        expect(JSON.parse(doctor.stdout)).toMatchObject({ healthy: false });

        const unit = readFileSync(join(root, 'usr/lib/systemd/system/sallyport.service'), 'utf8');
        const [, started = ''] = /^ExecStart=\/usr\/bin\/node (\S+)$/m.exec(unit) ?? [];
        expect(existsSync(join(root, started))).toBe(true);
        const wanted = ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'PrivateTmp=yes', 'User=sallyport'];
        for (const line of wanted) expect(unit).toContain(line);

        const entry = readFileSync(join(root, 'usr/share/applications/sallyport.desktop'), 'utf8');
        const [, program = ''] = /^Exec=(\S+)/m.exec(entry) ?? [];
        expect(statSync(join(root, program)).mode & 0o111).toBe(0o111);
        expect(entry).toMatch(/^Icon=sallyport$/m);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    });
  });

  describe.skipIf(!canBeMade)('on a fresh Debian', () => {
    const STATE = '/var/lib/sallyport';
    let system: FreshSystem;

    beforeAll(async () => {
      system = await FreshSystem.make();
      const inside = system.take(debian, 'sallyport.deb');
      await system.run(['apt-get', '-q', 'install', '-y', '--no-install-recommends', inside]);
    }, BUILD_MS);
    afterAll(() => system?.end());

    it('is installed with all that it needs, and its service has a user of its own', async () => {
      expect(await system.run(['sallyport', '--version'])).toMatch(/^\d+\.\d+\.\d+/);
      expect(await system.run(['getent', 'passwd', 'sallyport'])).toMatch(
        /:\/var\/lib\/sallyport:.*nologin$/m,
      );
      expect(await system.run(['ldd', '/usr/lib/sallyport/sallyport-desktop'])).not.toContain('not found');
      expect(
        existsSync(join(system.root, 'etc/systemd/system/multi-user.target.wants/sallyport.service')),
      ).toBe(false);
    });

    it('carries a session as the service does, and the doctor finds it well', async () => {
      const base = mkdtempSync(join(tmpdir(), 'sp-fresh-'));
      const practice = await Practice.start({
        base,
        machines: ['ssh'],
        outpost: { command: [process.execPath] },
      });
      // Of this machine: Debian 12 has none.
      const guacd = createGuacd(
        { mode: 'managed', executable: null, resourcesDir: null, stateDir: base },
        silentLogger,
      );
      await guacd.start();
      try {
        const { host, token } = practice.outpost;
        await system.run(['install', '-d', '-o', 'sallyport', '-g', 'sallyport', '-m', '700', STATE]);
        const outpost = system.start(
          ['/usr/bin/node', '/usr/lib/sallyport/resources/cli/outpost.cjs'],
          'sallyport',
          {
            STATE_DIRECTORY: STATE,
            HOME: STATE,
            AUTHENTIK_HOST: host,
            AUTHENTIK_TOKEN: token,
            AUTHENTIK_LISTEN__METRICS: 'off',
            SALLYPORT_GUACD: guacd.state.kind === 'up' ? (guacd.state.instances[0]?.address ?? '') : '',
          },
        );
        outpost.stdout?.resume();
        await within(30_000, () => practice.authentik.online || undefined);
        const command = (...words: string[]) => system.run(['sallyport', '--state-dir', STATE, ...words]);
        expect(JSON.parse(await command('doctor', '--json'))).toMatchObject({ healthy: true });
        const [machine] = practice.machines.machines;
        if (!machine) throw new Error('Practice has no machine.');
        const browser = await practice.authentik.openSession(machine);
        await within(
          30_000,
          async () => /"state":\s*"live"/.test(await command('sessions', '--json')) || undefined,
        );
        browser.kill();
        outpost.kill('SIGTERM');
        await once(outpost, 'close');
        expect(outpost.exitCode).toBe(0);
      } finally {
        await guacd.stop();
        await practice.stop();
        rmSync(base, { recursive: true, force: true });
      }
    });

    it('shows its window to an ordinary person, in Chromium’s sandbox', async () => {
      const session = await startSession();
      await system.run(['useradd', '--create-home', 'person']);
      const app = startPackaged({
        command: system.command(['/usr/bin/sallyport-desktop'], 'person'),
        environment: {
          PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
          HOME: '/home/person',
          DISPLAY: session.display,
          AUTHENTIK_LISTEN__METRICS: 'off',
        },
      });
      try {
        const page = await app.window();
        expect(page.title).toContain('Sallyport');
        expect(app.said()).not.toContain('no-sandbox');
      } finally {
        await app.stop();
        await session.end();
      }
    });

    it('is removed cleanly, and purged with its state', async () => {
      await system.run(['dpkg', '--remove', 'sallyport']);
      expect(existsSync(join(system.root, 'usr/lib/sallyport'))).toBe(false);
      expect(existsSync(join(system.root, 'usr/bin/sallyport'))).toBe(false);
      expect(existsSync(join(system.root, STATE))).toBe(true);
      await system.run(['dpkg', '--purge', 'sallyport']);
      expect(existsSync(join(system.root, STATE))).toBe(false);
    });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { removeTemporaries } from '../../../main/core/base/atomic-file.ts';
import { MIGRATIONS } from '../../../main/core/settings/file-format.ts';
import { SettingsStore } from '../../../main/core/settings/store.ts';
import { folder, refusalOf } from './folder.ts';

const AT = new Date('2026-03-04T05:06:07.089Z');

async function store(content?: string, options: ConstructorParameters<typeof SettingsStore>[1] = {}) {
  const dir = await folder();
  const path = join(dir, 'settings.json');
  if (content !== undefined) await writeFile(path, content);
  return { dir, path, made: new SettingsStore(path, { now: () => AT, ...options }) };
}

const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

describe('the settings file', () => {
  it('that does not exist is empty, and is made by the first change, for its owner alone', async () => {
    const { path, made } = await store();
    await made.load();
    expect(made.values.size).toBe(0);
    await made.set('log.level', 'debug');
    await made.setText('limits.sessions', '7');
    expect(await json(path)).toEqual({
      version: 1,
      settings: { 'log.level': 'debug', 'limits.sessions': 7 },
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const again = new SettingsStore(path);
    await again.load();
    expect([...again.values]).toEqual([
      ['log.level', 'debug'],
      ['limits.sessions', 7],
    ]);
    await again.unset('log.level');
    expect(await json(path)).toEqual({ version: 1, settings: { 'limits.sessions': 7 } });
  });

  it('keeps what this version does not know, wherever it stands, through every change', async () => {
    const text =
      '{"version":1,"settings":{"from.the.future":{"a":[1]},"log.level":7,"__proto__":"x"},"note":"mine","z":null}';
    const { path, made } = await store(text);
    await made.load();
    expect(made.unknownKeys).toEqual(['from.the.future', '__proto__']);
    await made.set('timezone', 'UTC');
    const after = await readFile(path, 'utf8');
    const { settings, ...rest } = JSON.parse(after);
    expect(rest).toEqual({ version: 1, note: 'mine', z: null });
    // A value of the wrong type is nobody's to throw away.
    expect(Object.entries(settings)).toEqual([
      ['from.the.future', { a: [1] }],
      ['log.level', 7],
      ['__proto__', 'x'],
      ['timezone', 'UTC'],
    ]);
  });

  it('takes over what another process has changed meanwhile', async () => {
    const { path, made } = await store();
    const other = new SettingsStore(path);
    await Promise.all([made.load(), other.load()]);
    await made.set('log.level', 'debug');
    await other.set('timezone', 'UTC');
    await Promise.all([made.set('limits.sessions', 3), made.set('log.files', 9)]);
    expect(await json(path)).toEqual({
      version: 1,
      settings: { 'log.level': 'debug', timezone: 'UTC', 'limits.sessions': 3, 'log.files': 9 },
    });
  });

  it.each([
    ['half JSON', '{"version":1,"settings":{"log.level":"de', 'is not valid JSON'],
    ['nothing', '', 'is not valid JSON'],
    ['a list', '[]', 'holds no object'],
    ['a version that is a word', '{"version":"one","settings":{}}', 'has a version that is no number'],
    ['no settings', '{"version":1}', 'has no object named “settings”'],
    ['settings that are a list', '{"version":1,"settings":[]}', 'has no object named “settings”'],
  ])(
    'that is damaged (%s) is kept aside, named, and reported; the defaults hold',
    async (_, text, reason) => {
      const { dir, path, made } = await store(text);
      await made.load();
      expect(made.values.size).toBe(0);
      const [aside = ''] = await readdir(dir);
      expect(aside).toMatch(/^settings\.json\.damaged-20260304T050607089Z-[0-9a-f]{4}$/);
      expect(await readFile(join(dir, aside), 'utf8')).toBe(text);
      expect(made.warnings).toEqual([
        {
          code: 'settings-unreadable',
          message: `${path} ${reason}; it was kept as ${aside}, and the defaults are used in its place.`,
          advice: expect.stringContaining('Repair it'),
        },
      ]);
      await made.set('log.level', 'debug');
      expect(await readdir(dir)).toEqual(['settings.json', aside]);
    },
  );

  it('that another process kept aside is reported until somebody has acted', async () => {
    const { dir, path, made } = await store('{');
    await made.load();
    const [aside = ''] = await readdir(dir);
    const outpost = new SettingsStore(path);
    await outpost.load();
    expect(outpost.warnings.map(({ message }) => message)).toEqual([
      `${path} was damaged and was kept as ${aside}; what that says does not count.`,
    ]);
    await unlink(join(dir, aside));
    await outpost.load();
    expect(outpost.warnings).toEqual([]);
  });

  it('that is damaged while the outpost runs loses nothing that is known', async () => {
    const { dir, path, made } = await store('{"version":1,"settings":{"timezone":"UTC"}}');
    await made.load();
    await writeFile(path, 'garbage');
    await made.set('log.level', 'debug');
    expect(await json(path)).toEqual({ version: 1, settings: { timezone: 'UTC', 'log.level': 'debug' } });
    expect(await readdir(dir)).toHaveLength(2);
    expect(made.warnings).toHaveLength(1);
  });

  it('of a newer version is left alone and refuses every change', async () => {
    const text = '{"version":2,"settings":{"log.level":"x"},"new":true}';
    const { dir, path, made } = await store(text);
    const refusal = await refusalOf(made.load(), 'settings-newer');
    expect(refusal.message).toContain('its version is 2, this one knows up to 1');
    await refusalOf(made.set('log.level', 'debug'), 'settings-newer');
    await refusalOf(made.unset('log.level'), 'settings-newer');
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readdir(dir)).toEqual(['settings.json']);
  });

  it('that was written by hand, dotted or in groups, is taken and migrated by the first change', async () => {
    const text =
      '\ufeff{"log":{"level":"debug"},"limits.sessions":5,"guacd":{"target":"managed","odd":{"deep":{"x":1}}}}';
    const { path, made } = await store(text);
    await made.load();
    expect(Object.fromEntries(made.values)).toEqual({
      'log.level': 'debug',
      'limits.sessions': 5,
      'guacd.target': 'managed',
    });
    expect(await readFile(path, 'utf8')).toBe(text);
    await made.set('timezone', 'UTC');
    expect(await json(path)).toEqual({
      version: 1,
      settings: {
        'log.level': 'debug',
        'limits.sessions': 5,
        'guacd.target': 'managed',
        'guacd.odd.deep': { x: 1 },
        timezone: 'UTC',
      },
    });
  });

  it('goes through every migration on its way, and is written in the newest version', async () => {
    const renamed = (document: Readonly<Record<string, unknown>>) => {
      const { settings } = document;
      const old: unknown =
        typeof settings === 'object' && settings !== null ? Reflect.get(settings, 'zone') : undefined;
      return { ...document, version: 2, settings: { timezone: old } };
    };
    const { path, made } = await store('{"zone":"UTC"}', { migrations: [...MIGRATIONS, renamed] });
    await made.load();
    expect([...made.values]).toEqual([['timezone', 'UTC']]);
    await made.set('log.level', 'info');
    expect(await json(path)).toEqual({ version: 2, settings: { timezone: 'UTC', 'log.level': 'info' } });
  });

  it('is read up to its bound and refused beyond it, unharmed', async () => {
    const text = '{"version":1,"settings":{}}';
    const exact = await store(text, { maxBytes: text.length });
    await exact.made.load();
    const long = await store(`${text} `, { maxBytes: text.length });
    const refusal = await refusalOf(long.made.load(), 'settings-unreadable');
    expect(refusal.message).toContain(`longer than ${text.length} bytes`);
    await refusalOf(long.made.set('log.level', 'debug'), 'settings-unreadable');
    expect(await readFile(long.path, 'utf8')).toBe(`${text} `);
  });

  it('that is a directory is refused in words and stays', async () => {
    const { path, made } = await store();
    await mkdir(path);
    expect((await refusalOf(made.load(), 'settings-unreadable')).message).toContain('is a directory');
  });

  it('takes no secret and nothing that says where it lies itself', async () => {
    const { dir, made } = await store();
    const secret = await refusalOf(made.setText('authentik.token', 'hunter2-hunter2'), 'settings-invalid');
    expect(secret.advice).toContain('sallyport token set');
    expect(`${secret.message}${secret.advice}`).not.toContain('hunter2');
    await refusalOf(made.setText('stateDir', '/elsewhere'), 'settings-invalid');
    expect(await readdir(dir)).toEqual([]);
  });

  it('refuses a value with the field’s name and what would be right, and stays as it is', async () => {
    const { path, made } = await store('{"version":1,"settings":{"log.level":"debug"}}');
    await made.load();
    const refusal = await refusalOf(made.setText('log.level', 'loud', 'log.level'), 'settings-invalid');
    expect(refusal.message).toBe('log.level is "loud".');
    expect(refusal.advice).toBe('Give one of trace, debug, info, warning, error.');
    await refusalOf(made.setText('log.level', '  '), 'settings-invalid');
    await refusalOf(made.setText('trust.caFile', 'relative.pem'), 'settings-invalid');
    expect(await json(path)).toEqual({ version: 1, settings: { 'log.level': 'debug' } });
  });

  it('never has a proxy’s credentials in it', async () => {
    const { dir, made } = await store();
    const refusal = await refusalOf(
      made.setText('proxy.url', 'http://me:hunter2@proxy.example'),
      'settings-invalid',
    );
    expect(`${refusal.message}${refusal.advice}`).not.toContain('hunter2');
    expect(await readdir(dir)).toEqual([]);
  });

  it('that cannot be written refuses the change, and a later one is tried again', async () => {
    const { dir, made } = await store();
    await made.load();
    const blocked = new SettingsStore(join(dir, 'no-such-folder', 'settings.json'));
    await refusalOf(blocked.set('log.level', 'debug'), 'file-unwritable');
    await mkdir(join(dir, 'no-such-folder'));
    await blocked.set('log.level', 'debug');
    expect(blocked.values.get('log.level')).toBe('debug');
  });
});

const WRITER = `
  import { SettingsStore } from './main/core/settings/store.ts';
  const store = new SettingsStore(process.argv[2]);
  const values = ['UTC', 'Europe/Berlin', 'America/Argentina/ComodRivadavia'];
  (async () => {
    await store.load();
    for (let turn = 0; ; turn += 1) {
      await store.set('timezone', values[turn % values.length]);
      if (turn === 0) process.stdout.write('writing');
    }
  })();
`;

describe('a process that is killed while it writes the settings', () => {
  it('leaves the old or the new file, whole, and nothing that the next start does not clear', async () => {
    const dir = await folder();
    const state = join(dir, 'state');
    await mkdir(state);
    const program = join(dir, 'writer.cjs');
    await build({
      stdin: { contents: WRITER, resolveDir: resolve(import.meta.dirname, '../../..'), loader: 'ts' },
      bundle: true,
      platform: 'node',
      target: 'node16.17',
      format: 'cjs',
      outfile: program,
      logLevel: 'silent',
    });
    const path = join(state, 'settings.json');
    for (let round = 0; round < 8; round += 1) {
      const child: ChildProcess = spawn(process.execPath, [program, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      if (child.stdout) await once(child.stdout, 'data');
      await new Promise((done) => setTimeout(done, 3 + round * 4));
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      const store = new SettingsStore(path);
      await store.load();
      expect(store.warnings).toEqual([]);
      expect(['UTC', 'Europe/Berlin', 'America/Argentina/ComodRivadavia']).toContain(
        store.values.get('timezone'),
      );
    }
    await removeTemporaries(state);
    expect(await readdir(state)).toEqual(['settings.json']);
  });
});

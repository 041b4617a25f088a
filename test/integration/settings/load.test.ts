import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { originText, resolveSettings } from '../../../main/core/settings/effective.ts';
import { type LoadOptions, loadSettings } from '../../../main/core/settings/load.ts';
import { SETTING, SETTING_KEYS } from '../../../main/core/settings/table.ts';
import { TokenStore } from '../../../main/core/settings/vault.ts';
import { folder, HOST } from './folder.ts';

const TOKEN = 'Zx9-token-that-nobody-may-see-0123456789';

async function load(options: Partial<LoadOptions> & { readonly file?: unknown; readonly dir?: string } = {}) {
  const dir = options.dir ?? (await folder());
  if (options.file !== undefined) {
    const text =
      typeof options.file === 'string'
        ? options.file
        : JSON.stringify({ version: 1, settings: options.file });
    await writeFile(join(dir, 'settings.json'), text);
  }
  const env = { SALLYPORT_STATE_DIR: dir, ...options.env };
  const loaded = await loadSettings({ flags: {}, host: HOST, ...options, env });
  return { dir, ...loaded };
}

const messages = (failures: readonly { readonly message: string }[]) =>
  failures.map(({ message }) => message);

describe('what holds', () => {
  it('is the flag, else the environment, else the file, else the default, and each tells where it is from', async () => {
    const file = { 'log.level': 'error', timezone: 'UTC', 'limits.sessions': 3 };
    const env = { AUTHENTIK_LOG_LEVEL: 'warning', SALLYPORT_TIMEZONE: 'Europe/Berlin' };
    const { settings, problems, dir } = await load({ file, env, flags: { logLevel: 'debug' } });
    expect(problems).toEqual([]);
    const rows = settings.explain();
    const shown = (key: string) => {
      const row = rows.find((one) => one.key === key);
      return row && [row.value, originText(row.origin)];
    };
    expect(shown('log.level')).toEqual(['debug', 'flag: --log-level']);
    expect(shown('timezone')).toEqual(['Europe/Berlin', 'environment: SALLYPORT_TIMEZONE']);
    expect(shown('limits.sessions')).toEqual(['3', 'file: settings.json']);
    expect(shown('limits.setupSeconds')).toEqual(['20', 'default']);
    expect(shown('metrics.listen')).toEqual(['127.0.0.1:9300', 'default']);
    expect(shown('guacd.target')).toEqual(['managed', 'default']);
    expect(shown('stateDir')).toEqual([dir, 'environment: SALLYPORT_STATE_DIR']);
    expect(settings.get('limits.instructionBytes')).toBe(16 * 1024 * 1024);
  });

  it('comes in that order for every setting there is', async () => {
    // One good text for each kind of setting, other than its default.
    const samples = [
      'https://other.example/',
      'true',
      '/a/path',
      'ab'.repeat(32),
      'http://proxy.example:3128',
      'guacd.example:4822',
      '127.0.0.1:1234',
      'error',
      '100 MiB',
      '7',
      'UTC',
      'host',
      'false',
      '1 MiB',
      'always',
      'a-token-of-some-length',
    ];
    for (const key of SETTING_KEYS) {
      const text = samples.find((sample) => {
        try {
          SETTING[key].fromText(sample, { name: key, source: 'environment' });
          return true;
        } catch {
          return false;
        }
      });
      if (text === undefined) throw new Error(`no sample for ${key}`);
      const flag = new Map([[key, { text, origin: { kind: 'flag' as const, name: 'F' } }]]);
      const environment = new Map([[key, { text, origin: { kind: 'environment' as const, name: 'E' } }]]);
      const none = { flags: new Map(), environment: new Map(), file: new Map(), fileName: 'f', known: {} };
      const origin = (sources: object) => resolveSettings({ ...none, ...sources }).settings.origin(key).kind;
      expect([key, origin({ flags: flag, environment }), origin({ environment }), origin({})]).toEqual([
        key,
        'flag',
        'environment',
        'default',
      ]);
    }
  });

  it('is what the next source says where one cannot be read, and both mistakes are told', async () => {
    const { settings, problems, warnings } = await load({
      flags: { logLevel: 'loud' },
      env: { AUTHENTIK_LOG_LEVEL: 'warning', SALLYPORT_GUACD: 'nowhere' },
      file: {
        timezone: 'Mars/Olympus',
        'limits.sessions': 'many',
        'guacd.target': 'guacd.lan:4822',
        from_the_future: 1,
      },
    });
    expect(settings.get('log.level')).toBe('warning');
    expect(settings.get('timezone')).toBeNull();
    expect(settings.get('guacd.target')).toMatchObject({ kind: 'external' });
    expect(messages(problems)).toEqual([
      'SALLYPORT_GUACD has "nowhere" without a port.',
      '--log-level is "loud".',
    ]);
    expect(messages(warnings)).toEqual([
      'limits.sessions in settings.json is "many".',
      'timezone in settings.json is "Mars/Olympus".',
      'settings.json has "from_the_future", which this version does not know; it is kept.',
    ]);
  });

  it('does not hang or crash on any file whatever, and writes nothing of its own accord', async () => {
    const dir = await folder();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify({ version: 1, settings: value })),
        ),
        async (text) => {
          const { settings } = await load({ dir, file: text });
          expect(settings.explain().length).toBeGreaterThan(20);
          for (const name of await readdir(dir)) {
            if (!name.startsWith('settings.json')) throw new Error(`${name} was made`);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the state directory', () => {
  it('is made for its owner alone, and cleared of what a killed process left', async () => {
    const dir = join(await folder(), 'a', 'state');
    const { problems, warnings } = await load({ dir });
    expect([...problems, ...warnings]).toEqual([]);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    await writeFile(join(dir, '.settings.json.999999999.0123456789ab.tmp'), 'half');
    await load({ dir });
    expect(await readdir(dir)).toEqual([]);
  });

  it('is touched by nobody who only looks', async () => {
    const dir = join(await folder(), 'state');
    await load({ dir, prepare: false });
    await expect(stat(dir)).rejects.toThrow();
  });

  it('that others may enter is warned about, one that cannot be made is a problem', async () => {
    const dir = await folder();
    await chmod(dir, 0o755);
    expect(messages((await load({ dir })).warnings)).toEqual([
      `${dir} can be entered by other users of this host.`,
    ]);
    await writeFile(join(dir, 'file'), '');
    const { problems, settings } = await load({ dir: join(dir, 'file', 'state') });
    expect(problems[0]?.code).toBe('file-unwritable');
    expect(settings.get('log.level')).toBe('info');
  });
});

describe('the token', () => {
  it('is taken from its store where nobody gives it, and never shown', async () => {
    const dir = await folder();
    await new TokenStore(dir).write(new Secret(TOKEN));
    const kept = await load({ dir });
    expect(kept.settings.get('authentik.token')?.reveal()).toBe(TOKEN);
    const row = kept.settings.explain().find(({ key }) => key === 'authentik.token');
    expect(row).toMatchObject({ value: '***', origin: { kind: 'file', name: 'token.enc' } });
    const given = await load({ dir, env: { AUTHENTIK_TOKEN: 'another-token-0123456789' } });
    expect(given.settings.get('authentik.token')?.reveal()).toBe('another-token-0123456789');
    expect(given.settings.origin('authentik.token')).toEqual({
      kind: 'environment',
      name: 'AUTHENTIK_TOKEN',
    });
    expect(JSON.stringify([kept.settings.explain(), kept.problems, kept.warnings])).not.toContain(TOKEN);
  });

  it('that cannot be decrypted is a problem in words, unless another one outranks it', async () => {
    const dir = await folder();
    await new TokenStore(dir).write(new Secret(TOKEN));
    await writeFile(join(dir, 'key'), Buffer.alloc(32, 7));
    const { problems, settings } = await load({ dir });
    expect(problems).toMatchObject([
      { code: 'token-unreadable', message: expect.stringContaining('cannot be decrypted with the key in') },
    ]);
    expect(settings.get('authentik.token')).toBeNull();
    expect((await load({ dir, env: { AUTHENTIK_TOKEN: 'another-token-0123456789' } })).problems).toEqual([]);
  });

  it('is decrypted with a key that was handed in', async () => {
    const dir = await folder();
    const keyFile = join(await folder(), 'key.hex');
    await writeFile(keyFile, 'ab'.repeat(32), { mode: 0o600 });
    await new TokenStore(dir, { keyFile }).write(new Secret(TOKEN));
    expect(
      (await load({ dir, env: { SALLYPORT_KEY_FILE: keyFile } })).settings.get('authentik.token')?.reveal(),
    ).toBe(TOKEN);
    expect((await load({ dir, flags: { keyFile } })).settings.get('authentik.token')?.reveal()).toBe(TOKEN);
    expect((await load({ dir, file: { keyFile } })).settings.get('authentik.token')?.reveal()).toBe(TOKEN);
    expect(await readdir(dir)).not.toContain('key');
  });

  it('in the settings file is not used, and told without being repeated', async () => {
    const { settings, warnings, dir } = await load({ file: { 'authentik.token': TOKEN } });
    expect(settings.get('authentik.token')).toBeNull();
    expect(warnings).toMatchObject([{ message: expect.stringContaining('is a secret') }]);
    expect(JSON.stringify(warnings)).not.toContain(TOKEN);
    expect(await readFile(join(dir, 'settings.json'), 'utf8')).toContain(TOKEN);
  });
});

describe('settings that are right one by one', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a client key alone', { SALLYPORT_CLIENT_KEY: '/key.pem' }, 'but no certificate'],
    [
      'TLS with a managed guacd',
      { SALLYPORT_GUACD_TLS: 'true' },
      'a guacd that is started here is spoken to on loopback',
    ],
    [
      'guacd’s authority without TLS',
      { SALLYPORT_GUACD: '10.0.0.1:4822', SALLYPORT_GUACD_CA_FILE: '/ca.pem' },
      'guacd is not spoken to in TLS',
    ],
    ['metrics for everyone', { AUTHENTIK_LISTEN__METRICS: '0.0.0.0:9300' }, 'without a password'],
    ['metrics on a name', { AUTHENTIK_LISTEN__METRICS: 'jump.example:9300' }, 'jump.example:9300'],
  ])('and do not fit each other are warned about: %s', async (_, env, words) => {
    const { warnings, problems } = await load({ env });
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toContain(words);
    expect(warnings[0]?.advice).toBeDefined();
  });

  it.each<Record<string, string>>([
    { AUTHENTIK_LISTEN__METRICS: '127.1.2.3:9300' },
    { AUTHENTIK_LISTEN__METRICS: '[::1]:9300' },
    { AUTHENTIK_LISTEN__METRICS: 'off' },
    { SALLYPORT_GUACD: '10.0.0.1:4822', SALLYPORT_GUACD_TLS: 'true', SALLYPORT_GUACD_CA_FILE: '/ca.pem' },
    { SALLYPORT_CLIENT_CERTIFICATE: '/c.pem', SALLYPORT_CLIENT_KEY: '/key.pem' },
  ])('and fit are not: %o', async (env) => {
    expect((await load({ env })).warnings).toEqual([]);
  });
});

it('a damaged settings file is reported by every start until somebody has acted', async () => {
  const dir = await folder();
  // A command of a moment, which looks and moves it aside.
  await load({ dir, file: '{', prepare: false });
  const { warnings, problems } = await load({ dir });
  expect(problems).toEqual([]);
  expect(messages(warnings)).toEqual([
    expect.stringContaining('was damaged and was kept as settings.json.damaged-'),
  ]);
});

it('a settings file of a newer version keeps the outpost from starting, and stays', async () => {
  const { problems, dir } = await load({ file: '{"version":99,"settings":{}}' });
  expect(problems).toMatchObject([
    { code: 'settings-newer', advice: expect.stringContaining('Update Sallyport') },
  ]);
  expect(await readdir(dir)).toEqual(['settings.json']);
});

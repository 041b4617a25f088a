import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { decodeHandedInKey, HandedInKey, KEY_VARIABLE } from '../../../main/core/settings/handed-in-key.ts';
import { loadSettings } from '../../../main/core/settings/load.ts';
import { TokenStore } from '../../../main/core/settings/vault.ts';
import { folder, refusalOf } from './folder.ts';

const TOKEN = 'Zx9-token-that-nobody-may-see-0123456789';
const KEY = randomBytes(32);
const OTHER = randomBytes(32);
const secret = new Secret(TOKEN);

/** The token as a process that starts with this key, or with none, finds it; null where it cannot. */
async function readWith(dir: string, key: Buffer | null): Promise<string | null> {
  const store = new TokenStore(dir, { handedIn: new HandedInKey(key) });
  return store.read().then(
    (token) => token?.reveal() ?? null,
    () => null,
  );
}

async function keptWith(
  key: Buffer | null,
): Promise<{ dir: string; store: TokenStore; handedIn: HandedInKey }> {
  const dir = await folder();
  const handedIn = new HandedInKey(key);
  const store = new TokenStore(dir, { handedIn });
  await store.write(secret);
  return { dir, store, handedIn };
}

describe('a key that was handed in', () => {
  it('encrypts the token, and no key file is made', async () => {
    const { dir, store } = await keptWith(KEY);
    expect(await readdir(dir)).toEqual(['token.enc']);
    expect((await store.read())?.reveal()).toBe(TOKEN);
    expect(await readFile(store.path, 'utf8')).not.toContain(TOKEN);
  });

  it('is asked for in words where a process has it not, or has another', async () => {
    const { dir } = await keptWith(KEY);
    const without = await refusalOf(new TokenStore(dir).read(), 'token-unreadable');
    expect(without.message).toContain('a key that the desktop app keeps and hands in');
    const other = new TokenStore(dir, { handedIn: new HandedInKey(OTHER) });
    expect((await refusalOf(other.read(), 'token-unreadable')).message).toContain(
      'the key that was handed in',
    );
  });

  it('is taken out of the environment, whatever it is, and never shown', () => {
    const good: NodeJS.ProcessEnv = { [KEY_VARIABLE]: KEY.toString('base64'), PATH: '/bin' };
    expect(HandedInKey.take(good).current).toEqual(KEY);
    expect(good).toEqual({ PATH: '/bin' });
    const text = randomBytes(31).toString('base64');
    const bad: NodeJS.ProcessEnv = { [KEY_VARIABLE]: text };
    const taken = HandedInKey.take(bad);
    expect(bad).toEqual({});
    expect(taken.current).toBeNull();
    expect(taken.problem).toMatchObject({ code: 'settings-invalid' });
    expect(JSON.stringify(taken)).not.toContain(text);
    expect(HandedInKey.take({}).problem).toBeNull();
  });

  it.each(['', 'x', KEY.toString('hex'), `${KEY.toString('base64')}\n`, randomBytes(33).toString('base64')])(
    'must be 32 bytes as base64: %j is refused',
    (text) => {
      expect(() => decodeHandedInKey(text, 'The key')).toThrow('The key is no key.');
    },
  );

  it('that is none keeps the outpost from starting', async () => {
    const handedIn = HandedInKey.take({ [KEY_VARIABLE]: 'short' });
    const { problems } = await loadSettings({ flags: { stateDir: await folder() }, env: {}, handedIn });
    expect(problems.map(({ message }) => message)).toContain('SALLYPORT_KEY is no key.');
  });
});

describe('a change of the key', () => {
  it('takes the key file away once it is not needed, and makes one again on the way back', async () => {
    const { dir, store, handedIn } = await keptWith(null);
    await store.rekey(KEY);
    expect(await readdir(dir)).toEqual(['token.enc']);
    expect(handedIn.current).toEqual(KEY);
    expect((await store.read())?.reveal()).toBe(TOKEN);
    expect(await readWith(dir, null)).toBeNull();
    await store.rekey(OTHER);
    expect(await readWith(dir, KEY)).toBeNull();
    expect(await readWith(dir, OTHER)).toBe(TOKEN);
    await store.rekey(null);
    expect((await readdir(dir)).sort()).toEqual(['key', 'token.enc']);
    expect((await stat(store.keyPath)).mode & 0o777).toBe(0o600);
    expect(handedIn.current).toBeNull();
    expect(await readWith(dir, null)).toBe(TOKEN);
  });

  it('changes what is encrypted from now on where no token is kept', async () => {
    const dir = await folder();
    const store = new TokenStore(dir);
    await store.rekey(KEY);
    await store.write(secret);
    expect(await readdir(dir)).toEqual(['token.enc']);
    expect(await readWith(dir, KEY)).toBe(TOKEN);
  });

  it('is refused where the token cannot be read, and the key stays', async () => {
    const { store, handedIn } = await keptWith(null);
    await writeFile(store.path, 'damaged');
    await refusalOf(store.rekey(KEY), 'token-unreadable');
    expect(handedIn.current).toBeNull();
    expect(await readFile(store.path, 'utf8')).toBe('damaged');
  });

  it('leaves a key file that was named alone', async () => {
    const dir = await folder();
    const keyFile = join(await folder(), 'own-key');
    await writeFile(keyFile, OTHER);
    const store = new TokenStore(dir, { keyFile });
    await store.write(secret);
    await store.rekey(KEY);
    expect(await readFile(keyFile)).toEqual(OTHER);
    await store.rekey(null);
    expect(await readdir(dir)).toEqual(['token.enc']);
    expect((await new TokenStore(dir, { keyFile }).read())?.reveal()).toBe(TOKEN);
  });

  it('and a new token at the same time keep the new token, in either order', async () => {
    const { dir, store } = await keptWith(null);
    await Promise.all([store.rekey(KEY), store.write(new Secret('newer'))]);
    expect(await readWith(dir, KEY)).toBe('newer');
    await Promise.all([store.write(new Secret('newest')), store.rekey(OTHER)]);
    expect(await readWith(dir, OTHER)).toBe('newest');
  });

  it('that was cut short is brought to its end at the next start', async () => {
    const { dir } = await keptWith(null);
    const handedIn = new HandedInKey(KEY);
    const { settings } = await loadSettings({ flags: { stateDir: dir }, env: {}, handedIn });
    expect(settings.get('authentik.token')?.reveal()).toBe(TOKEN);
    expect((await readdir(dir)).sort()).toEqual(['token.enc']);
    expect(await readWith(dir, KEY)).toBe(TOKEN);
    expect(await readWith(dir, null)).toBeNull();
  });
});

describe('a process that is killed while it changes the key', () => {
  let built: string;
  let program: string;

  beforeAll(async () => {
    built = await mkdtemp(join(tmpdir(), 'sp-rekey-'));
    program = join(built, 'rekey.cjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'rekey-child.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
    });
  });

  afterAll(() => rm(built, { recursive: true, force: true }));

  const base64 = (key: Buffer | null) => key?.toString('base64') ?? '';

  it.each([
    { name: 'a key file to a handed-in key', from: null, to: KEY },
    { name: 'a handed-in key to a key file', from: KEY, to: null },
    { name: 'one handed-in key to another', from: KEY, to: OTHER },
  ])('from $name leaves the token to the old or the new key, wherever it was', async ({ from, to }) => {
    let killed = 0;
    for (let killAt = 0; ; killAt += 1) {
      if (killAt > 40) throw new Error('it never came to its end');
      const { dir } = await keptWith(from);
      const { signal, status, stderr } = spawnSync(
        process.execPath,
        [program, dir, base64(from), base64(to), String(killAt)],
        { encoding: 'utf8' },
      );
      expect(stderr).toBe('');
      const [old, next] = [await readWith(dir, from), await readWith(dir, to)];
      expect([old, next], `killed before step ${killAt + 1}`).toContain(TOKEN);
      if (signal === null) {
        expect(status).toBe(0);
        expect(next).toBe(TOKEN);
        break;
      }
      killed += 1;
    }
    expect(killed).toBeGreaterThan(3);
  });
});

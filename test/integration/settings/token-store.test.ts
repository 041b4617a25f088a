import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { seal } from '../../../main/core/settings/envelope.ts';
import { TokenStore } from '../../../main/core/settings/vault.ts';
import { readOrMakeKey } from '../../../main/core/settings/vault-key.ts';
import { folder, refusalOf } from './folder.ts';

const TOKEN = 'Zx9-token-that-nobody-may-see-0123456789';
const secret = new Secret(TOKEN);

/** Every byte of every file in a folder. */
async function everything(dir: string): Promise<string> {
  const names = await readdir(dir);
  return (await Promise.all(names.map((name) => readFile(join(dir, name), 'latin1')))).join('\n');
}

async function kept() {
  const dir = await folder();
  const store = new TokenStore(dir);
  await store.write(secret);
  return { dir, store };
}

describe('the token’s file', () => {
  it('gives the token back, holds it in clear nowhere, and is its owner’s alone, as is the key', async () => {
    const { dir, store } = await kept();
    expect((await store.read())?.reveal()).toBe(TOKEN);
    expect((await readdir(dir)).sort()).toEqual(['key', 'token.enc']);
    const clear = [
      TOKEN,
      Buffer.from(TOKEN).toString('base64').slice(0, -2),
      Buffer.from(TOKEN).toString('hex'),
    ];
    for (const spelling of clear) expect(await everything(dir)).not.toContain(spelling);
    for (const name of ['key', 'token.enc']) expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
    expect(await store.warnings()).toEqual([]);
  });

  it('is encrypted anew each time, with the same key', async () => {
    const { dir, store } = await kept();
    const [key, first] = [await readFile(store.keyPath), await readFile(store.path, 'utf8')];
    await store.write(secret);
    expect(await readFile(store.path, 'utf8')).not.toBe(first);
    expect(await readFile(store.keyPath)).toEqual(key);
    await store.write(new Secret('another one'));
    expect((await new TokenStore(dir).read())?.reveal()).toBe('another one');
  });

  it('is empty where none is kept, and after it was removed; the key stays', async () => {
    const { dir, store } = await kept();
    await store.remove();
    await store.remove();
    expect(await store.read()).toBeNull();
    expect(await readdir(dir)).toEqual(['key']);
    expect(await new TokenStore(await folder()).read()).toBeNull();
  });

  it('says with a wrong key that one of the two was changed, and changes nothing', async () => {
    const { dir, store } = await kept();
    const before = await readFile(store.path);
    await writeFile(store.keyPath, Buffer.alloc(32, 1));
    const refusal = await refusalOf(store.read(), 'token-unreadable');
    expect(refusal.message).toBe(
      `${store.path} cannot be decrypted with the key in ${store.keyPath}: one of them was replaced or changed.`,
    );
    expect(refusal.advice).toContain('sallyport token set');
    expect(await readFile(store.path)).toEqual(before);
    expect((await readdir(dir)).sort()).toEqual(['key', 'token.enc']);
  });

  it('is refused in words for a key that is missing, too short, or no key', async () => {
    const { store } = await kept();
    for (const key of ['', 'too short', 'ab'.repeat(31), 'zz'.repeat(32), 'x'.repeat(2_000)]) {
      await writeFile(store.keyPath, key);
      const refusal = await refusalOf(store.read(), 'token-unreadable');
      expect(refusal.message).toContain(store.keyPath);
      await refusalOf(store.write(secret), 'token-unreadable');
    }
    const { dir, store: other } = await kept();
    await rm(join(dir, 'key'));
    expect((await refusalOf(other.read(), 'token-unreadable')).message).toBe(
      `The key file ${other.keyPath} is missing.`,
    );
  });

  it('is refused when any one part of it was changed', async () => {
    const { store } = await kept();
    const envelope: Record<string, unknown> = JSON.parse(await readFile(store.path, 'utf8'));
    const other = Buffer.alloc(16, 9).toString('base64');
    const changes: Record<string, unknown>[] = [
      { data: other },
      { tag: other },
      { nonce: Buffer.alloc(12, 9).toString('base64') },
      { tag: '' },
      { nonce: 'AAAA' },
      { data: 'not base64!' },
      { algorithm: 'none' },
      { version: 2 },
      { version: '1' },
      { data: null },
    ];
    for (const change of changes) {
      await writeFile(store.path, JSON.stringify({ ...envelope, ...change }));
      await refusalOf(store.read(), 'token-unreadable');
    }
    for (const text of ['', 'null', '[]', '{', TOKEN, 'x'.repeat(70_000)]) {
      await writeFile(store.path, text);
      const refusal = await refusalOf(store.read(), 'token-unreadable');
      expect(`${refusal.message}${refusal.advice}`).not.toContain(TOKEN);
    }
    // And it can be kept anew.
    await store.write(secret);
    expect((await store.read())?.reveal()).toBe(TOKEN);
  });

  it('of another purpose cannot be passed off as the token', async () => {
    const { store } = await kept();
    const key = await readFile(store.keyPath);
    await writeFile(store.path, seal(secret, key, 'recording'));
    await refusalOf(store.read(), 'token-unreadable');
  });

  it('takes a key that is handed in, as bytes, hex or base64, and makes none', async () => {
    const key = Buffer.alloc(32, 0xa7);
    for (const content of [
      key,
      `${key.toString('hex')}\n`,
      key.toString('base64'),
      key.toString('base64url'),
    ]) {
      const dir = await folder();
      const keyFile = join(await folder(), 'handed-in');
      const store = new TokenStore(dir, { keyFile });
      const refusal = await refusalOf(store.write(secret), 'token-unreadable');
      expect(refusal.advice).toContain('SALLYPORT_KEY_FILE');
      await writeFile(keyFile, content);
      await store.write(secret);
      await writeFile(keyFile, key);
      expect((await store.read())?.reveal()).toBe(TOKEN);
      expect(await readdir(dir)).toEqual(['token.enc']);
    }
  });

  it('gets one key from several that make it at the same moment, and all of them can read it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const dir = await folder();
      const keys = await Promise.all(Array.from({ length: 6 }, () => readOrMakeKey(join(dir, 'key'))));
      expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
      await Promise.all(Array.from({ length: 3 }, () => new TokenStore(dir).write(secret)));
      expect((await new TokenStore(dir).read())?.reveal()).toBe(TOKEN);
      expect((await readdir(dir)).sort()).toEqual(['key', 'token.enc']);
    }
  });

  it('is warned about where others may read it or its key', async () => {
    const { store } = await kept();
    await chmod(store.keyPath, 0o640);
    await chmod(store.path, 0o604);
    expect((await store.warnings()).map(({ message }) => message)).toEqual([
      `${store.keyPath} can be accessed by other users of this host.`,
      `${store.path} can be accessed by other users of this host.`,
    ]);
  });

  it('that cannot be written leaves the old one as it was', async () => {
    const { dir, store } = await kept();
    const keyFile = store.keyPath;
    const nowhere = new TokenStore(join(dir, 'none'), { keyFile });
    await refusalOf(nowhere.write(secret), 'file-unwritable');
    await mkdir(join(dir, 'none'));
    await mkdir(join(dir, 'none', 'token.enc'));
    await refusalOf(nowhere.write(secret), 'file-unwritable');
    expect(await readdir(join(dir, 'none'))).toEqual(['token.enc']);
  });
});

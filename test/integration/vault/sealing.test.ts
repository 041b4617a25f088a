import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { Vault } from '../../../main/core/offline/vault/vault.ts';
import { folder } from '../settings/folder.ts';

const MINUTES = { minutes: () => 5 };

async function made(): Promise<{ dir: string; vault: Vault }> {
  const dir = await folder();
  const vault = await Vault.open(join(dir, 'vault'), MINUTES);
  await vault.create({ kind: 'key-file', path: join(dir, 'the.key') });
  return { dir, vault };
}

describe('what the vault seals', () => {
  it('is sealed while it is locked, and opened only while it is not', async () => {
    const { vault } = await made();
    vault.lock('asked');
    const content = randomBytes(32);
    const named = vault.sealKey(content, 'recording 1');
    expect(JSON.stringify(named)).not.toContain(content.toString('base64'));
    expect(() => vault.openSealedKey(named, 'recording 1')).toThrow('The vault is locked.');
    await vault.unlock({ kind: 'key-file' });
    expect(vault.openSealedKey(named, 'recording 1')).toEqual(content);
  });

  it('is for one use and one vault, and shows a change', async () => {
    const { vault } = await made();
    const named = vault.sealKey(randomBytes(32), 'recording 1');
    expect(() => vault.openSealedKey(named, 'recording 2')).toThrow('another vault');
    const changed = { ...named, key: `${named.key.startsWith('A') ? 'B' : 'A'}${named.key.slice(1)}` };
    expect(() => vault.openSealedKey(changed, 'recording 1')).toThrow('another vault');
    for (const odd of [null, {}, { ...named, ephemeral: 'A'.repeat(43) }, { ...named, key: '' }])
      expect(() => vault.openSealedKey(odd, 'recording 1')).toThrow('another vault');
    const { vault: other } = await made();
    expect(() => other.openSealedKey(named, 'recording 1')).toThrow('another vault');
  });

  it('stays open to a vault whose passphrase was changed', async () => {
    const { vault } = await made();
    const content = randomBytes(32);
    const named = vault.sealKey(content, 'recording 1');
    const next = { kind: 'passphrase', passphrase: new Secret('seven quiet herons') } as const;
    await vault.change({ kind: 'key-file' }, next);
    expect(vault.openSealedKey(named, 'recording 1')).toEqual(content);
  });

  it('needs a vault, and one that an older Sallyport made to be unlocked once', async () => {
    const none = await Vault.open(join(await folder(), 'vault'), MINUTES);
    expect(() => none.sealKey(randomBytes(32), 'x')).toThrow('There is no vault yet.');
    const { dir, vault } = await made();
    const { sealing: _, ...old } = JSON.parse(await readFile(vault.path, 'utf8'));
    await writeFile(vault.path, JSON.stringify(old));
    const again = await Vault.open(join(dir, 'vault'), MINUTES);
    expect(() => again.sealKey(randomBytes(32), 'x')).toThrow('made before it could seal');
    await again.unlock({ kind: 'key-file' });
    again.sealKey(randomBytes(32), 'x');
    expect(again.warnings).toEqual([]);
    expect(JSON.parse(await readFile(vault.path, 'utf8')).sealing.publicKey).toMatch(/^[\w-]{43}$/);
  });

  it('is not for a key that somebody has put in the place of the vault’s own, once it is unlocked', async () => {
    const { dir, vault } = await made();
    const { vault: theirs } = await made();
    const file = JSON.parse(await readFile(vault.path, 'utf8'));
    const foreign = JSON.parse(await readFile(theirs.path, 'utf8')).sealing.publicKey;
    file.sealing.publicKey = foreign;
    await writeFile(vault.path, JSON.stringify(file));
    const again = await Vault.open(join(dir, 'vault'), MINUTES);
    await again.unlock({ kind: 'key-file' });
    expect(again.warnings).toMatchObject([{ message: expect.stringContaining('had been changed') }]);
    expect(JSON.parse(await readFile(vault.path, 'utf8')).sealing.publicKey).not.toBe(foreign);
  });
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Keychain } from '../../../main/desktop/keychain.ts';
import { VaultKeyFile } from '../../../main/desktop/vault-key-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-vault-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Turns the bytes round: enough to see that what lies on the disk is not the key. */
const turned = (key: Buffer) => Buffer.from([...key].reverse());
const keychain = (kind: Keychain['kind'] = 'real'): Keychain => ({
  kind,
  wrap: (key) => ({ version: 1, kind: 'keychain', wrapped: turned(key).toString('base64') }),
  unwrap: ({ wrapped }) => turned(Buffer.from(wrapped, 'base64')),
});

describe('the key of a vault in the system’s keychain', () => {
  it('is made at random, read again, and forgotten', async () => {
    const file = new VaultKeyFile(folder, '/run/one.sock', keychain());
    const key = await file.make();
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(await new VaultKeyFile(folder, '/run/one.sock', keychain()).read()).toBe(key);
    const [name = ''] = await readdir(folder);
    expect(await readFile(join(folder, name), 'utf8')).not.toContain(key);
    await file.forget();
    expect(await readdir(folder)).toEqual([]);
    await expect(file.read()).rejects.toMatchObject({ code: 'vault-unreadable' });
  });

  it('stays beside a new one: its vault may come back', async () => {
    const file = new VaultKeyFile(folder, '/run/one.sock', keychain());
    const old = await file.make();
    const before = await readdir(folder);
    const young = await file.make();
    expect(await file.read()).toBe(young);
    const [aside = ''] = (await readdir(folder)).filter((name) => !before.includes(name));
    expect(await readFile(join(folder, aside), 'utf8')).toContain(
      turned(Buffer.from(old, 'base64')).toString('base64'),
    );
    await file.forget();
    expect(await readdir(folder)).toEqual([aside]);
  });

  it('is another for another outpost, such as practice’s', async () => {
    const [one, other] = [
      new VaultKeyFile(folder, 'a', keychain()),
      new VaultKeyFile(folder, 'b', keychain()),
    ];
    const [key, another] = [await one.make(), await other.make()];
    expect(key).not.toBe(another);
    expect(await one.read()).toBe(key);
  });

  it('is not made where the keychain protects nothing, and one that is damaged is told in words', async () => {
    for (const kind of ['basic', 'missing'] as const)
      await expect(new VaultKeyFile(folder, 'a', keychain(kind)).make()).rejects.toMatchObject({
        code: 'settings-invalid',
      });
    expect(await readdir(folder)).toEqual([]);
    const shut: Keychain = {
      ...keychain(),
      unwrap: () => {
        throw new Error('shut');
      },
    };
    await new VaultKeyFile(folder, 'a', keychain()).make();
    await expect(new VaultKeyFile(folder, 'a', shut).read()).rejects.toMatchObject({
      code: 'vault-unreadable',
    });
  });
});

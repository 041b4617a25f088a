import { randomBytes } from 'node:crypto';
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { Vault, type VaultEvent } from '../../../main/core/offline/vault/vault.ts';
import { folder, refusalOf } from '../settings/folder.ts';

const PASSPHRASE = new Secret('seven quiet herons');
const PASSWORD = 'Pw-that-nobody-may-see-42';
const member = (uid: number) => ({ uid, name: `user ${uid}` });
const WITH = { kind: 'passphrase', passphrase: PASSPHRASE } as const;
const MINUTES = { minutes: () => 5 };

const draft = (name: string, password = PASSWORD) => ({
  name,
  user: 'alice',
  domain: '',
  password: new Secret(password),
});

/** A vault whose key is in a file: opened without the half second that scrypt takes. */
async function quick(now?: () => number): Promise<{ dir: string; vault: Vault; keyFile: string }> {
  const dir = await folder();
  const keyFile = join(dir, 'the.key');
  const vault = await Vault.open(join(dir, 'vault'), { ...MINUTES, ...(now && { now }) });
  await vault.create({ kind: 'key-file', path: keyFile });
  return { dir, vault, keyFile };
}

describe('a vault', () => {
  it('keeps credentials that only its passphrase opens, and shows no secret', async () => {
    const dir = await folder();
    const vault = await Vault.open(dir, MINUTES);
    expect(vault.state).toEqual({ kind: 'none' });
    await refusalOf(vault.unlock(WITH), 'vault-missing');
    await vault.create(WITH);
    const kept = await vault.put(null, draft('web'));
    expect(kept).toMatchObject({ name: 'web', user: 'alice', hasPassword: true, hasPrivateKey: false });
    expect(JSON.stringify([kept, vault.credentials, vault.state])).not.toContain(PASSWORD);
    const text = await readFile(vault.path, 'utf8');
    for (const hidden of ['alice', PASSWORD, PASSPHRASE.reveal()]) expect(text).not.toContain(hidden);
    expect(JSON.parse(text).lock).toMatchObject({ kind: 'passphrase', scrypt: { N: 131_072, r: 8, p: 1 } });
    expect((await stat(vault.path)).mode & 0o777).toBe(0o600);

    const again = await Vault.open(dir, MINUTES);
    expect(again.state).toEqual({ kind: 'locked', protection: 'passphrase' });
    expect(() => again.credentials).toThrow('The vault is locked.');
    await refusalOf(again.revealCredential(kept.id), 'vault-locked');
    await refusalOf(
      again.unlock({ kind: 'passphrase', passphrase: new Secret('seven quiet heron') }),
      'vault-refused',
    );
    // The next one comes too soon, were it the right one.
    const soon = await refusalOf(again.unlock(WITH), 'vault-refused');
    expect(soon.message).toMatch(/wrong 1 time; the next try has to wait for 1 s/);
    await expect
      .poll(
        () =>
          again.unlock(WITH).then(
            () => again.state.kind,
            () => 'refused',
          ),
        { timeout: 30_000, interval: 300 },
      )
      .toBe('unlocked');
    expect((await again.revealCredential(kept.id))?.password?.reveal()).toBe(PASSWORD);
  });

  it('is locked after its time, whatever the clock says, and on demand', async () => {
    let now = 1_000_000;
    const { vault } = await quick(() => now);
    const events: VaultEvent[] = [];
    vault.onEvent((event) => events.push(event));
    expect(vault.state).toMatchObject({ kind: 'unlocked', until: now + 5 * 60_000 });
    now += 5 * 60_000 - 1;
    expect(vault.isUnlocked).toBe(true);
    now += 1;
    expect(vault.isUnlocked).toBe(false);
    now -= 60_000;
    expect(vault.isUnlocked).toBe(false);
    await vault.unlock({ kind: 'key-file' });
    vault.lock('screen');
    vault.lock('sleep');
    expect(events).toEqual([
      { kind: 'locked', because: 'time' },
      { kind: 'unlocked', member: null },
      { kind: 'locked', because: 'screen' },
    ]);
  });

  it('that is locked while it is being opened stays locked', async () => {
    const { vault } = await quick();
    vault.lock('asked');
    const opening = vault.unlock({ kind: 'key-file' });
    // Under way, and not over: no file is read before the loop has turned.
    await Promise.resolve();
    vault.lock('screen');
    await refusalOf(opening, 'vault-locked');
    expect(vault.state.kind).toBe('locked');
  });

  it('leaves secrets that were not given as they are, and takes away those given as null', async () => {
    const { vault } = await quick();
    const { id } = await vault.put(null, draft('web'));
    await vault.put(id, { name: 'web 2', user: 'bob', domain: 'CORP' });
    expect(vault.credentials).toMatchObject([{ id, name: 'web 2', user: 'bob', domain: 'CORP' }]);
    expect((await vault.revealCredential(id))?.password?.reveal()).toBe(PASSWORD);
    await vault.put(id, { name: 'web 2', user: 'bob', domain: '', password: null });
    expect(await vault.revealCredential(id)).toEqual({ user: 'bob' });
    await vault.remove(id);
    expect(vault.credentials).toEqual([]);
    await refusalOf(vault.remove(id), 'credential-not-found');
  });

  it('refuses what is no credential in a sentence', async () => {
    const { vault } = await quick();
    const says = async (part: object) =>
      (await refusalOf(vault.put(null, { ...draft('web'), ...part }), 'request-invalid')).message;
    expect(await says({ name: ' ' })).toBe('The credential has no name.');
    expect(await says({ name: 'a\nb' })).toContain('control character');
    expect(await says({ user: '', password: null })).toBe('The credential holds nothing.');
    expect(await says({ password: new Secret('x'.repeat(4097)) })).toBe(
      'The password is longer than 4096 characters.',
    );
    await vault.put(null, { ...draft('web'), password: new Secret('x'.repeat(4096)) });
    expect(await says({ privateKey: new Secret('hello') })).toBe('That is no private key.');
  });

  it('is kept by one change after the other', async () => {
    const { vault, dir } = await quick();
    await Promise.all(Array.from({ length: 10 }, (_, at) => vault.put(null, draft(`web ${at}`))));
    expect(vault.credentials).toHaveLength(10);
    await vault.close();
    const again = await Vault.open(join(dir, 'vault'), MINUTES);
    await again.unlock({ kind: 'key-file' });
    expect(again.credentials.map(({ name }) => name)).toContain('web 9');
  });
});

describe('what a vault is opened with', () => {
  it('may be a key file, whose loss is told in words', async () => {
    const { vault, keyFile } = await quick();
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    vault.lock('asked');
    const key = await readFile(keyFile);
    await rm(keyFile);
    expect((await refusalOf(vault.unlock({ kind: 'key-file' }), 'vault-unreadable')).message).toBe(
      `The key file ${keyFile} is missing.`,
    );
    await writeFile(keyFile, randomBytes(32));
    expect((await refusalOf(vault.unlock({ kind: 'key-file' }), 'vault-unreadable')).message).toContain(
      'is not the key of this vault',
    );
    await writeFile(keyFile, 'short');
    await refusalOf(vault.unlock({ kind: 'key-file' }), 'vault-unreadable');
    await writeFile(keyFile, key);
    await vault.unlock({ kind: 'key-file' });
    expect(vault.isUnlocked).toBe(true);
  });

  it('may be a key out of the system’s keychain, and nothing else then', async () => {
    const dir = await folder();
    const key = randomBytes(32);
    const vault = await Vault.open(dir, MINUTES);
    await vault.create({ kind: 'keychain', key });
    vault.lock('asked');
    await refusalOf(vault.unlock({ kind: 'keychain', key: randomBytes(32) }), 'vault-unreadable');
    await refusalOf(vault.unlock(WITH), 'vault-refused');
    await vault.unlock({ kind: 'keychain', key });
    expect(vault.isUnlocked).toBe(true);
  });

  it('is changed with the old one in hand, and opens nothing after', async () => {
    const { vault, dir } = await quick();
    const { id } = await vault.put(null, draft('web'));
    const before = await readFile(vault.path, 'utf8');
    await refusalOf(
      vault.change({ kind: 'key-file' }, { kind: 'passphrase', passphrase: new Secret('short') }),
      'request-invalid',
    );
    expect(await readFile(vault.path, 'utf8')).toBe(before);
    await vault.change({ kind: 'key-file' }, WITH);
    expect(vault.state).toMatchObject({ kind: 'unlocked', protection: 'passphrase' });
    expect((await vault.revealCredential(id))?.password?.reveal()).toBe(PASSWORD);
    const again = await Vault.open(join(dir, 'vault'), MINUTES);
    await refusalOf(again.unlock({ kind: 'key-file' }), 'vault-refused');
    await again.unlock(WITH);
    expect((await again.revealCredential(id))?.password?.reveal()).toBe(PASSWORD);
    // Encrypted anew, with another key: nothing of the old file is in it.
    const [old, now] = [JSON.parse(before), JSON.parse(await readFile(vault.path, 'utf8'))];
    expect(now.credentials[0].secrets).not.toBe(old.credentials[0].secrets);
  });

  it('keeps many at once in one write, or none of them', async () => {
    const dir = await folder();
    const vault = await Vault.open(dir, MINUTES);
    await vault.create(WITH);
    let told = 0;
    vault.onChange(() => {
      told += 1;
    });
    const named = (at: number) => ({
      name: `machine ${at}`,
      fields: { user: 'root', password: new Secret(`${PASSWORD} ${at}`) },
    });
    const many = Array.from({ length: 500 }, (_, at) => named(at));
    const ids = (await vault.keepCredentials(many)).map(({ id }) => id);
    expect(told).toBe(1);
    expect((await vault.revealCredential(ids[499] ?? ''))?.password?.reveal()).toBe(`${PASSWORD} 499`);
    const wrong = { name: 'wrong', fields: { privateKey: new Secret('no key') } };
    await expect(vault.keepCredentials([named(1), wrong])).rejects.toMatchObject({
      code: 'request-invalid',
    });
    expect(vault.credentials).toHaveLength(500);
    // The very same ones are there already; what differs in anything is another.
    const again = await vault.keepCredentials([named(1), { ...named(1), name: 'other' }, named(2)]);
    expect(again.map(({ isNew }) => isNew)).toEqual([false, true, false]);
    expect([again[0]?.id, again[2]?.id]).toEqual([ids[1], ids[2]]);
    await vault.forgetCredentials([...ids.slice(1), again[1]?.id ?? '']);
    expect(vault.credentials.map(({ id }) => id)).toEqual([ids[0]]);
  });

  it('makes nobody wait for what another has guessed, also after a restart', async () => {
    const dir = await folder();
    const options = { ...MINUTES, now: () => 1_000_000 };
    const vault = await Vault.open(dir, options);
    await vault.create(WITH);
    const wrong = { kind: 'passphrase', passphrase: new Secret('seven quiet heron') } as const;
    const events: unknown[] = [];
    vault.onEvent((event) => events.push(event));
    await refusalOf(vault.unlock(wrong, member(1000)), 'vault-refused');
    expect((await refusalOf(vault.unlock(WITH, member(1000)), 'vault-refused')).message).toContain(
      'wait for 1 s',
    );
    await vault.unlock(WITH);
    vault.lock('asked');
    await vault.unlock(WITH, member(1001));
    expect(events).toEqual([
      { kind: 'refused', member: 'user 1000' },
      { kind: 'locked', because: 'asked' },
      { kind: 'unlocked', member: 'user 1001' },
    ]);
    const again = await Vault.open(dir, options);
    expect((await refusalOf(again.unlock(WITH, member(1000)), 'vault-refused')).message).toContain(
      'wait for 1 s',
    );
    await again.unlock(WITH);
  });

  it('may not be guessed faster after a restart, and a clock set back locks nobody out', async () => {
    const dir = await folder();
    let now = 1_000_000;
    const options = { ...MINUTES, now: () => now };
    const vault = await Vault.open(dir, options);
    await vault.create(WITH);
    vault.lock('asked');
    await writeFile(join(dir, 'attempts.json'), JSON.stringify({ failed: 7, at: now }));
    const again = await Vault.open(dir, options);
    expect((await refusalOf(again.unlock(WITH), 'vault-refused')).message).toContain('wait for 64 s');
    now -= 500_000;
    expect((await refusalOf(again.unlock(WITH), 'vault-refused')).message).toContain('wait for 64 s');
    now += 64_000;
    await again.unlock(WITH);
    // And forgotten once it was right.
    expect(JSON.parse(await readFile(join(dir, 'attempts.json'), 'utf8')).failed).toBe(0);
    await writeFile(join(dir, 'attempts.json'), JSON.stringify({ failed: 1_000, at: now }));
    const later = await Vault.open(dir, options);
    expect((await refusalOf(later.unlock(WITH), 'vault-refused')).message).toContain('wait for 300 s');
    await writeFile(join(dir, 'attempts.json'), 'damaged');
    await (await Vault.open(dir, options)).unlock(WITH);
  });
});

describe('a vault’s file', () => {
  it('that is damaged is kept aside and told, and a new one can be made', async () => {
    const { vault, dir } = await quick();
    await vault.close();
    const good = await readFile(vault.path, 'utf8');
    for (const text of ['', '{', good.slice(0, -20), good.replace(/"nonce": "./, '"nonce": "*')]) {
      const copy = await folder();
      await writeFile(join(copy, 'vault.json'), text);
      const damaged = await Vault.open(copy, MINUTES);
      expect(damaged.state).toEqual({ kind: 'none' });
      expect(damaged.warnings).toMatchObject([{ code: 'vault-unreadable' }]);
      const aside = (await readdir(copy)).find((name) => name.startsWith('vault.json.damaged-'));
      expect(await readFile(join(copy, aside ?? ''), 'utf8')).toBe(text);
      await damaged.create({ kind: 'key-file', path: join(copy, 'k') });
    }
    expect((await Vault.open(join(dir, 'vault'), MINUTES)).warnings).toEqual([]);
  });

  it('of a newer version is left alone', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'vault.json'), '{"version": 2}');
    const vault = await Vault.open(dir, MINUTES);
    expect(vault.warnings[0]?.message).toContain('newer Sallyport');
    await refusalOf(vault.create(WITH), 'vault-unreadable');
    expect(await readFile(vault.path, 'utf8')).toBe('{"version": 2}');
  });

  it('with a credential that was swapped for another’s loses that one alone', async () => {
    const { vault, dir } = await quick();
    const [one, two] = [await vault.put(null, draft('one')), await vault.put(null, draft('two', 'other'))];
    await vault.close();
    const file = JSON.parse(await readFile(vault.path, 'utf8'));
    file.credentials[0].secrets = file.credentials[1].secrets;
    await writeFile(vault.path, JSON.stringify(file));
    const again = await Vault.open(join(dir, 'vault'), MINUTES);
    await again.unlock({ kind: 'key-file' });
    await refusalOf(again.revealCredential(one.id), 'vault-unreadable');
    expect((await again.revealCredential(two.id))?.password?.reveal()).toBe('other');
    // A new key would lose it for good.
    expect((await refusalOf(again.change({ kind: 'key-file' }, WITH), 'vault-unreadable')).message).toContain(
      'one is damaged',
    );
    await again.remove(one.id);
    expect(again.credentials.map(({ name }) => name)).toEqual(['two']);
  });

  it('of another vault does not take its credentials', async () => {
    const { vault, dir } = await quick();
    await vault.put(null, draft('web'));
    await vault.close();
    const other = await folder();
    await cp(join(dir, 'vault'), other, { recursive: true });
    const file = JSON.parse(await readFile(join(other, 'vault.json'), 'utf8'));
    file.id = '00000000-0000-4000-8000-000000000000';
    await writeFile(join(other, 'vault.json'), JSON.stringify(file));
    const again = await Vault.open(other, MINUTES);
    await refusalOf(again.unlock({ kind: 'key-file' }), 'vault-unreadable');
  });
});

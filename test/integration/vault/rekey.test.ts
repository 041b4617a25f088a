import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import type { Opener } from '../../../main/core/offline/vault/protection.ts';
import { Vault } from '../../../main/core/offline/vault/vault.ts';

const NEW = 'the new passphrase';
const PASSWORD = 'Pw-that-must-survive';

let built: string;
let before: string;

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'sp-vault-'));
  before = join(built, 'before');
  await build({
    entryPoints: [join(import.meta.dirname, 'rekey-child.ts')],
    outfile: join(built, 'rekey.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  const vault = await Vault.open(before, { minutes: () => 5 });
  await vault.create({ kind: 'key-file', path: join(built, 'key') });
  await vault.keepCredentials([{ name: 'web', fields: { password: new Secret(PASSWORD) } }]);
  await vault.close();
});

afterAll(() => rm(built, { recursive: true, force: true }));

/** The password in the vault; null where that does not open it. */
async function behind(folder: string, opener: Opener): Promise<string | null> {
  // Looked at in a copy: a wrong guess must not slow the next one down.
  const copy = `${folder}-seen`;
  await rm(copy, { recursive: true, force: true });
  await cp(folder, copy, { recursive: true });
  const vault = await Vault.open(copy, { minutes: () => 5 });
  expect(vault.warnings).toEqual([]);
  try {
    await vault.unlock(opener);
  } catch {
    return null;
  }
  const [credential] = vault.credentials;
  return (await vault.revealCredential(credential?.id ?? ''))?.password?.reveal() ?? null;
}

it('a process that is killed while it changes the key leaves all behind the old or the new one', async () => {
  const old = await readFile(join(before, 'vault.json'));
  expect(await behind(before, { kind: 'key-file' })).toBe(PASSWORD);
  let killed = 0;
  for (let killAt = 0; ; killAt += 1) {
    if (killAt > 40) throw new Error('it never came to its end');
    const folder = join(built, `run-${killAt}`);
    await cp(before, folder, { recursive: true });
    const { signal, status, stderr } = spawnSync(
      process.execPath,
      [join(built, 'rekey.cjs'), folder, NEW, String(killAt)],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    // The very bytes that the key file opens, or something that the new one does.
    const isNew = !(await readFile(join(folder, 'vault.json'))).equals(old);
    if (isNew)
      expect(
        await behind(folder, { kind: 'passphrase', passphrase: new Secret(NEW) }),
        `killed before step ${killAt + 1}`,
      ).toBe(PASSWORD);
    if (signal === null) {
      expect(status).toBe(0);
      expect(isNew).toBe(true);
      // Nothing of it lies about once somebody has opened it again.
      await Vault.open(folder, { minutes: () => 5 });
      expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      break;
    }
    killed += 1;
  }
  expect(killed).toBeGreaterThan(3);
}, 120_000);

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../main/cli/program.ts';
import { connectControl } from '../../../main/control/client.ts';
import { Bench } from '../control/outpost-fixture.ts';
import { type TerminalOptions, terminal } from './terminal.ts';

const PASSPHRASE = 'seven quiet herons ';
const PASSWORD = 'Pw-that-nobody-may-see-42';

let bench: Bench;
let files: string;
beforeEach(async () => {
  bench = await new Bench().listen();
  files = mkdtempSync(join(tmpdir(), 'sp-vault-'));
});
afterEach(async () => {
  await bench.end();
  rmSync(files, { recursive: true, force: true });
});

async function run(argv: readonly string[], options: TerminalOptions = {}) {
  const io = terminal(options);
  const code = await runCli(['vault', ...argv], io, {
    connect: () => connectControl(bench.path),
    local: () => Promise.reject(new Error('nothing local here')),
    run: async () => 0,
  });
  return { code, out: io.out(), err: io.err() };
}

describe('sallyport vault', () => {
  it('is made, locked and opened with a passphrase that is typed unseen', async () => {
    expect((await run(['status'])).out).toBe('There is no vault.\n');
    const typed = { tty: true, keys: true };
    const differs = await run(['create'], { ...typed, input: [`${PASSPHRASE}\r`, 'another one\r'] });
    expect(differs).toMatchObject({ code: 2 });
    expect(differs.err).toContain('The two passphrases are not the same.');
    const made = await run(['create'], { ...typed, input: [`${PASSPHRASE}\r`, `${PASSPHRASE}\r`] });
    expect(made).toMatchObject({ code: 0, out: 'The vault is there, and unlocked.\n' });
    expect(made.out + made.err + differs.err).not.toContain('herons');
    expect((await run(['lock'])).out).toBe('The vault is locked; a passphrase opens it.\n');
    expect((await run(['credentials', 'list'])).err).toContain('The vault is locked.');
    // From a pipe; blanks belong to it.
    expect((await run(['unlock'], { input: [`${PASSPHRASE}\n`] })).out).toMatch(
      /^The vault is unlocked; it locks itself in \d/,
    );
    expect(JSON.parse((await run(['status', '--json'])).out)).toMatchObject({ kind: 'unlocked' });
    const wrong = await run(['unlock'], { input: [`${PASSPHRASE.trim()}\n`] });
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.err).toContain('That is not the passphrase of the vault.');
  });

  it('takes credentials out of files and standard input, lists them, and changes what opens it', async () => {
    const keyPath = join(files, 'vault.key');
    await run(['create', '--by', 'key-file', '--path', keyPath]);
    const file = join(files, 'password');
    writeFileSync(file, `${PASSWORD}\n`);
    const added = await run(['credentials', 'add', 'web', '--user', 'alice', '--password-file', file]);
    expect(added).toMatchObject({ code: 0, out: '“web” is kept.\n' });
    await run(['credentials', 'add', 'win', '-u', 'bob', '--domain', 'CORP', '--password'], {
      input: ['other\n'],
    });
    const list = await run(['credentials', 'list']);
    expect(list.out).toMatch(/web +alice +password/);
    expect(list.out).toContain('CORP\\bob');
    const [web] = JSON.parse((await run(['credentials', 'list', '--json'])).out);
    const kept = await bench.local.vault.revealCredential(web.id);
    expect(kept?.password?.reveal()).toBe(PASSWORD);
    const bad = join(files, 'key.ppk');
    writeFileSync(bad, 'PuTTY-User-Key-File-3: ssh-ed25519\n');
    const refused = await run(['credentials', 'add', 'putty', '--private-key', bad]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toContain('puttygen key.ppk');
    expect((await run(['change'], { input: ['a new passphrase\n'] })).out).toContain('encrypted anew');
    expect((await run(['credentials', 'remove', 'nobody'])).code).toBe(5);
    expect((await run(['credentials', 'remove', 'web'])).out).toBe('“web” is removed.\n');
    await run(['lock']);
    expect((await run(['unlock'], { input: ['a new passphrase\n'] })).code).toBe(0);
    expect(list.out + added.out).not.toContain(PASSWORD);
  });
});

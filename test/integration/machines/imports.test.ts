import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { AddressBook } from '../../../main/core/offline/machines/address-book.ts';
import { exportPlain, exportSealed } from '../../../main/core/offline/machines/export.ts';
import { IMPORT_LIMITS } from '../../../main/core/offline/machines/import-types.ts';
import { Imports } from '../../../main/core/offline/machines/imports.ts';
import { EMPTY_DRAFT } from '../../../main/core/offline/machines/machine.ts';
import { FakeVault } from '../control/machines-fixture.ts';

let folder: string;
let book: AddressBook;
let vault: FakeVault;
let imports: Imports;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sp-imports-'));
  book = await AddressBook.open(folder);
  vault = new FakeVault();
  imports = new Imports(book, vault);
});
afterEach(() => {
  imports.end();
  rmSync(folder, { recursive: true, force: true });
});

function upload(name: string, text: string | Buffer, id: string | null = null): string {
  return imports.upload({ import: id, name, format: null, data: Buffer.from(text), begins: true });
}

const CSV = 'host,protocol,user,password\na,ssh,ann,first secret\nb,ssh,bob,second secret\n';
const PASSPHRASE = new Secret('correct horse battery');

describe('an import', () => {
  it('of several files in pieces is looked at, then made, and its secrets are in the vault alone', async () => {
    const id = upload('a.csv', CSV.slice(0, 20));
    imports.upload({
      import: id,
      name: 'a.csv',
      format: null,
      data: Buffer.from(CSV.slice(20)),
      begins: false,
    });
    upload('b.rdp', 'full address:s:c', id);
    const preview = await imports.preview(id, null);
    expect(preview.rows.map(({ action, host, secret }) => [action, host, secret])).toEqual([
      ['add', 'a', 'kept'],
      ['add', 'b', 'kept'],
      ['add', 'c', null],
    ]);
    expect(book.machines).toEqual([]);
    const [, second] = preview.rows;
    const result = await imports.apply(id, [second?.key ?? '']);
    expect(result).toEqual({ added: 2, changed: 0, skipped: 1, credentials: 1, failure: null });
    expect(book.machines.map(({ host, credential }) => [host, credential])).toEqual([
      ['a', 'credential-1'],
      ['c', null],
    ]);
    expect(vault.plain).toEqual([{ name: 'a', user: 'ann', password: 'first secret' }]);
    const onDisk = [...readdirSync(folder, { recursive: true })]
      .map((name) => join(folder, String(name)))
      .filter((path) => path.endsWith('jsonl'))
      .map((path) => readFileSync(path, 'utf8'))
      .join();
    expect(onDisk).not.toContain('secret');
    // Once.
    await expect(imports.apply(id, [])).rejects.toMatchObject({ code: 'request-invalid' });
  });

  it('is not made where the book changed after the look', async () => {
    const id = upload('a.csv', CSV);
    await imports.preview(id, null);
    await book.put({ id: null, draft: { ...EMPTY_DRAFT, name: 'x', host: 'a' } });
    await expect(imports.apply(id, [])).rejects.toThrow('has changed since you looked');
    const again = await imports.preview(id, null);
    expect(again.rows.map(({ action }) => action)).toEqual(['add', 'change']);
    await imports.apply(id, []);
    expect(book.machines).toHaveLength(2);
  });

  it('changes nothing where the book changes while its secrets are kept', async () => {
    const id = upload('a.csv', CSV);
    await imports.preview(id, null);
    const keep = vault.keepCredentials.bind(vault);
    vault.keepCredentials = async (many) => {
      const ids = await keep(many);
      await book.put({ id: null, draft: { ...EMPTY_DRAFT, name: 'another', host: 'another' } });
      return ids;
    };
    await expect(imports.apply(id, [])).rejects.toThrow('has changed since you looked');
    expect(book.machines.map(({ name }) => name)).toEqual(['another']);
    expect(vault.kept.size).toBe(0);
  });

  it('keeps the machines where the vault is locked in between, and says so', async () => {
    const id = upload('a.csv', CSV);
    await imports.preview(id, null);
    vault.isUnlocked = false;
    const result = await imports.apply(id, []);
    expect(result).toMatchObject({ added: 2, credentials: 0, failure: { message: 'The vault is locked.' } });
    expect(book.machines.every(({ credential }) => credential === null)).toBe(true);
  });

  it('executes nothing and opens no other file, whatever it says', async () => {
    const marker = join(folder, 'executed');
    const other = join(folder, 'other.conf');
    writeFileSync(other, 'Host from-another-file\n  HostName 10.0.0.99\n');
    const touch = `touch ${marker}`;
    const config = [
      `Include ${other}`,
      `Include "|${touch}"`,
      `Match exec "${touch}"`,
      '  User matched',
      'Host web $(nothing)',
      `  HostName \`${touch}\``,
      'Host web2',
      `  HostName $(${touch})`,
      'Host web3',
      '  HostName 10.0.0.7',
      `  ProxyCommand ${touch}`,
      '  PermitLocalCommand yes',
      `  LocalCommand ${touch}`,
      `  KnownHostsCommand /bin/sh -c "${touch}"`,
      `  IdentityFile $(${touch})`,
      `  IdentityAgent "|${touch}"`,
      `  PKCS11Provider ${other}`,
      `  Match host web exec "${touch}"`,
    ].join('\n');
    const id = upload('config', config);
    upload('a.rdp', `full address:s:$(${touch})\nalternate shell:s:${touch}\nfull address:s:10.0.0.8`, id);
    upload(
      'a.csv',
      `name,host,protocol\n=cmd|' /C ${touch}'!A0,10.0.0.9,ssh\n$(${touch}),10.0.0.10,ssh\n`,
      id,
    );
    upload('a.json', JSON.stringify([{ name: `;${touch}`, host: '10.0.0.11', protocol: 'ssh' }]), id);
    const { rows } = await imports.preview(id, null);
    await imports.apply(id, []);
    expect(readdirSync(folder)).not.toContain('executed');
    expect(book.machines.map(({ host }) => host).sort()).toEqual([
      '10.0.0.10',
      '10.0.0.11',
      '10.0.0.7',
      '10.0.0.8',
      '10.0.0.9',
    ]);
    expect(book.machines.find(({ host }) => host === '10.0.0.7')?.parameters).toEqual({});
    expect(JSON.stringify(rows)).not.toContain('10.0.0.99');
  });

  it('is bounded in bytes, files and imports that wait', async () => {
    const half = Buffer.alloc(IMPORT_LIMITS.bytes / 2);
    const id = upload('a', half);
    upload('b', half, id);
    expect(() => upload('c', Buffer.alloc(1), id)).toThrow('more than 16 MiB');
    await expect(imports.preview(id, null)).rejects.toThrow('no longer there');
    const many = upload('0', '');
    for (let at = 1; at < IMPORT_LIMITS.files; at += 1) upload(String(at), '', many);
    expect(() => upload('one more', '', many)).toThrow('more than 2000 files');
    const ids = Array.from({ length: 5 }, () => upload('a.csv', CSV));
    await expect(imports.preview(ids[0] ?? '', null)).rejects.toThrow('no longer there');
    expect((await imports.preview(ids[1] ?? '', null)).rows).toHaveLength(2);
  });

  it('of a file with 20 000 lines lets other work have its turn', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, at) => `m${at},10.${at >> 16}.${(at >> 8) & 255}.${at & 255},ssh`,
    );
    const id = upload('big.csv', `name,host,protocol\n${lines.join('\n')}\n`);
    let turns = 0;
    const count = setInterval(() => {
      turns += 1;
    }, 1);
    const { rows } = await imports.preview(id, null);
    clearInterval(count);
    expect(rows.filter(({ action }) => action === 'add')).toHaveLength(20_000);
    expect(turns).toBeGreaterThan(10);
  });
});

describe('an export', () => {
  async function filled() {
    const id = upload('a.csv', CSV);
    await imports.preview(id, null);
    await imports.apply(id, []);
    await book.put({
      id: null,
      draft: { ...EMPTY_DRAFT, name: 'plain', host: 'p', parameters: { 'font-size': '9' } },
    });
  }

  it('without secrets has none, and comes back as what it was', async () => {
    await filled();
    const { text, machines } = exportPlain(book.machines, new Date(0));
    expect(machines).toBe(3);
    expect(text).not.toMatch(/secret|credential/);
    const other = await AddressBook.open(join(folder, 'other'));
    const there = new Imports(other, vault);
    const id = there.upload({
      import: null,
      name: 'm.json',
      format: null,
      data: Buffer.from(text),
      begins: true,
    });
    await there.preview(id, null);
    await there.apply(id, []);
    there.end();
    const bare = ({ name, host, parameters, user }: (typeof book.machines)[number]) => ({
      name,
      host,
      parameters,
      user,
    });
    expect(other.machines.map(bare)).toEqual(book.machines.map(bare));
    // And to where it came from, nothing is new.
    const same = upload('m.json', text);
    expect((await imports.preview(same, null)).rows.every(({ action }) => action === 'skip')).toBe(true);
  });

  it('with secrets shows them to nobody but who knows the passphrase', async () => {
    await filled();
    const { text, credentials } = await exportSealed(book.machines, new Date(0), PASSPHRASE, vault);
    expect(credentials).toBe(2);
    expect(text).not.toContain('secret');
    const otherVault = new FakeVault();
    const there = new Imports(await AddressBook.open(join(folder, 'other')), otherVault);
    const add = (content: string) =>
      there.upload({ import: null, name: 'm.json', format: null, data: Buffer.from(content), begins: true });
    const id = add(text);
    const unopened = await there.preview(id, null);
    expect(unopened.sealed).toBe(true);
    expect(unopened.rows.every(({ secret }) => secret === null)).toBe(true);
    await expect(there.preview(id, new Secret('correct horse batterx'))).rejects.toThrow(
      'passphrase is wrong',
    );
    const opened = await there.preview(id, PASSPHRASE);
    expect(opened.rows.filter(({ secret }) => secret === 'kept')).toHaveLength(2);
    await there.apply(id, []);
    expect(otherVault.plain).toEqual([
      { name: 'a', user: 'ann', password: 'first secret' },
      { name: 'b', user: 'bob', password: 'second secret' },
    ]);
    // A single bit of it changed is noticed.
    const tampered = text.replace(/"data": "(.)/, (_, first) => `"data": "${first === 'A' ? 'B' : 'A'}`);
    await expect(there.preview(add(tampered), PASSPHRASE)).rejects.toThrow('passphrase is wrong');
    // A gigabyte for a try that a stranger's file asks for.
    const greedy = text.replace('"N": 131072', '"N": 1048576');
    await expect(there.preview(add(greedy), PASSPHRASE)).rejects.toThrow('damaged, or of a newer version');
    there.end();
  });

  it('with secrets needs a passphrase worth the name, and an open vault', async () => {
    await filled();
    await expect(exportSealed(book.machines, new Date(0), new Secret('short'), vault)).rejects.toThrow(
      'fewer than 10',
    );
    vault.isUnlocked = false;
    await expect(exportSealed(book.machines, new Date(0), PASSPHRASE, vault)).rejects.toThrow(
      'vault is locked',
    );
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { AddressBook } from '../../../main/core/offline/machines/address-book.ts';
import { exportPlain, exportSealed } from '../../../main/core/offline/machines/export.ts';
import { readImport } from '../../../main/core/offline/machines/import-read.ts';
import { Imports } from '../../../main/core/offline/machines/imports.ts';
import {
  CREDENTIAL_USES,
  EMPTY_DRAFT,
  type MachineDraft,
  usesOf,
} from '../../../main/core/offline/machines/machine.ts';
import {
  packCredentials,
  unpackCredentials,
  withCredentials,
} from '../../../main/core/offline/machines/sealed-credentials.ts';
import { Vault } from '../../../main/core/offline/vault/vault.ts';

/** An outpost's address book and vault, in folders of their own. */
class Host {
  private constructor(
    readonly book: AddressBook,
    readonly vault: Vault,
    readonly imports: Imports,
  ) {}

  static async in(folder: string): Promise<Host> {
    const book = await AddressBook.open(join(folder, 'machines'));
    const vault = await Vault.open(join(folder, 'vault'), { minutes: () => 5 });
    await vault.create({ kind: 'key-file', path: join(folder, 'the.key') });
    return new Host(book, vault, new Imports(book, vault));
  }

  /** Machines and credentials, whatever the vault calls them inside: by the order in which they are used. */
  async shown() {
    const order = new Map<string, string>();
    const credentials = [];
    const machines = [];
    for (const { createdAt: _, updatedAt: __, ...machine } of this.book.machines) {
      const uses: Record<string, string | null> = {};
      for (const use of CREDENTIAL_USES) {
        const id = machine[use];
        if (id !== null && !order.has(id)) {
          order.set(id, `credential ${order.size + 1}`);
          const { name, fields } = (await this.vault.namedCredential(id)) ?? { name: 'gone', fields: {} };
          const secrets = Object.entries(fields).map(([field, value]) => [
            field,
            value instanceof Secret ? value.reveal() : value,
          ]);
          credentials.push({ name, ...Object.fromEntries(secrets) });
        }
        uses[use] = id === null ? null : (order.get(id) ?? null);
      }
      machines.push({ ...machine, ...uses });
    }
    return { machines, credentials };
  }

  async end(): Promise<void> {
    this.imports.end();
    await this.vault.close();
  }
}

async function withHosts<T>(use: (from: Host, to: Host) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sp-trip-'));
  const hosts = [await Host.in(join(folder, 'from')), await Host.in(join(folder, 'to'))] as const;
  try {
    return await use(...hosts);
  } finally {
    for (const host of hosts) await host.end();
    await rm(folder, { recursive: true, force: true });
  }
}

const pem = (passphrase?: string) =>
  String(
    generateKeyPairSync('ed25519').privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      ...(passphrase !== undefined && { cipher: 'aes-256-cbc', passphrase }),
    }),
  );
const KEYS = [
  { privateKey: new Secret(pem()) },
  { privateKey: new Secret(pem('of the key')), passphrase: new Secret('of the key') },
  { privateKey: new Secret(pem('not kept')) },
];

const line = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).map((text) => `x${text}x`);
const clean = line.filter((text) => !/\p{Cc}/u.test(text));
const credential = fc
  .record({
    name: fc.constantFrom('domain admin', 'root', 'files'),
    user: fc.constantFrom('', 'alice'),
    domain: fc.constantFrom('', 'CORP'),
    password: fc.option(
      line.map((text) => new Secret(text)),
      { nil: null },
    ),
    key: fc.constantFrom(null, ...KEYS),
  })
  .map(({ key, ...rest }) => ({ ...rest, ...key }))
  .filter(({ user, password, ...rest }) => user !== '' || password !== null || 'privateKey' in rest);

const machine = fc
  .record({
    // Few, so that some are the same machine twice, to look at.
    name: fc.constantFrom('web', 'desk', 'x,y;z'),
    host: fc.constantFrom('10.0.0.7', 'fe80::1'),
    protocol: fc.constantFrom('ssh', 'rdp', 'vnc', 'kubernetes'),
    port: fc.constantFrom(null, 2222),
    user: fc.constantFrom('', 'bob'),
    group: fc.constantFrom('', 'Berlin / Rack 3'),
    tags: fc.uniqueArray(fc.constantFrom('a', 'b;c', 'd,e|f'), { maxLength: 3 }),
    notes: fc.constantFrom('', '  indented\nsecond'),
    parameters: fc.dictionary(fc.constantFrom('Odd', 'read-only', 'gateway-hostname'), clean, { maxKeys: 2 }),
    chosen: fc.tuple(...CREDENTIAL_USES.map(() => fc.option(fc.nat(3), { nil: null }))),
  })
  // Of yes and no.
  .map(({ parameters, ...rest }) => ({
    ...rest,
    parameters: 'read-only' in parameters ? { ...parameters, 'read-only': 'true' } : parameters,
  }));

type Made = typeof machine extends fc.Arbitrary<infer T> ? T : never;

async function fill(host: Host, machines: readonly Made[], kept: readonly { readonly id: string }[]) {
  const put = machines.map(({ chosen, ...rest }) => {
    const draft: MachineDraft = { ...EMPTY_DRAFT, ...rest };
    const uses = usesOf(draft.protocol).map((use, at) => {
      const index = chosen[at] ?? null;
      return [use, index === null ? null : (kept[index]?.id ?? null)];
    });
    return { id: null, draft: { ...draft, ...Object.fromEntries(uses) } };
  });
  await host.book.change({ put });
}

describe('an address book with its credentials', () => {
  it('comes over as it was, and no second time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(credential, { maxLength: 4 }),
        fc.array(machine, { minLength: 1, maxLength: 8 }),
        (credentials, machines) =>
          withHosts(async (from, to) => {
            const kept = [];
            for (const draft of credentials) kept.push(await from.vault.put(null, draft));
            await fill(from, machines, kept);
            const { text } = exportPlain(from.book.machines, new Date(0));
            const packed = (await packCredentials(from.book.machines, from.vault)).text;
            const bring = async () => {
              const reading = await readImport({ name: 'm.json', format: null, bytes: Buffer.from(text) });
              const found = withCredentials(reading, unpackCredentials(packed));
              const { import: id, rows } = await to.imports.previewReading(found, 'another host');
              const result = await to.imports.apply(id, []);
              return { rows, result };
            };
            const before = await from.shown();
            await bring();
            expect(await to.shown()).toEqual(before);
            expect(to.vault.credentials).toHaveLength(before.credentials.length);

            expect((await bring()).rows.every(({ action }) => action === 'skip')).toBe(true);
            // Those that were taken away meanwhile come back with the credentials that are there.
            const gone = to.book.machines.filter((_, at) => at % 2 === 0).map(({ id }) => id);
            await to.book.change({ remove: gone });
            expect((await bring()).result).toMatchObject({ added: gone.length, changed: 0, credentials: 0 });
            const after = await to.shown();
            expect(after.machines).toHaveLength(before.machines.length);
            expect(to.vault.credentials).toHaveLength(before.credentials.length);
          }),
      ),
      { numRuns: 25 },
    );
  });

  it('keeps a credential that many machines share as one, through the sealed file', async () => {
    await withHosts(async (from, to) => {
      const fields = {
        name: 'domain admin',
        user: 'admin',
        domain: 'CORP',
        password: new Secret('pass word'),
      };
      const { id } = await from.vault.put(null, { ...fields, ...KEYS[1] });
      const put = ['a', 'b', 'c', 'd', 'e'].map((host) => ({
        id: null,
        draft: { ...EMPTY_DRAFT, name: host, host, protocol: 'rdp', credential: id, gatewayCredential: id },
      }));
      await from.book.change({ put });
      const passphrase = new Secret('correct horse battery');
      const { text, credentials } = await exportSealed(
        from.book.machines,
        new Date(0),
        passphrase,
        from.vault,
      );
      expect(credentials).toBe(1);
      for (const hidden of ['CORP', 'pass word', 'domain admin', id]) expect(text).not.toContain(hidden);
      const file = { name: 'm.json', format: null, data: Buffer.from(text), begins: true };
      const upload = to.imports.upload({ import: null, ...file });
      await to.imports.preview(upload, passphrase);
      expect(await to.imports.apply(upload, [])).toMatchObject({ added: 5, credentials: 1 });
      expect(await to.shown()).toEqual(await from.shown());
    });
  });
});

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import { loadSettings } from '../../../main/core/settings/load.ts';
import { SettingsStore } from '../../../main/core/settings/store.ts';
import { TokenStore } from '../../../main/core/settings/vault.ts';
import { AuditTrail } from '../../../main/process/audit.ts';
import { seenDocuments } from '../../../main/process/seen-documents.ts';
import { journalFolder } from '../../../main/process/state-folders.ts';
import { folder, HOST } from '../settings/folder.ts';

/** A state directory with an outpost's journal in it, which is started and stopped again and again. */
class Place {
  readonly dir: string;
  readonly store: SettingsStore;

  private constructor(dir: string) {
    this.dir = dir;
    this.store = new SettingsStore(join(dir, 'settings.json'));
  }

  static async make(): Promise<Place> {
    return new Place(await folder());
  }

  get seen(): string {
    return join(this.dir, 'last-seen.json');
  }

  async start(): Promise<AuditTrail> {
    const loaded = await loadSettings({ flags: { stateDir: this.dir }, env: {}, host: HOST });
    const trail = new AuditTrail({
      folder: journalFolder(this.dir),
      maxBytes: 64 * 1024 * 1024,
      documents: seenDocuments(loaded),
      logger: silentLogger,
      isOnline: () => false,
      tellAuthentik: async () => {},
      handsOver: () => true,
      outpostName: () => null,
      onChange: () => {},
      retryMs: 10,
    });
    await trail.begin();
    trail.record({ kind: 'outpost-started', version: '1' });
    return trail;
  }

  async stop(trail: AuditTrail): Promise<void> {
    trail.record({ kind: 'outpost-stopped' });
    await trail.end();
  }

  /** What a start finds, and what it says of the journal. */
  async found(): Promise<{ events: AuditEvent[]; warnings: string[] }> {
    const trail = await this.start();
    const entries = await trail.recent({ limit: 100 });
    const before = entries.findIndex(({ event }) => event.kind === 'outpost-stopped');
    const events = entries
      .slice(0, before < 0 ? undefined : before)
      .map(({ event }) => event)
      .filter(({ kind }) => kind !== 'outpost-started');
    const warnings = trail.warnings.map(({ message }) => message);
    await this.stop(trail);
    return { events: events.reverse(), warnings };
  }

  async put(path: string, text: string): Promise<void> {
    await mkdir(join(this.dir, path, '..'), { recursive: true });
    await writeFile(join(this.dir, path), text);
  }
}

const PROXY = 'http://10.0.0.1:3128';
const NOTHING = { events: [], warnings: [] };

describe('what was changed while no outpost was there', () => {
  it('is nothing at the first start ever, whatever is there', async () => {
    const place = await Place.make();
    await place.store.set('log.level', 'debug');
    await place.put('guardrails.json', '{}');
    expect(await place.found()).toEqual(NOTHING);
    expect(await place.found()).toEqual(NOTHING);
  });

  it('is found once: settings by name, the others as a whole, whether new, other, or gone', async () => {
    const place = await Place.make();
    await place.store.set('log.level', 'debug');
    await place.store.setText('hold.seconds', '30');
    await place.put('vault/vault.json', 'one');
    expect(await place.found()).toEqual(NOTHING);
    await place.store.set('log.level', 'trace');
    await place.store.unset('hold.seconds');
    await place.store.set('offline.mode', 'always');
    await new TokenStore(place.dir).write(new Secret('t'.repeat(60)));
    await place.put('guardrails.json', '{}');
    await place.put('machines/machines.jsonl', '{}');
    await rm(join(place.dir, 'vault/vault.json'));
    expect((await place.found()).events).toEqual([
      { kind: 'guardrails-changed', found: true },
      { kind: 'machines-changed', found: true },
      { kind: 'settings-changed', setting: 'hold.seconds', found: true },
      { kind: 'settings-changed', setting: 'log.level', found: true },
      { kind: 'settings-changed', setting: 'offline.mode', found: true },
      { kind: 'settings-changed', setting: 'authentik.token', found: true },
      { kind: 'vault-file-changed', found: true },
    ]);
    expect(await place.found()).toEqual(NOTHING);
  });

  it('is not what the outpost itself has changed and told', async () => {
    const place = await Place.make();
    const trail = await place.start();
    await place.store.set('log.level', 'debug');
    trail.record({ kind: 'settings-changed', setting: 'log.level' });
    await place.put('machines/machines.jsonl', '{}');
    trail.record({ kind: 'machine-added', machine: 'web' });
    await place.put('vault/vault.json', 'one');
    trail.record({ kind: 'vault-created', protection: 'passphrase' });
    // The same token with another key.
    await place.put('token.enc', 'sealed');
    trail.changed('token');
    await place.stop(trail);
    expect(await place.found()).toEqual(NOTHING);
  });

  it('is also what was changed by hand beside the outpost, without a word', async () => {
    const place = await Place.make();
    const trail = await place.start();
    await place.store.set('log.level', 'debug');
    trail.record({ kind: 'settings-changed', setting: 'log.level' });
    await place.store.setText('hold.seconds', '30');
    await place.put('guardrails.json', '{}');
    await place.stop(trail);
    expect((await place.found()).events).toEqual([
      { kind: 'guardrails-changed', found: true },
      { kind: 'settings-changed', setting: 'hold.seconds', found: true },
    ]);
  });

  it('is told twice rather than not at all where a crash comes in between', async () => {
    const place = await Place.make();
    expect(await place.found()).toEqual(NOTHING);
    const before = join(await folder(), 'kept');
    await copyFile(place.seen, before);
    await place.store.set('log.level', 'debug');
    expect((await place.found()).events).toHaveLength(1);
    // As it was when the entry was on the disk and this was not.
    await copyFile(before, place.seen);
    expect((await place.found()).events).toEqual([
      { kind: 'settings-changed', setting: 'log.level', found: true },
    ]);
    expect(await place.found()).toEqual(NOTHING);
  });

  it('is found also where the journal can be opened later only, and is not what happened in between', async () => {
    const place = await Place.make();
    expect(await place.found()).toEqual(NOTHING);
    await place.store.setText('hold.seconds', '30');
    await place.put('machines/machines.jsonl', 'damaged');
    const journal = journalFolder(place.dir);
    const away = join(await folder(), 'journal');
    await rename(journal, away);
    await writeFile(journal, 'in its place');
    const trail = await place.start();
    await place.store.set('log.level', 'debug');
    trail.record({ kind: 'settings-changed', setting: 'log.level' });
    await place.put('machines/machines.jsonl', 'put in order');
    trail.changed('machines');
    await rm(journal);
    await rename(away, journal);
    await expect
      .poll(async () => (await trail.recent({ limit: 5 })).map(({ event }) => event).reverse())
      .toEqual([
        { kind: 'outpost-stopped' },
        { kind: 'outpost-started', version: '1' },
        { kind: 'settings-changed', setting: 'log.level' },
        { kind: 'machines-changed', found: true },
        { kind: 'settings-changed', setting: 'hold.seconds', found: true },
      ]);
    await place.stop(trail);
    expect(await place.found()).toEqual(NOTHING);
  });

  it('cannot be known where the file about it is gone or damaged, and that is said', async () => {
    const place = await Place.make();
    expect(await place.found()).toEqual(NOTHING);
    await rm(place.seen);
    expect((await place.found()).events).toEqual([{ kind: 'last-seen-lost', how: 'missing' }]);
    await writeFile(place.seen, '{');
    expect((await place.found()).events).toEqual([{ kind: 'last-seen-lost', how: 'unreadable' }]);
    expect(await place.found()).toEqual(NOTHING);
  });

  it('is kept as hashes that give nothing away without their key', async () => {
    const place = await Place.make();
    await place.store.setText('proxy.url', PROXY);
    expect(await place.found()).toEqual(NOTHING);
    const text = await readFile(place.seen, 'utf8');
    const { settings } = JSON.parse(await readFile(join(place.dir, 'settings.json'), 'utf8'));
    for (const value of [settings['proxy.url'], JSON.stringify(settings['proxy.url'])]) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(createHash('sha256').update(value).digest('hex'));
    }
    const other = await Place.make();
    await other.store.setText('proxy.url', PROXY);
    await other.found();
    const hashes = (from: string): unknown[] => Object.values(JSON.parse(from).seen);
    expect(hashes(text)).toHaveLength(1);
    expect(hashes(text)).not.toEqual(hashes(await readFile(other.seen, 'utf8')));
  });
});

describe('a journal of which it is known that it was there', () => {
  it('is missed when all of it is gone, or its end', async () => {
    const place = await Place.make();
    expect(await place.found()).toEqual(NOTHING);
    await rm(journalFolder(place.dir), { recursive: true });
    expect((await place.found()).warnings).toEqual([
      expect.stringMatching(/entry 2, which was there when the outpost ran before, is missing/),
    ]);
    expect((await place.found()).warnings).toEqual([]);

    const path = join(journalFolder(place.dir), 'journal-000000000001.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await truncate(path, Buffer.byteLength(`${lines.slice(0, -2).join('\n')}\n`));
    expect((await place.found()).warnings).toEqual([
      expect.stringMatching(/entry \d, which was there when the outpost ran before, is missing/),
    ]);
  });
});

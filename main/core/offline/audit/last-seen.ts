import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { AuditEvent } from '../../audit-event.ts';
import { writeFileAtomic } from '../../base/atomic-file.ts';
import { readBoundedFile } from '../../base/bounded-file.ts';
import { isMissing } from '../../base/missing.ts';
import type { AuditJournal } from './journal.ts';
import type { Mark } from './mark.ts';
import { type Digests, digestsOf, SETTING, type SeenDocuments, type SeenFile } from './seen-documents.ts';

const MAX_BYTES = 256 * 1024;
const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const schema = v.object({
  key: digest,
  journal: v.object({ n: v.pipe(v.number(), v.integer(), v.minValue(0)), hash: digest }),
  seen: v.record(v.string(), digest),
});
type Kept = v.InferOutput<typeof schema>;

/**
 * Knows what settings, token, guardrails, address book and vault were like when the outpost was last there, so that what
 * was changed meanwhile is in the journal too. It keeps their hashes under a random key, so that a short value cannot be
 * guessed from one; who can read the key has the documents beside it.
 *
 * Of what the outpost changes itself the new hash is kept once the journal's entry about it is on the disk. Where a crash
 * comes between the two, it is found at the next start and told twice rather than not at all.
 */
export class LastSeen {
  readonly #documents: SeenDocuments;
  readonly #key: string;
  /** What was kept; null where nothing was or it could not be read. */
  readonly #before: Kept | null;
  readonly #unreadable: boolean;
  /** As it is kept; parts that are not there are not in it. */
  readonly #seen: Map<string, string>;
  /** The parts that were different at the start, before the outpost could change anything. */
  readonly #different: readonly string[];
  /** What has to be looked at again before it is kept. */
  readonly #stale = new Set<string>();
  #journal: AuditJournal | null = null;
  #keeping: Promise<void> | null = null;

  /** Looks at everything. Never rejects. */
  static async open(documents: SeenDocuments): Promise<LastSeen> {
    const before = await read(documents.path);
    const kept = before === 'unreadable' ? null : before;
    const key = kept?.key ?? randomBytes(32).toString('hex');
    const seen = new Map(Object.entries(kept?.seen ?? {}));
    const now = await digestsOf(documents, key, seen);
    return new LastSeen(documents, key, kept, before === 'unreadable', now);
  }

  private constructor(
    documents: SeenDocuments,
    key: string,
    before: Kept | null,
    unreadable: boolean,
    now: Digests,
  ) {
    this.#documents = documents;
    this.#key = key;
    this.#before = before;
    this.#unreadable = unreadable;
    this.#seen = new Map(before === null ? now : Object.entries(before.seen));
    this.#different = [...new Set([...this.#seen.keys(), ...now.keys()])]
      .filter((part) => this.#seen.get(part) !== now.get(part))
      .sort();
  }

  /** The journal's newest entry when it was last kept; null where that is not known. */
  get mark(): Mark | null {
    return this.#before?.journal ?? null;
  }

  /** Tells the journal what has changed, and follows it from then on. */
  async follow(journal: AuditJournal): Promise<void> {
    this.#journal = journal;
    journal.onEntry(({ event }) => this.#told(event));
    for (const event of this.#found(journal.newest.n)) journal.record(event);
    if (this.#before === null) await this.#keep();
  }

  /** The outpost has changed a file in a way that nobody needs to know of. */
  changed(file: SeenFile): void {
    this.#look(file);
  }

  /** For the end, when the journal is written: resolves when all is kept, or cannot be. */
  async end(): Promise<void> {
    await this.#keeping;
    if ((await this.#keepAll()) && (await this.#journal?.flush())) await this.#keep();
  }

  #found(newest: number): AuditEvent[] {
    if (this.#before !== null) return this.#different.map(eventOf);
    // Nothing has been written before: this is the first start.
    if (newest === 0 && !this.#unreadable) return [];
    return [{ kind: 'last-seen-lost', how: this.#unreadable ? 'unreadable' : 'missing' }];
  }

  #told(event: AuditEvent): void {
    const part = partOf(event);
    if (part !== null) this.#look(part);
  }

  #look(part: string): void {
    this.#stale.add(part);
    this.#keeping ??= this.#keepAll().then((isKept) => {
      this.#keeping = null;
      const [next] = this.#stale;
      if (isKept && next !== undefined) this.#look(next);
    });
  }

  /** Whether all was kept: not while an entry is not on the disk, or what it is about would never be told. */
  async #keepAll(): Promise<boolean> {
    while (this.#stale.size > 0) {
      const parts = [...this.#stale];
      this.#stale.clear();
      await this.#refresh(parts);
      // What was seen may be newer than the entry that was heard of.
      if (!(await this.#journal?.flush())) {
        for (const part of parts) this.#stale.add(part);
        return false;
      }
      await this.#keep();
    }
    return true;
  }

  async #refresh(parts: readonly string[]): Promise<void> {
    const now = await digestsOf(this.#documents, this.#key, this.#seen, parts);
    for (const part of parts) {
      const found = now.get(part);
      if (found === undefined) this.#seen.delete(part);
      else this.#seen.set(part, found);
    }
  }

  /** Where it cannot be written, what has changed is found again at the next start. */
  async #keep(): Promise<void> {
    if (this.#journal === null) return;
    const kept: Kept = {
      key: this.#key,
      journal: this.#journal.newest,
      seen: Object.fromEntries(this.#seen),
    };
    await writeFileAtomic(this.#documents.path, `${JSON.stringify(kept, null, 1)}\n`).catch(() => {});
  }
}

/** Which part an entry is about; null for one that is about none. */
function partOf(event: AuditEvent): string | null {
  switch (event.kind) {
    case 'settings-changed':
      return event.setting === 'authentik.token' ? 'token' : SETTING + event.setting;
    case 'guardrails-changed':
      return 'guardrails';
    case 'machine-added':
    case 'machine-changed':
    case 'machine-removed':
    case 'machines-imported':
    case 'machines-changed':
      return 'machines';
    case 'vault-created':
    case 'vault-unlocked':
    case 'vault-changed':
    case 'vault-file-changed':
    case 'credential-kept':
    case 'credential-removed':
      return 'vault';
    default:
      return null;
  }
}

function eventOf(part: string): AuditEvent {
  switch (part) {
    case 'token':
      return { kind: 'settings-changed', setting: 'authentik.token', found: true };
    case 'guardrails':
      return { kind: 'guardrails-changed', found: true };
    case 'machines':
      return { kind: 'machines-changed', found: true };
    case 'vault':
      return { kind: 'vault-file-changed', found: true };
    default:
      return { kind: 'settings-changed', setting: part.slice(SETTING.length), found: true };
  }
}

async function read(path: string): Promise<Kept | null | 'unreadable'> {
  try {
    return v.parse(schema, JSON.parse((await readBoundedFile(path, MAX_BYTES)).toString('utf8')));
  } catch (error) {
    return isMissing(error) ? null : 'unreadable';
  }
}

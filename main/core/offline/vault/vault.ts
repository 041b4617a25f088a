import { randomUUID } from 'node:crypto';
import { Breath } from '../../base/breath.ts';
import { Emitter } from '../../base/emitter.ts';
import { type Failure, SallyportError } from '../../errors.ts';
import type {
  CredentialFields,
  CredentialVault,
  KeptCredential,
  NamedCredential,
} from '../machines/credentials.ts';
import { AttemptsOfEach } from './attempts.ts';
import { type CredentialDraft, cleanCredential, fieldsOf, NO_SECRETS } from './credential.ts';
import {
  encryptedAnew,
  entryOf,
  infosOf,
  type Sealed,
  sameIn,
  sealedFor,
  secretsOf,
  withEntries,
  withoutEntries,
} from './entries.ts';
import { type Held, HeldKey } from './held-key.ts';
import { lockWith, type Opener, type Protection, unlockWith } from './protection.ts';
import { isOwnSealing, makeSealing, openSealedKey, type SealedKey, sealKey } from './sealing.ts';
import type { CredentialInfo, VaultState } from './shapes.ts';
import { VaultStore } from './store.ts';
import { makeDataKey, type VaultFile } from './vault-file.ts';

export interface VaultOptions {
  /** How long it stays unlocked, in minutes. */
  readonly minutes: () => number;
  /** Milliseconds since 1970; a test brings its own. */
  readonly now?: () => number;
}

/** What happened to it, for the journal; a state that is the same again is no event. */
export type VaultEvent =
  | { readonly kind: 'created' | 'protection-changed' }
  /** `member`: their name; null for who has the outpost's own door. */
  | { readonly kind: 'unlocked' | 'refused'; readonly member: string | null }
  | { readonly kind: 'locked'; readonly because: LockReason }
  | { readonly kind: 'credential-kept' | 'credential-removed'; readonly name: string };

export type LockReason = 'asked' | 'time' | 'sleep' | 'screen' | 'end';

/** Who came in by the door for members: their number and name among the system's users. */
export interface VaultMember {
  readonly uid: number;
  readonly name: string;
}

/**
 * The credentials of this outpost's machines, encrypted in one file that every change replaces atomically: a crash at
 * any moment leaves what was before or what is after, each with the passphrase that belongs to it. Only while it is unlocked
 * is its key in memory.
 */
export class Vault implements CredentialVault {
  readonly #now: () => number;
  readonly #store: VaultStore;
  readonly #attempts: AttemptsOfEach;
  readonly #key: HeldKey;
  readonly #changed = new Emitter<void>();
  readonly #events = new Emitter<VaultEvent>();
  #turn: Promise<unknown>;
  #begun: () => void = () => {};

  readonly onChange = this.#changed.on;
  readonly onEvent = this.#events.on;

  /** Not read before `begin`; what is asked of it until then waits. */
  constructor(folder: string, { minutes, now = Date.now }: VaultOptions) {
    this.#now = now;
    this.#store = new VaultStore(folder);
    this.#attempts = new AttemptsOfEach(folder, now);
    this.#key = new HeldKey({ minutes, now, onTimeUp: () => this.lock('time') });
    this.#turn = new Promise<void>((resolve) => {
      this.#begun = resolve;
    });
  }

  /** The vault in `folder`, read. Never rejects: what is wrong stands in `warnings`. */
  static async open(folder: string, options: VaultOptions): Promise<Vault> {
    const vault = new Vault(folder, options);
    await vault.begin();
    return vault;
  }

  /**
   * Reads the file in its folder, which is made where it is missing. Not before it is sure that no other outpost has
   * it. Never rejects.
   */
  async begin(): Promise<void> {
    await this.#store.load(new Date(this.#now()));
    this.#begun();
    this.#changed.emit();
  }

  get path(): string {
    return this.#store.path;
  }

  get state(): VaultState {
    const { file } = this.#store;
    if (file === null) return { kind: 'none' };
    const protection = file.lock.kind;
    const held = this.#key.current;
    return held === null
      ? { kind: 'locked', protection }
      : { kind: 'unlocked', protection, until: held.until };
  }

  /** What an admin should know. */
  get warnings(): readonly Failure[] {
    return this.#store.warnings;
  }

  get isUnlocked(): boolean {
    return this.#key.current !== null;
  }

  /** Makes a new vault and unlocks it. Rejects with `vault-refused` where there is one, and as `lockWith` does. */
  create(protection: Protection): Promise<void> {
    return this.#inTurn(async () => {
      this.#store.checkUsable();
      if (this.#store.file !== null)
        throw new SallyportError('vault-refused', 'There is a vault already.', {
          advice: 'Change how it is protected, or move its file away while the outpost is stopped.',
        });
      const id = randomUUID();
      const key = makeDataKey();
      const lock = await lockWith(protection, id, key);
      const file: VaultFile = { version: 1, id, lock, credentials: [], sealing: makeSealing(id, key) };
      await this.#store.write(file);
      this.#open(file, key);
      this.#events.emit({ kind: 'created' });
    });
  }

  /**
   * Opens it, or keeps it open for its whole time again; the proof is asked for in both cases. Rejects with
   * `vault-missing`, with `vault-refused` (wrong, or too soon after a wrong one), or with `vault-unreadable`. Nobody's
   * guesses make another `member` wait.
   */
  unlock(opener: Opener, member: VaultMember | null = null): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#key.drops;
      const { key, file: found } = await this.#prove(opener, member);
      const file = await this.#withSealing(found, key);
      if (this.#key.drops !== before) throw lockedMeanwhile();
      const wasLocked = !this.isUnlocked;
      this.#open(file, key);
      if (wasLocked) this.#events.emit({ kind: 'unlocked', member: member?.name ?? null });
    });
  }

  /** Forgets the key at once. Sessions that are open stay. */
  lock(because: LockReason): void {
    if (!this.#key.drop()) return;
    this.#events.emit({ kind: 'locked', because });
    this.#changed.emit();
  }

  /**
   * Encrypts everything with a new key, kept another way. The whole new file lies beside the old one before it takes
   * its place. Rejects as `unlock` and `create` do; the old passphrase holds then.
   */
  change(current: Opener, next: Protection): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#key.drops;
      const { key: old, file } = await this.#prove(current);
      try {
        const key = makeDataKey();
        const lock = await lockWith(next, file.id, key);
        const changed = encryptedAnew(file, lock, old, key);
        await this.#store.write(changed);
        if (this.#key.drops === before) this.#open(changed, key);
        else this.#store.take(changed);
        this.#events.emit({ kind: 'protection-changed' });
      } finally {
        old.fill(0);
      }
    });
  }

  /** What is told of the credentials, by name. Throws `vault-missing` or `vault-locked`. */
  get credentials(): readonly CredentialInfo[] {
    const { infos } = this.#need().held;
    return [...infos.values()].sort((one, other) => one.name.localeCompare(other.name, 'en'));
  }

  /** Keeps a new credential, or changes one. Rejects as `credentials` throws, with `request-invalid`, or where it cannot be written. */
  put(id: string | null, draft: CredentialDraft): Promise<CredentialInfo> {
    return this.#inTurn(async () => {
      const { file, held } = this.#need();
      const old = id === null ? NO_SECRETS : secretsOf(file, entryOf(file, id), held.key);
      const cleaned = await cleanCredential(draft, old);
      // Checking a key took a while: it may be locked.
      const sealed = sealedFor(file, this.#need().held, cleaned, id, this.#now());
      await this.#keep([sealed]);
      return sealed.info;
    });
  }

  /** Rejects with `credential-not-found`, as `credentials` throws, or where it cannot be written. */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      entryOf(this.#need().file, id);
      await this.#remove([id]);
    });
  }

  keepCredentials(many: readonly NamedCredential[]): Promise<readonly KeptCredential[]> {
    return this.#inTurn(async () => {
      const cleaned = [];
      const breath = new Breath();
      for (const { name, fields } of many) {
        await breath.take();
        const { user = '', domain = '', ...secrets } = fields;
        cleaned.push(await cleanCredential({ name, user, domain, ...secrets }, NO_SECRETS));
      }
      const { file, held } = this.#need();
      const now = this.#now();
      const found = cleaned.map((one) => sameIn(file, held, one) ?? sealedFor(file, held, one, null, now));
      const made = found.filter((one): one is Sealed => typeof one !== 'string');
      if (made.length > 0) await this.#keep(made);
      return found.map((one) =>
        typeof one === 'string' ? { id: one, isNew: false } : { id: one.info.id, isNew: true },
      );
    });
  }

  forgetCredentials(ids: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#remove(ids));
  }

  async revealCredential(id: string): Promise<CredentialFields | null> {
    return (await this.namedCredential(id))?.fields ?? null;
  }

  async namedCredential(id: string): Promise<NamedCredential | null> {
    const { file, held } = this.#need();
    const info = held.infos.get(id);
    if (info === undefined) return null;
    return { name: info.name, fields: fieldsOf(info, secretsOf(file, entryOf(file, id), held.key)) };
  }

  /**
   * Seals a key for what only the unlocked vault shall open; works while it is locked. `use` says what for. Throws
   * `vault-missing`, or `vault-locked` for one that has to be unlocked once before.
   */
  sealKey(content: Buffer, use: string): SealedKey {
    const { id, sealing } = this.#store.need();
    if (sealing) return sealKey(id, sealing, content, use);
    throw new SallyportError('vault-locked', 'The vault was made before it could seal recordings.', {
      advice: 'Unlock it once.',
    });
  }

  /** What `sealKey` sealed. Throws as `credentials`, or `vault-unreadable` for what is not this vault’s. */
  openSealedKey(named: unknown, use: string): Buffer {
    const { file, held } = this.#need();
    const content = file.sealing ? openSealedKey(file.id, file.sealing, held.key, named, use) : null;
    if (content) return content;
    throw new SallyportError('vault-unreadable', 'This was sealed for another vault, or was changed since.', {
      advice: 'Bring back the vault that it was made with.',
    });
  }

  /** Forgets the key and resolves when nothing is being written any more. */
  async close(): Promise<void> {
    this.#begun();
    await this.#turn.catch(() => {});
    this.lock('end');
  }

  /** The key, for who has the proof; slower after each wrong one. */
  async #prove(
    opener: Opener,
    member: VaultMember | null = null,
  ): Promise<{ readonly key: Buffer; readonly file: VaultFile }> {
    const file = this.#store.need();
    const attempts = await this.#attempts.of(member?.uid ?? null);
    attempts.check();
    const key = await unlockWith(file.lock, file.id, opener);
    if (key === null) {
      await attempts.wrong();
      this.#events.emit({ kind: 'refused', member: member?.name ?? null });
      throw new SallyportError('vault-refused', 'That is not the passphrase of the vault.', {
        advice: 'Try again; the wait grows with each wrong one.',
      });
    }
    await attempts.right();
    return { key, file };
  }

  /** File and key change together: what reads in between would take one for the other’s. */
  #open(file: VaultFile, key: Buffer): void {
    this.#store.take(file);
    this.#key.hold(key, infosOf(file, key));
    this.#changed.emit();
  }

  /** Throws why the vault cannot be used, `vault-missing` or `vault-locked`. */
  #need(): { readonly file: VaultFile; readonly held: Held } {
    const file = this.#store.need();
    const held = this.#key.current;
    if (held !== null) return { file, held };
    throw new SallyportError('vault-locked', 'The vault is locked.', { advice: 'Unlock it first.' });
  }

  /** All in one write, or none. */
  async #keep(sealed: readonly Sealed[]): Promise<void> {
    const { file, held } = this.#need();
    await this.#replace(withEntries(file, sealed), held);
    for (const { info } of sealed) this.#events.emit({ kind: 'credential-kept', name: info.name });
  }

  async #remove(ids: readonly string[]): Promise<void> {
    const { file, held } = this.#need();
    await this.#replace(withoutEntries(file, ids), held);
    for (const id of ids)
      this.#events.emit({ kind: 'credential-removed', name: held.infos.get(id)?.name ?? id });
  }

  async #replace(file: VaultFile, { key }: Held): Promise<void> {
    await this.#store.write(file);
    this.#store.take(file);
    this.#key.tell(key, () => infosOf(file, key));
    this.#changed.emit();
  }

  /** Makes the sealing key where there is none; one that somebody has put in its place is replaced, and told. */
  async #withSealing(file: VaultFile, key: Buffer): Promise<VaultFile> {
    const { id, sealing } = file;
    if (sealing && isOwnSealing(id, sealing, key)) return file;
    const next = { ...file, sealing: makeSealing(id, key) };
    await this.#store.write(next);
    if (sealing)
      this.#store.warn({
        code: 'vault-unreadable',
        message: 'The key that recordings are sealed with had been changed, so a new one was made.',
        advice: 'Sealed recordings made before cannot be played. Find out who can write to the vault’s file.',
      });
    return next;
  }

  /** One change after the other; so is each guess, which takes 128 MiB. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(change);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

function lockedMeanwhile(): SallyportError {
  return new SallyportError('vault-locked', 'The vault was locked while it was being opened.', {
    advice: 'Unlock it again.',
  });
}

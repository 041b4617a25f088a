import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { removeTemporaries, writeFileAtomic } from '../../base/atomic-file.ts';
import { readBoundedFile } from '../../base/bounded-file.ts';
import { Breath } from '../../base/breath.ts';
import { Emitter } from '../../base/emitter.ts';
import { isMissing } from '../../base/missing.ts';
import { type Failure, SallyportError } from '../../errors.ts';
import { keepAside, keptAside } from '../../settings/keep-aside.ts';
import { makePrivateDirectory } from '../../settings/private-directory.ts';
import type { Moment } from '../../status.ts';
import type {
  CredentialFields,
  CredentialVault,
  KeptCredential,
  NamedCredential,
} from '../machines/credentials.ts';
import { AttemptsOfEach } from './attempts.ts';
import {
  type CredentialDraft,
  type CredentialSecrets,
  cleanCredential,
  fieldsOf,
  NO_SECRETS,
  packSecrets,
} from './credential.ts';
import { CREDENTIAL_LIMITS, MAX_VAULT_BYTES } from './limits.ts';
import { lockWith, type Opener, type Protection, unlockWith } from './protection.ts';
import {
  isOwnSealing,
  makeSealing,
  openSealedKey,
  resealSealing,
  type SealedKey,
  sealKey,
} from './sealing.ts';
import type { CredentialInfo, VaultState } from './shapes.ts';
import {
  makeDataKey,
  openInfo,
  openSecrets,
  readVaultFile,
  sealEntry,
  type VaultEntry,
  type VaultFile,
  writeVaultFile,
} from './vault-file.ts';

const MAX_WARNINGS = 3;

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

type Cleaned = Awaited<ReturnType<typeof cleanCredential>>;

/** A credential that is to be written. */
interface Sealed {
  readonly info: CredentialInfo;
  readonly entry: VaultEntry;
}

/** Only while it is unlocked is its key in memory; secrets are, for as long as somebody uses them. */
interface Unlocked {
  readonly key: Buffer;
  readonly until: Moment;
  /** Of the monotonic clock, in ms: a clock that is set back must not keep it open. */
  readonly untilUptime: number;
  readonly timer: NodeJS.Timeout;
  readonly infos: ReadonlyMap<string, CredentialInfo>;
}

/**
 * The credentials of this outpost's machines, encrypted in one file that every change replaces atomically: a crash at
 * any moment leaves what was before or what is after, each with the passphrase that belongs to it. A damaged file is
 * kept aside and named in `warnings`; one that cannot be read, or that a newer version wrote, is left alone.
 */
export class Vault implements CredentialVault {
  readonly path: string;
  readonly #options: Required<VaultOptions>;
  readonly #attempts: AttemptsOfEach;
  readonly #changed = new Emitter<void>();
  readonly #events = new Emitter<VaultEvent>();
  #file: VaultFile | null = null;
  #unlocked: Unlocked | null = null;
  /** Why there is a file that cannot be used. */
  #blocked: Failure | null = null;
  #damaged: readonly Failure[] = [];
  /** Grows with each lock, also of what was locked: who opens it has to see that nobody locked it meanwhile. */
  #locks = 0;
  #turn: Promise<unknown>;
  #begun: () => void = () => {};

  readonly onChange = this.#changed.on;
  readonly onEvent = this.#events.on;

  /** Not read before `begin`; what is asked of it until then waits. */
  constructor(folder: string, { minutes, now = Date.now }: VaultOptions) {
    this.path = join(folder, 'vault.json');
    this.#options = { minutes, now };
    this.#attempts = new AttemptsOfEach(folder, now);
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
    const folder = dirname(this.path);
    try {
      await makePrivateDirectory(folder);
      await removeTemporaries(folder);
      await this.#load();
    } catch (error) {
      this.#blocked = unreadable(SallyportError.from(error, this.path, 'file-unreadable'));
    }
    this.#begun();
    this.#changed.emit();
  }

  get state(): VaultState {
    if (this.#file === null) return { kind: 'none' };
    const protection = this.#file.lock.kind;
    const unlocked = this.#current();
    return unlocked === null
      ? { kind: 'locked', protection }
      : { kind: 'unlocked', protection, until: unlocked.until };
  }

  /** What an admin should know. */
  get warnings(): readonly Failure[] {
    return [...(this.#blocked ? [this.#blocked] : []), ...this.#damaged];
  }

  get isUnlocked(): boolean {
    return this.#current() !== null;
  }

  /** Makes a new vault and unlocks it. Rejects with `vault-refused` where there is one, and as `lockWith` does. */
  create(protection: Protection): Promise<void> {
    return this.#inTurn(async () => {
      this.#checkUsable();
      if (this.#file !== null)
        throw new SallyportError('vault-refused', 'There is a vault already.', {
          advice: 'Change how it is protected, or move its file away while the outpost is stopped.',
        });
      const id = randomUUID();
      const key = makeDataKey();
      const lock = await lockWith(protection, id, key);
      const file: VaultFile = { version: 1, id, lock, credentials: [], sealing: makeSealing(id, key) };
      await this.#write(file);
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
      const before = this.#locks;
      const { key, file: found } = await this.#prove(opener, member);
      const file = await this.#withSealing(found, key);
      if (this.#locks !== before) throw lockedMeanwhile();
      const wasLocked = this.#current() === null;
      this.#open(file, key);
      if (wasLocked) this.#events.emit({ kind: 'unlocked', member: member?.name ?? null });
    });
  }

  /** Forgets the key at once. Sessions that are open stay. */
  lock(because: LockReason): void {
    this.#locks += 1;
    const unlocked = this.#unlocked;
    if (unlocked === null) return;
    clearTimeout(unlocked.timer);
    unlocked.key.fill(0);
    this.#unlocked = null;
    this.#events.emit({ kind: 'locked', because });
    this.#changed.emit();
  }

  /**
   * Encrypts everything with a new key, kept another way. The whole new file lies beside the old one before it takes
   * its place. Rejects as `unlock` and `create` do; the old passphrase holds then.
   */
  change(current: Opener, next: Protection): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#locks;
      const { key: old, file } = await this.#prove(current);
      try {
        const key = makeDataKey();
        const lock = await lockWith(next, file.id, key);
        const credentials = file.credentials.map((entry) => this.#resealed(file.id, entry, old, key));
        const sealing =
          (file.sealing && resealSealing(file.id, file.sealing, old, key)) ?? makeSealing(file.id, key);
        const changed = { ...file, lock, credentials, sealing };
        await this.#write(changed);
        if (this.#locks === before) this.#open(changed, key);
        else this.#file = changed;
        this.#events.emit({ kind: 'protection-changed' });
      } finally {
        old.fill(0);
      }
    });
  }

  /** What is told of the credentials, by name. Throws `vault-missing` or `vault-locked`. */
  get credentials(): readonly CredentialInfo[] {
    const { infos } = this.#needUnlocked();
    return [...infos.values()].sort((one, other) => one.name.localeCompare(other.name, 'en'));
  }

  /** Keeps a new credential, or changes one. Rejects as `credentials` throws, with `request-invalid`, or where it cannot be written. */
  put(id: string | null, draft: CredentialDraft): Promise<CredentialInfo> {
    return this.#inTurn(async () => {
      const old = id === null ? null : this.#entry(id);
      const cleaned = await cleanCredential(draft, old === null ? NO_SECRETS : this.#secretsOf(old));
      const sealed = this.#sealed(cleaned, id);
      await this.#keep([sealed]);
      return sealed.info;
    });
  }

  /** Rejects with `credential-not-found`, as `credentials` throws, or where it cannot be written. */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#entry(id);
      await this.#remove([id]);
    });
  }

  keepCredentials(many: readonly NamedCredential[]): Promise<readonly KeptCredential[]> {
    return this.#inTurn(async () => {
      const cleaned: Cleaned[] = [];
      const breath = new Breath();
      for (const { name, fields } of many) {
        await breath.take();
        const { user = '', domain = '', ...secrets } = fields;
        cleaned.push(await cleanCredential({ name, user, domain, ...secrets }, NO_SECRETS));
      }
      const found = cleaned.map((credential) => this.#sameAs(credential) ?? this.#sealed(credential, null));
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

  /** The id of one that is there already, to the letter. */
  #sameAs({ info, secrets }: Cleaned): string | undefined {
    const { infos, key } = this.#needUnlocked();
    const { id: vault, credentials } = this.#needFile();
    const wanted = packSecrets(secrets).reveal();
    return credentials.find((entry) => {
      const there = infos.get(entry.id);
      if (there?.name !== info.name || there.user !== info.user || there.domain !== info.domain) return false;
      const opened = openSecrets(vault, entry, key);
      return opened !== null && packSecrets(opened).reveal() === wanted;
    })?.id;
  }

  /** One as it is written now; `id`: of the one that it takes the place of. Checking a key took a while: it may be locked. */
  #sealed({ info, secrets }: Cleaned, id: string | null): Sealed {
    const { key, infos } = this.#needUnlocked();
    const now = this.#options.now();
    const createdAt = id === null ? now : (infos.get(id)?.createdAt ?? now);
    const made: CredentialInfo = { id: id ?? randomUUID(), ...info, createdAt, updatedAt: now };
    return { info: made, entry: sealEntry(this.#needFile().id, made, secrets, key) };
  }

  /** All in one write, or none. */
  async #keep(sealed: readonly Sealed[]): Promise<void> {
    const { credentials } = this.#needFile();
    const written = new Set(sealed.map(({ info }) => info.id));
    const others = credentials.filter(({ id }) => !written.has(id));
    const most = CREDENTIAL_LIMITS.credentials;
    const total = others.length + sealed.length;
    if (total > Math.max(most, credentials.length))
      throw new SallyportError(
        'request-invalid',
        `The vault holds ${credentials.length} credentials, and takes no more than ${most}.`,
      );
    await this.#replace([...others, ...sealed.map(({ entry }) => entry)]);
    for (const { info } of sealed) this.#events.emit({ kind: 'credential-kept', name: info.name });
  }

  async #remove(ids: readonly string[]): Promise<void> {
    const { infos } = this.#needUnlocked();
    const gone = new Set(ids);
    await this.#replace(this.#needFile().credentials.filter(({ id }) => !gone.has(id)));
    for (const id of ids) this.#events.emit({ kind: 'credential-removed', name: infos.get(id)?.name ?? id });
  }

  async revealCredential(id: string): Promise<CredentialFields | null> {
    const { infos } = this.#needUnlocked();
    const info = infos.get(id);
    return info === undefined ? null : fieldsOf(info, this.#secretsOf(this.#entry(id)));
  }

  async namedCredential(id: string): Promise<NamedCredential | null> {
    const fields = await this.revealCredential(id);
    const name = this.#unlocked?.infos.get(id)?.name;
    return fields === null || name === undefined ? null : { name, fields };
  }

  /**
   * Seals a key for what only the unlocked vault shall open; works while it is locked. `use` says what for. Throws
   * `vault-missing`, or `vault-locked` for one that has to be unlocked once before.
   */
  sealKey(content: Buffer, use: string): SealedKey {
    this.#checkUsable();
    const { id, sealing } = this.#needFile();
    if (sealing) return sealKey(id, sealing, content, use);
    throw new SallyportError('vault-locked', 'The vault was made before it could seal recordings.', {
      advice: 'Unlock it once.',
    });
  }

  /** What `sealKey` sealed. Throws as `credentials`, or `vault-unreadable` for what is not this vault’s. */
  openSealedKey(named: unknown, use: string): Buffer {
    const { key } = this.#needUnlocked();
    const { id, sealing } = this.#needFile();
    const content = sealing ? openSealedKey(id, sealing, key, named, use) : null;
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

  async #load(): Promise<void> {
    const text = await this.#readText();
    const read = text === null ? null : readVaultFile(text);
    if (read?.kind === 'vault') this.#file = read.file;
    if (read?.kind === 'damaged') await keepAside(this.path, new Date(this.#options.now()));
    if (read?.kind === 'newer')
      this.#blocked = {
        code: 'vault-unreadable',
        message: `${this.path} was written by a newer Sallyport.`,
        advice: 'Update Sallyport. The file was left as it is.',
      };
    const aside = (await keptAside(this.path)).slice(0, MAX_WARNINGS);
    this.#damaged = aside.map((name) => ({
      code: 'vault-unreadable',
      message: `The vault ${basename(this.path)} was damaged and was kept as ${name}; its credentials are not there.`,
      advice: `Bring a copy of ${this.path} back while the outpost is stopped, or keep the credentials anew; then remove the file.`,
    }));
  }

  async #readText(): Promise<string | null> {
    try {
      return (await readBoundedFile(this.path, MAX_VAULT_BYTES)).toString('utf8');
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** The key, for who has the proof; slower after each wrong one. */
  async #prove(
    opener: Opener,
    member: VaultMember | null = null,
  ): Promise<{ readonly key: Buffer; readonly file: VaultFile }> {
    this.#checkUsable();
    const file = this.#needFile();
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
    this.#file = file;
    const old = this.#unlocked;
    const ms = this.#options.minutes() * 60_000;
    const timer = setTimeout(() => this.lock('time'), ms);
    timer.unref();
    this.#unlocked = {
      key,
      until: this.#options.now() + ms,
      untilUptime: performance.now() + ms,
      timer,
      infos: infosOf(file, key),
    };
    if (old !== null) {
      clearTimeout(old.timer);
      if (old.key !== key) old.key.fill(0);
    }
    this.#changed.emit();
  }

  /** Timers stand still while a machine sleeps: the time is looked at whenever the key is wanted. */
  #current(): Unlocked | null {
    const unlocked = this.#unlocked;
    if (unlocked === null) return null;
    if (this.#options.now() < unlocked.until && performance.now() < unlocked.untilUptime) return unlocked;
    this.lock('time');
    return null;
  }

  #needUnlocked(): Unlocked {
    this.#checkUsable();
    this.#needFile();
    const unlocked = this.#current();
    if (unlocked !== null) return unlocked;
    throw new SallyportError('vault-locked', 'The vault is locked.', { advice: 'Unlock it first.' });
  }

  #needFile(): VaultFile {
    if (this.#file !== null) return this.#file;
    throw new SallyportError('vault-missing', 'There is no vault yet.', {
      advice: 'Make one in the settings, or with `sallyport vault create`.',
    });
  }

  #checkUsable(): void {
    if (this.#blocked === null) return;
    const { code, message, advice } = this.#blocked;
    throw new SallyportError(code, message, { advice });
  }

  #entry(id: string): VaultEntry {
    this.#needUnlocked();
    const entry = this.#needFile().credentials.find((other) => other.id === id);
    if (entry) return entry;
    throw new SallyportError('credential-not-found', 'There is no such credential in the vault.', {
      advice: 'It may have been removed; see the list of credentials.',
    });
  }

  #secretsOf(entry: VaultEntry): CredentialSecrets {
    const { key } = this.#needUnlocked();
    const secrets = openSecrets(this.#needFile().id, entry, key);
    if (secrets) return secrets;
    throw new SallyportError(
      'vault-unreadable',
      'This credential is damaged: the vault’s key does not open it.',
      {
        advice: 'Remove it and keep it anew.',
      },
    );
  }

  /** Makes the sealing key where there is none; one that somebody has put in its place is replaced, and told. */
  async #withSealing(file: VaultFile, key: Buffer): Promise<VaultFile> {
    const { id, sealing } = file;
    if (sealing && isOwnSealing(id, sealing, key)) return file;
    const next = { ...file, sealing: makeSealing(id, key) };
    await this.#write(next);
    if (sealing)
      this.#damaged = [
        ...this.#damaged,
        {
          code: 'vault-unreadable',
          message: 'The key that recordings are sealed with had been changed, so a new one was made.',
          advice:
            'Sealed recordings made before cannot be played. Find out who can write to the vault’s file.',
        },
      ];
    return next;
  }

  #resealed(vault: string, entry: VaultEntry, old: Buffer, key: Buffer): VaultEntry {
    const info = openInfo(vault, entry, old);
    const secrets = openSecrets(vault, entry, old);
    if (info && secrets) return sealEntry(vault, info, secrets, key);
    throw new SallyportError(
      'vault-unreadable',
      `The credential ${info?.name ?? entry.id} is damaged and would be lost with the old key.`,
      { advice: 'Remove it first, then change the passphrase.' },
    );
  }

  async #replace(credentials: VaultEntry[]): Promise<void> {
    const { key } = this.#needUnlocked();
    const file = { ...this.#needFile(), credentials };
    await this.#write(file);
    this.#file = file;
    // Whoever locked it meanwhile meant it.
    if (this.#unlocked?.key === key) this.#unlocked = { ...this.#unlocked, infos: infosOf(file, key) };
    this.#changed.emit();
  }

  async #write(file: VaultFile): Promise<void> {
    await makePrivateDirectory(dirname(this.path));
    await writeFileAtomic(this.path, writeVaultFile(file));
  }

  /** One change after the other; so is each guess, which takes 128 MiB. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(change);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

function infosOf({ id, credentials }: VaultFile, key: Buffer): ReadonlyMap<string, CredentialInfo> {
  return new Map(
    credentials.map((entry) => [entry.id, openInfo(id, entry, key) ?? unreadableInfo(entry.id)] as const),
  );
}

function lockedMeanwhile(): SallyportError {
  return new SallyportError('vault-locked', 'The vault was locked while it was being opened.', {
    advice: 'Unlock it again.',
  });
}

/** Stands for a credential whose envelope does not open, so that it can be seen and removed. */
function unreadableInfo(id: string): CredentialInfo {
  return {
    id,
    name: `? ${id.slice(0, 8)}`,
    user: '',
    domain: '',
    hasPassword: false,
    hasPrivateKey: false,
    keyType: null,
    hasPassphrase: false,
    createdAt: 0,
    updatedAt: 0,
  };
}

function unreadable({ message, advice }: SallyportError): Failure {
  return { code: 'vault-unreadable', message, ...(advice !== undefined && { advice }) };
}

import { randomUUID } from 'node:crypto';
import type { RecordEvent } from '../audit-event.ts';
import type { Secret } from '../base/secret.ts';
import type { Display } from '../guacamole/handshake.ts';
import { type LocalWish, localRequest, type Opening, type SessionRequest } from '../sessions/request.ts';
import { connectionParameters, type Place } from './connection-parameters.ts';
import { FreshUnlocks } from './fresh-unlocks.ts';
import type { CredentialFields, CredentialsByUse } from './machines/credentials.ts';
import { type Machine, portOf, usesOf } from './machines/machine.ts';
import { checkAllowed, checkMember, type OfflinePolicy, openingOf, type ReachWatch } from './policy.ts';
import type { Vault } from './vault/vault.ts';

/** The address book, as far as a session needs it. */
export interface MachineBook {
  /** Rejects with `machine-not-found`. */
  get(id: string): Promise<Machine>;
}

/** Who asks, as far as this host knows. */
export interface Asker {
  /** A connection to the control socket: what a passphrase that was typed counts for. */
  readonly connection: object;
  readonly user: string | null;
  /** Their number among this system's users, where they came in by the door for members; null at the outpost's own. */
  readonly member: number | null;
  /** Whether the person belongs to the policy's group. */
  readonly isMember: boolean;
}

/** What a person types where a machine has refused the login that is kept for it. */
export interface TypedLogin {
  /** Empty: the one that is kept. */
  readonly user: string;
  readonly password: Secret;
}

/** How it is to be shown, and what for. */
export interface OpenWish {
  readonly display: Display;
  /** The window that will show it; one that shows the same again goes on with a session that was held. */
  readonly window: string;
  readonly reason: string | null;
  /** In place of what is kept, for this session alone. */
  readonly login?: TypedLogin;
}

export interface LocalSessionsOptions {
  readonly machines: MachineBook;
  readonly vault: Vault;
  readonly policy: () => OfflinePolicy;
  readonly reach: Pick<ReachWatch, 'reach'>;
  readonly record: RecordEvent;
  /** What the sessions were opened with that go on where this window shows them again; see `Broker.ofWindow`. */
  readonly ofWindow: (window: string) => readonly SessionRequest[];
}

/** Sessions that people open at this host: who may, and what guacd is told. */
export class LocalSessions {
  readonly #options: LocalSessionsOptions;
  readonly #fresh = new FreshUnlocks();

  constructor(options: LocalSessionsOptions) {
    this.#options = options;
  }

  /** For the status: whether anybody may open one now. */
  get opening() {
    const { policy, reach } = this.#options;
    return openingOf(policy(), reach.reach, performance.now());
  }

  /** The vault's passphrase was typed, and was right. */
  passphraseTyped(connection: object): void {
    this.#fresh.typed(connection);
  }

  /**
   * Asks for a machine of the address book, with its credentials. Rejects with `offline-refused`, `reason-missing`,
   * `vault-locked`, `machine-not-found` or `request-invalid`; nothing has happened then.
   */
  async machine(id: string, wish: OpenWish, asker: Asker): Promise<Opening> {
    const open = (session: string) => this.#open(id, wish, asker, session);
    const before = this.#options.ofWindow(wish.window).find(({ machineId, user, member = null }) => {
      return machineId === id && user === asker.user && member === asker.member;
    });
    if (!before) return { request: await open(randomUUID()) };
    // What was allowed when it was opened is not asked again for as long as it runs.
    checkMember(this.#options.policy(), asker);
    const request = { ...before, id: randomUUID(), display: wish.display };
    return { request, anew: () => open(request.id) };
  }

  async #open(id: string, wish: OpenWish, asker: Asker, session: string): Promise<SessionRequest> {
    // Before anything is told of the machine to one who may not.
    this.#check(wish, asker);
    const machine = await this.#options.machines.get(id);
    const credentials = await this.#credentials(machine, wish.login);
    return this.#ask(
      {
        ...machine,
        user: wish.login?.user || machine.user,
        port: portOf(machine),
        machine: machine.name,
        machineId: machine.id,
        guacd: machine.guacd === '' ? undefined : machine.guacd,
      },
      credentials,
      wish,
      asker,
      session,
    );
  }

  /** The same for a place that is in no address book. */
  async place(
    place: Omit<Place, 'port'> & Pick<Machine, 'port'>,
    wish: OpenWish,
    asker: Asker,
  ): Promise<Opening> {
    const nowhere = { ...place, port: portOf(place), machine: null, machineId: null };
    return { request: this.#ask(nowhere, {}, wish, asker, randomUUID()) };
  }

  #ask(
    place: Place & Pick<LocalWish, 'machine' | 'machineId' | 'guacd'>,
    credentials: CredentialsByUse,
    wish: OpenWish,
    asker: Asker,
    session: string,
  ): SessionRequest {
    // Again: the vault and the address book were waited for.
    this.#check(wish, asker);
    const { protocol, machine, machineId, guacd } = place;
    const request = localRequest({
      id: session,
      protocol,
      parameters: connectionParameters(place, credentials),
      display: wish.display,
      user: asker.user,
      ...(asker.member !== null && { member: asker.member }),
      machine,
      machineId,
      guacd,
    });
    this.#fresh.spend(asker.connection);
    const reason = wish.reason?.trim() ?? '';
    this.#options.record({
      kind: 'local-session-asked',
      session: request.id,
      source: 'local',
      protocol,
      user: request.user,
      machine: request.machine,
      reason: reason === '' ? null : reason,
    });
    return request;
  }

  #check({ reason }: OpenWish, { connection, isMember }: Asker): void {
    const { policy, reach, vault } = this.#options;
    const { state } = vault;
    const asking = {
      isMember,
      reason,
      protection: state.kind === 'none' ? null : state.protection,
      hasFreshPassphrase: this.#fresh.isFresh(connection),
    };
    checkAllowed(policy(), reach.reach, asking, performance.now());
  }

  /** A credential that has gone is one that is asked for. Of a login that was refused only the names are used again. */
  async #credentials(machine: Machine, typed: TypedLogin | undefined): Promise<CredentialsByUse> {
    const kept = new Map<string, CredentialFields>();
    for (const use of usesOf(machine.protocol)) {
      const id = machine[use];
      const fields = id === null ? null : await this.#options.vault.revealCredential(id);
      if (fields) kept.set(use, fields);
    }
    if (typed) {
      const { password: _, privateKey: __, passphrase: ___, ...names } = kept.get('credential') ?? {};
      kept.set('credential', { ...names, password: typed.password });
    }
    return Object.fromEntries(kept);
  }
}

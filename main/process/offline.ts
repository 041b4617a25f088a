import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { OfflineDesk } from '../control/offline-handlers.ts';
import type { ControlServerOptions } from '../control/server.ts';
import type { Tickets } from '../control/tickets.ts';
import type { VaultDesk } from '../control/vault-handlers.ts';
import type { AuditEvent, RecordEvent } from '../core/audit-event.ts';
import type { Failure } from '../core/errors.ts';
import { LocalSessions, type MachineBook } from '../core/offline/open.ts';
import { type OfflinePolicy, ReachWatch } from '../core/offline/policy.ts';
import { Vault, type VaultEvent } from '../core/offline/vault/vault.ts';
import type { Outpost } from '../core/outpost.ts';
import type { Admit } from '../core/sessions/admission.ts';
import type { EffectiveSettings } from '../core/settings/effective.ts';
import type { OutpostStatus } from '../core/status.ts';
import { MembersDoor } from './members-door.ts';
import { membersSessions } from './members-sessions.ts';
import { vaultFolder } from './state-folders.ts';
import { belongsTo } from './system-group.ts';

export interface OfflineOptions {
  readonly stateDir: string;
  /** Whether others than the user that it runs as may come in; the app's own outpost is that user's alone. */
  readonly isService: boolean;
  /** As they hold when they are asked for. */
  readonly settings: () => EffectiveSettings;
  readonly record: RecordEvent;
  /** Something in the status has changed. */
  readonly tell: () => void;
}

/** The vault, and sessions that people open at this host, in an outpost's process. */
export class Offline {
  readonly vault: Vault;
  readonly #options: OfflineOptions;
  readonly #reach = new ReachWatch();
  readonly #keyFile: string;
  #outpost: Outpost | null = null;
  /** Made when the outpost is there. */
  #sessions: LocalSessions | null = null;
  /** Tells again when authentik will have been out of reach for long enough. */
  #soon: NodeJS.Timeout | undefined;
  /** Not before it has been looked at. */
  #isMember = false;
  /** As it held at the start, for whom the door and `#isMember` were looked at; undefined before. */
  #group: string | null | undefined;
  #door: MembersDoor | null = null;

  constructor(options: OfflineOptions) {
    this.#options = options;
    const folder = vaultFolder(options.stateDir);
    this.#keyFile = join(folder, 'key');
    this.vault = new Vault(folder, { minutes: () => options.settings().get('vault.minutes') });
    this.vault.onChange(options.tell);
    this.vault.onEvent((event) => options.record(this.#audited(event)));
  }

  /** Reads the vault, and opens the door for members. Not before it is sure that no other outpost has it. */
  async begin(door: Pick<ControlServerOptions, 'handlers' | 'tickets' | 'logger'>): Promise<void> {
    await this.vault.begin();
    const { group } = this.#policy();
    this.#group = group;
    if (group === null) return;
    this.#isMember = await belongsTo(group);
    if (!this.#options.isService) return;
    const sessions = membersSessions(() => this.#outpost);
    this.#door = await MembersDoor.open({ ...door, group, sessions });
  }

  async end(): Promise<void> {
    await this.#door?.close();
    clearTimeout(this.#soon);
    await this.vault.close();
  }

  get warnings(): readonly Failure[] {
    return [...this.vault.warnings, ...(this.#door?.problem ? [this.#door.problem] : [])];
  }

  /** What the status says of it. */
  readonly status = (): Pick<OutpostStatus, 'offline' | 'vault'> => {
    const { state } = this.vault;
    return {
      ...(this.#sessions && { offline: this.#sessions.opening }),
      vault: { kind: state.kind, until: state.kind === 'unlocked' ? state.until : null },
    };
  };

  /** `admit` with what is set for sessions of this host: that each is recorded. */
  admit(admit: Admit): Admit {
    return async (request, sessions, signal) => {
      const admission = await admit(request, sessions, signal);
      if (request.source !== 'local' || !this.#options.settings().get('offline.record')) return admission;
      // What cannot be recorded must not go on: that is what the setting is for.
      return { ...admission, record: 'always', failWithRecording: true };
    };
  }

  /** Follows the outpost from now on; whoever asks for a session gets it there. */
  desk(outpost: Outpost, machines: MachineBook, tickets: Tickets): OfflineDesk {
    const sessions = new LocalSessions({
      machines,
      vault: this.vault,
      policy: () => this.#policy(),
      reach: this.#reach,
      record: this.#options.record,
      ofWindow: (window) => outpost.ofWindow(window),
    });
    this.#sessions = sessions;
    this.#outpost = outpost;
    this.#see(outpost);
    outpost.onStatus(() => this.#see(outpost));
    return {
      sessions,
      tickets,
      openLocal: (opening, openPeer, window) => outpost.openLocal(opening, openPeer, window),
      watch: (id, watcher, display, openPeer) => outpost.watch(id, watcher, display, openPeer),
      asker: (context) => ({
        connection: context,
        user: context.member === null ? ourName() : context.member.name,
        member: context.member?.uid ?? null,
        isMember: context.member !== null || this.#isMember,
      }),
    };
  }

  get vaultDesk(): VaultDesk {
    return {
      vault: this.vault,
      keyFile: this.#keyFile,
      passphraseTyped: (connection) => this.#sessions?.passphraseTyped(connection),
    };
  }

  #policy(): OfflinePolicy {
    const settings = this.#options.settings();
    return {
      mode: settings.get('offline.mode'),
      afterMs: settings.get('offline.afterSeconds') * 1000,
      askReason: settings.get('offline.askReason'),
      requirePassphrase: settings.get('offline.requirePassphrase'),
      group: this.#group === undefined ? settings.get('offline.group') : this.#group,
    };
  }

  #see(outpost: Pick<Outpost, 'phase' | 'link'>): void {
    const now = performance.now();
    this.#reach.see(outpost, now);
    clearTimeout(this.#soon);
    const { reach } = this.#reach;
    const { mode, afterMs } = this.#policy();
    if (reach.kind !== 'out-of-reach' || mode !== 'unreachable') return;
    const left = reach.since + afterMs - now;
    if (left <= 0) return;
    this.#soon = setTimeout(this.#options.tell, left + 1);
    this.#soon.unref();
  }

  #audited(event: VaultEvent): AuditEvent {
    const { state } = this.vault;
    const protection = state.kind === 'none' ? 'none' : state.protection;
    switch (event.kind) {
      case 'created':
        return { kind: 'vault-created', protection };
      case 'unlocked':
        return { kind: 'vault-unlocked', protection, by: event.member ?? ourName() };
      case 'protection-changed':
        return { kind: 'vault-changed', protection };
      case 'refused':
        return { kind: 'vault-refused', by: event.member ?? ourName() };
      case 'locked':
        return { kind: 'vault-locked', because: event.because };
      case 'credential-kept':
      case 'credential-removed':
        return { kind: event.kind, credential: event.name };
      default:
        return event satisfies never;
    }
  }
}

/** Whether systemd, or root, has started this outpost for others than the one who started it. */
export function isService(environment: NodeJS.ProcessEnv): boolean {
  const given = environment['RUNTIME_DIRECTORY'] ?? environment['STATE_DIRECTORY'];
  return process.getuid?.() === 0 || given !== undefined;
}

/** Who drives this outpost: its socket is open to nobody else. */
function ourName(): string | null {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry, as containers have them.
    return process.getuid === undefined ? null : `uid ${process.getuid()}`;
  }
}

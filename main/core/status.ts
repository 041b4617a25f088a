import type { Failure } from './errors.ts';

/** Moments are milliseconds since 1970, as `Date.now()` gives them. */
export type Moment = number;

/** The event websocket to authentik. */
export type LinkState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'connecting'; readonly attempt: number; readonly since: Moment }
  | { readonly kind: 'online'; readonly since: Moment; readonly acknowledgedAt: Moment | null }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryAt: Moment; readonly reason: Failure }
  | { readonly kind: 'rejected'; readonly retryAt: Moment; readonly reason: Failure };

/** What authentik says of this outpost, from its REST API. */
export interface OutpostInfo {
  readonly pk: string;
  readonly name: string;
  readonly providers: readonly { readonly pk: number; readonly name: string }[];
  /** The outpost's configuration as authentik gave it; unknown options included. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly updatedAt: Moment;
}

export type GuacdState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly since: Moment; readonly step?: StartingStep }
  | { readonly kind: 'up'; readonly since: Moment; readonly instances: readonly GuacdInstance[] }
  | { readonly kind: 'down'; readonly retryAt: Moment; readonly reason: Failure };

/** What takes long while guacd is being started: its image is brought here. */
export interface StartingStep {
  readonly kind: 'fetching' | 'loading';
  readonly image: string;
}

/** What a guacd of ours runs in. */
export interface GuacdContainer {
  readonly engine: 'podman' | 'docker';
  /** As it was asked for, such as `guacamole/guacd:1.6.0`. */
  readonly image: string;
}

/** One guacd that sessions can go through. */
export interface GuacdInstance {
  /** `host:port`. */
  readonly address: string;
  readonly healthy: boolean;
  /** Exact version where it could be had (`guacd -v`), else the protocol's from the handshake, else null. */
  readonly version: string | null;
  readonly sessions: number;
  readonly reason: Failure | null;
  /** Left out where it is a program, or others run it. */
  readonly container?: GuacdContainer;
}

export type MetricsState =
  | { readonly kind: 'off' }
  | { readonly kind: 'listening'; readonly address: string }
  | { readonly kind: 'failed'; readonly address: string; readonly reason: Failure };

export type Protocol = 'rdp' | 'ssh' | 'vnc' | 'telnet' | 'kubernetes';

/** Why a session ended, as a word for metrics, journal and history. */
export type EndReason =
  | 'user-left'
  | 'machine-ended'
  | 'ended-by-admin'
  | 'ended-by-authentik'
  | 'failed'
  | 'refused'
  | 'peer-lost'
  | 'guacd-lost'
  | 'hold-expired'
  | 'guardrail'
  | 'shutdown';

export interface SessionStatus {
  readonly id: string;
  readonly source: 'authentik' | 'local' | 'watch';
  readonly protocol: string;
  /** From `client-name` as authentik sends it; null where nothing tells. */
  readonly user: string | null;
  /** Who came in by the door for members: their number among this system's users. Left out for everybody else. */
  readonly member?: number;
  /** `host:port` or as much of it as is known. */
  readonly machine: string;
  /** `held`: the person's end has gone, guacd's connection is kept for it to come back. */
  readonly state: 'connecting' | 'live' | 'held' | 'ending';
  readonly startedAt: Moment;
  /** Set-up in milliseconds; null until the session is live. */
  readonly setupMs: number | null;
  readonly bytesToPeer: number;
  readonly bytesToGuacd: number;
  /** Bytes that wait for the person's end to take them. */
  readonly queuedBytes: number;
  /** The guacd it goes through, `host:port`; null until one took it. */
  readonly guacd: string | null;
  /** Names of the connection's parameters; values are not told. */
  readonly parameters: readonly string[];
  /** Files on their way to or from the session's drive; left out where there are none. */
  readonly transfers?: readonly TransferStatus[];
  /** Until when the person may come back; only while it is held. */
  readonly heldUntil?: Moment;
  /** Left out where the session is not recorded. */
  readonly recording?: 'on' | 'failed';
  /** How many watch it now; left out where nobody does. */
  readonly watchers?: number;
  /** With the source `watch`: the id of the session that is watched. */
  readonly watching?: string;
  /** The machine of this host's address book that it goes to; left out where it is none of those. */
  readonly machineId?: string;
  /** The id that whoever came back to it last was told; left out where nobody did. */
  readonly resumedAs?: string;
}

/** A file on its way to or from a session's drive. */
export interface TransferStatus {
  /** Where in the drive: absolute, `/`-separated. May hold any characters but control characters. */
  readonly path: string;
  readonly direction: 'upload' | 'download';
  /** Of the whole file, in bytes. */
  readonly size: number;
  /** Bytes that are done with. */
  readonly done: number;
}

/** A session that is over. */
export interface EndedSession
  extends Omit<
    SessionStatus,
    'state' | 'queuedBytes' | 'transfers' | 'heldUntil' | 'watchers' | 'recording'
  > {
  readonly endedAt: Moment;
  readonly reason: EndReason;
  /** In words, where something went wrong. */
  readonly failure: Failure | null;
  /** The id of its recording; left out where there is none. */
  readonly recording?: string;
}

/** Whether sessions may be opened at this host, without authentik. */
export interface OfflineStatus {
  readonly mode: 'never' | 'unreachable' | 'always';
  readonly open: boolean;
  /** Why, or why not, as one sentence. */
  readonly because: string;
  /** Whether one has to say what it is for. */
  readonly asksReason: boolean;
  /** Whether the vault's passphrase has to be typed each time. */
  readonly asksPassphrase: boolean;
}

/** The credentials of this host’s machines. */
export interface VaultStatus {
  readonly kind: 'none' | 'locked' | 'unlocked';
  /** Until when it stays unlocked. */
  readonly until: Moment | null;
}

/** What is known about the outpost: one readonly snapshot for everyone. */
export interface OutpostStatus {
  /** As a member sees it: what is not for them is empty. Left out for everybody else. */
  readonly forMember?: true;
  readonly version: string;
  readonly pid: number;
  readonly startedAt: Moment;
  /** What the admin last asked for; survives a restart of the process. */
  readonly wish: 'run' | 'stop';
  readonly phase: 'stopped' | 'running' | 'draining' | 'stopping';
  /** authentik's address without query and credentials; null where none is configured. */
  readonly host: string | null;
  readonly insecure: boolean;
  readonly link: LinkState;
  readonly outpost: OutpostInfo | null;
  /** Why the last fetch of the outpost's configuration failed; null when it did not. */
  readonly updateFailure: Failure | null;
  readonly guacd: GuacdState;
  readonly metrics: MetricsState;
  readonly sessions: readonly SessionStatus[];
  /** The last that ended, newest first; at most 200. */
  readonly history: readonly EndedSession[];
  readonly sessionLimit: number;
  /** Left out by an outpost that has no machines of its own. */
  readonly offline?: OfflineStatus;
  readonly vault?: VaultStatus;
  /** What an admin should know though everything works: an old guacd, `insecure`, a damaged file kept aside. */
  readonly warnings: readonly Failure[];
}

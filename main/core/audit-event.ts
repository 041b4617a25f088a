import type { EndReason, SessionStatus } from './status.ts';

/** What is told of a session whenever something is told of it; no parameters, no secrets. */
export interface SessionFacts {
  readonly session: string;
  readonly source: SessionStatus['source'];
  readonly protocol: string;
  readonly user: string | null;
  readonly machine: string;
}

/** What happened on this jump host that somebody may ask about later. Names, never secrets. */
export type AuditEvent =
  | { readonly kind: 'outpost-started'; readonly version: string }
  | { readonly kind: 'outpost-stopped' }
  /** `found`: it was seen at the start that somebody had changed it by hand, or while the outpost was stopped. */
  | { readonly kind: 'settings-changed'; readonly setting: string; readonly found?: true }
  | { readonly kind: 'guardrails-changed'; readonly found?: true }
  /** The address book, or the vault's file: of what they hold nothing is known from before. */
  | { readonly kind: 'machines-changed' | 'vault-file-changed'; readonly found: true }
  /** Whether anything was changed while the outpost was stopped cannot be told. */
  | { readonly kind: 'last-seen-lost'; readonly how: 'missing' | 'unreadable' }
  /** A local session was asked for by somebody at this host. */
  | ({ readonly kind: 'local-session-asked'; readonly reason: string | null } & SessionFacts)
  | ({ readonly kind: 'session-opened'; readonly recorded: boolean } & SessionFacts)
  | ({
      readonly kind: 'session-ended';
      /** ISO 8601. */
      readonly since: string;
      readonly how: EndReason;
      /** What went wrong, in words; null where nothing did. */
      readonly failure: string | null;
      readonly bytesToPeer: number;
      readonly bytesToGuacd: number;
      readonly recording: string | null;
    } & SessionFacts)
  | ({ readonly kind: 'session-refused'; readonly code: string; readonly failure: string } & Omit<
      SessionFacts,
      'session'
    >)
  | ({ readonly kind: 'session-held' | 'session-resumed' | 'session-hold-expired' } & SessionFacts)
  | ({
      readonly kind: 'session-watched';
      readonly watcher: string | null;
      readonly watch: 'began' | 'ended';
    } & SessionFacts)
  | ({
      readonly kind: 'file-transferred';
      readonly path: string;
      readonly direction: 'upload' | 'download';
      /** In bytes. */
      readonly size: number;
      /** Of what was moved, as hexadecimal digits. */
      readonly sha256: string;
    } & SessionFacts)
  | { readonly kind: 'vault-created' | 'vault-changed'; readonly protection: string }
  /** `by`: a member of the service, else whose outpost it is; null where the system has no name for them. */
  | { readonly kind: 'vault-unlocked'; readonly protection: string; readonly by: string | null }
  | { readonly kind: 'vault-refused'; readonly by: string | null }
  | { readonly kind: 'vault-locked'; readonly because: string }
  | { readonly kind: 'credential-kept' | 'credential-removed'; readonly credential: string }
  | { readonly kind: 'machine-added' | 'machine-changed' | 'machine-removed'; readonly machine: string }
  | {
      readonly kind: 'machines-imported';
      readonly from: string;
      readonly added: number;
      readonly changed: number;
      readonly skipped: number;
    }
  | { readonly kind: 'machines-exported'; readonly count: number; readonly withSecrets: boolean }
  | {
      readonly kind: 'recording-failed';
      readonly recording: string | null;
      readonly session: string;
      readonly failure: string;
    }
  | {
      readonly kind: 'recording-played' | 'recording-exported' | 'recording-removed';
      readonly recording: string;
      readonly because: string;
    }
  /** authentik takes an entry at no price; it is told of the others. */
  | { readonly kind: 'hand-over-refused'; readonly entry: number; readonly failure: string }
  /** The journal's oldest part is removed: `first` is the first entry that stays, `untold` what authentik never heard of. */
  | { readonly kind: 'journal-trimmed'; readonly first: number; readonly untold: number }
  /** More happened than could be kept while the disk took nothing. */
  | { readonly kind: 'events-lost'; readonly count: number }
  /** The journal itself was found other than it was left. */
  | { readonly kind: 'journal-found'; readonly problem: string };

export type AuditKind = AuditEvent['kind'];

/** One line of the journal. */
export interface AuditEntry {
  /** Counts from 1, without gaps. */
  readonly n: number;
  /** ISO 8601. */
  readonly at: string;
  /** SHA-256 of the line before, as hexadecimal digits; zeros for the first. */
  readonly previous: string;
  readonly event: AuditEvent;
}

/** Hears of what happened. Never throws and never waits: nobody's work depends on the journal. */
export type RecordEvent = (event: AuditEvent) => void;

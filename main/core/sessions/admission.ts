import type { SessionRequest } from './request.ts';

/** What this jump host's admin has to say about a session before guacd is dialled for it. */
export interface Admission {
  /** What is opened: parameters forced or removed, a name replaced by the address that it was found to have. */
  readonly request: SessionRequest;
  /** Name of the rule that matched; null where none did. */
  readonly rule: string | null;
  /** Null: the setting decides. */
  readonly record: 'always' | 'never' | null;
  /** Milliseconds from the first picture; null: no limit. */
  readonly longestMs: number | null;
  /** Milliseconds without a key, a touch or a movement of the mouse; null: no limit. */
  readonly idleMs: number | null;
  /** The longest time that the session may be held, in milliseconds; null: the setting decides alone. */
  readonly holdMs: number | null;
  /** Ends the session when its recording stops. */
  readonly failWithRecording: boolean;
  /** Null: what the request's parameters allow. */
  readonly files: AdmittedFiles | null;
}

/** What may be moved to and from the session's drive, beside what its parameters allow. */
export interface AdmittedFiles {
  readonly upload: boolean;
  readonly download: boolean;
  /** Of one file; null: no limit. */
  readonly maxBytes: number | null;
  /** Patterns of names that do not pass, such as `*.exe`. */
  readonly names: readonly string[];
}

/** What else there is while a session is being set up. */
export interface OtherSessions {
  /** Whether the session of this id is there when it is called and not ending: others come and go while a decision waits. */
  readonly isThere: (id: string) => boolean;
  /**
   * Ends the held session that waits longest, of those with these ids, because its place is needed. False where none of
   * them is held, or somebody is coming back to each.
   */
  readonly makeRoom: (among: ReadonlySet<string>) => boolean;
}

/**
 * Decides about a session while it is being set up. A rejection is a refusal, and its sentence is told to the person; the
 * signal is aborted when nobody waits for the decision any more.
 */
export type Admit = (
  request: SessionRequest,
  sessions: OtherSessions,
  signal: AbortSignal,
) => Promise<Admission>;

/** A session as it was asked for, without bounds of its own. */
export function admittedAs(request: SessionRequest): Admission {
  return {
    request,
    rule: null,
    record: null,
    longestMs: null,
    idleMs: null,
    holdMs: null,
    failWithRecording: false,
    files: null,
  };
}

/** Lets everything in as it was asked for. */
export const ADMIT_ALL: Admit = async (request) => admittedAs(request);

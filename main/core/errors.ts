import { errnoFailure } from './errno.ts';

/** Every way something can fail, for programs. People read `message` and `advice`. */
export const ERROR_CODES = [
  // settings, files, process
  'settings-invalid',
  'settings-unreadable',
  'settings-newer',
  'token-missing',
  'token-unreadable',
  'file-unreadable',
  'file-unwritable',
  'disk-full',
  'already-running',
  // reaching authentik
  'dns-failed',
  'connect-refused',
  'connect-timeout',
  'connection-lost',
  'tls-untrusted',
  'tls-name',
  'tls-expired',
  'tls-fingerprint',
  'tls-failed',
  'client-certificate',
  'proxy-failed',
  'http-status',
  'api-refused',
  'not-authentik',
  'bad-answer',
  'token-rejected',
  'no-outpost',
  'wrong-outpost-type',
  'upgrade-refused',
  // guacd
  'guacd-missing',
  'guacd-container',
  'guacd-unreachable',
  'guacd-refused',
  'guacd-timeout',
  'guacd-protocol',
  'guacd-died',
  'guacd-outdated',
  'guacd-unprotected',
  // Guacamole's language
  'instruction-malformed',
  'instruction-too-long',
  // sessions
  'request-invalid',
  'session-limit',
  'guardrail',
  'session-not-found',
  'session-not-watchable',
  'draining',
  'not-running',
  'setup-timeout',
  'peer-lost',
  'drive-failed',
  'journal-broken',
  'recording-failed',
  'recording-unreadable',
  // machines
  'machine-not-found',
  // vault, sessions opened on this host
  'vault-missing',
  'vault-locked',
  'vault-refused',
  'vault-unreadable',
  'credential-not-found',
  'offline-refused',
  'reason-missing',
  // control, metrics
  'control-unreachable',
  'control-protocol',
  'control-refused',
  'ticket-invalid',
  'listen-failed',
  'port-taken',
  'metrics-exposed',
  // everything else
  'aborted',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A failure as it crosses borders: no stack, no cause, nothing secret. */
export interface Failure {
  readonly code: ErrorCode;
  /** What happened and why, as one sentence. */
  readonly message: string;
  /** What to do about it, as one sentence. */
  readonly advice?: string;
}

export interface ErrorDetails {
  readonly advice?: string | undefined;
  readonly cause?: unknown;
  /** The Guacamole status that tells the person in the browser; see `guacamole/status.ts`. */
  readonly status?: number | undefined;
}

/** The one error class of the outpost. `message` is a sentence for people; stack and cause stay in the log. */
export class SallyportError extends Error {
  override readonly name = 'SallyportError';
  readonly code: ErrorCode;
  readonly advice: string | undefined;
  readonly status: number | undefined;

  constructor(code: ErrorCode, message: string, { advice, cause, status }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.advice = advice;
    this.status = status;
  }

  toFailure(): Failure {
    return this.advice === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, advice: this.advice };
  }

  /**
   * Anything that was thrown, as a `SallyportError`: itself, a system error in words, or `fallback` with the
   * error's own text. `subject` names what failed, such as `sso.example.org:443`.
   */
  static from(error: unknown, subject = 'The operation', fallback: ErrorCode = 'internal'): SallyportError {
    if (error instanceof SallyportError) return error;
    if (isAbort(error)) return new SallyportError('aborted', `${subject} was cancelled.`, { cause: error });
    const known = errnoFailure(error, subject);
    if (known) return new SallyportError(known.code, known.message, { advice: known.advice, cause: error });
    const text = error instanceof Error ? error.message : String(error);
    return new SallyportError(fallback, `${subject} failed: ${text}`, { cause: error });
  }
}

/** The whole failure in words, as tray, console, CLI and log show it. */
export function failureText({ message, advice }: Failure): string {
  return advice === undefined ? message : `${message} ${advice}`;
}

function isAbort(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'))
  );
}

import type { Failure } from '../../main/core/errors.ts';
import type { OutpostStatus } from '../../main/core/status.ts';

/** Which window a renderer lives in; each request says which of them may make it. */
export type WindowKind = 'console' | 'viewer';

/** The outpost as the app sees it. `attached`: a service that was there before and goes on at quit. */
export type OutpostLink =
  | { readonly kind: 'starting' }
  | { readonly kind: 'attached' | 'own'; readonly pid: number | null }
  /** `retryAt`: when it is started again, in ms since 1970; null where nobody does. */
  | { readonly kind: 'ended'; readonly failure: Failure; readonly retryAt: number | null }
  /** The key of the outpost's secrets waits for a passphrase: `secrets/unlock`. */
  | { readonly kind: 'locked' };

/** One readonly snapshot of the app, pushed on change. */
export interface AppState {
  readonly outpost: OutpostLink;
  /** The newest that is known; null until the outpost has answered, and while there is none. */
  readonly status: OutpostStatus | null;
  /** Whether the desktop shows tray icons. */
  readonly tray: 'there' | 'missing' | 'unknown';
  readonly practice: 'off' | 'starting' | 'running';
  /** Where practice's page is; opened by `link/open`. */
  readonly practiceUrl: string | null;
  /** Why practice ended or did not start, until it is started again. */
  readonly practiceFailure: Failure | null;
  /** Sallyport's version and Electron's. */
  readonly version: string;
  readonly electron: string;
  /** Neither an address of authentik nor a token is known yet. */
  readonly firstRun: boolean;
}

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'system' | 'en' | 'de';

/** What the app tells by the system's notifications; each can be switched off. */
export interface Notices {
  /** Lost for more than a minute, and back. */
  readonly connectionLost: boolean;
  readonly tokenRejected: boolean;
  readonly guacdDying: boolean;
  readonly sessionStarted: boolean;
  readonly sessionEnded: boolean;
  /** authentik's configuration of the outpost could not be fetched. */
  readonly updateFailed: boolean;
  /** A session was not recorded to its end. */
  readonly recordingFailed: boolean;
}

/** What belongs to the window side; the outpost's settings stay the outpost's. */
export interface Preferences {
  readonly theme: Theme;
  readonly language: Language;
  readonly startAtLogin: boolean;
  readonly startMinimised: boolean;
  readonly notices: Notices;
}

export type Protection = 'keychain' | 'passphrase' | 'key-file' | 'handed-in';

/** What guards the key of the outpost's secrets. */
export interface SecretsState {
  readonly protection: Protection;
  /** `basic`: the system has only a keychain that protects nothing (`basic_text`). */
  readonly keychain: 'real' | 'basic' | 'missing';
  /** A passphrase is needed before the outpost can start. */
  readonly locked: boolean;
}

/** Something that would be in the diagnostics file. */
export interface DiagnosticsEntry {
  /** Its name in the zip, such as `status.json`. */
  readonly name: string;
  readonly bytes: number;
  /** What it holds, for people. */
  readonly what: string;
}

/** What was found in a pasted deployment snippet. The token stays on the main side. */
export interface Snippet {
  readonly host: string | null;
  readonly insecure: boolean | null;
  readonly hasToken: boolean;
  /** Stands for the token in `doctor/run` and `token/set`; forgotten after 15 minutes. */
  readonly tokenId: string | null;
}

export type LinkName = 'authentik' | 'outposts' | 'docs-rac' | 'guacd-releases' | 'practice';

export type PageName =
  | 'overview'
  | 'sessions'
  | 'machines'
  | 'activity'
  | 'log'
  | 'settings'
  | 'help'
  | 'diagnostics';

/** One certificate that a server shows. */
export interface ShownCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256, `AB:CD:…`. */
  readonly fingerprint: string;
  readonly selfSigned: boolean;
  readonly isCa: boolean;
  readonly pem: string;
}

/** What a server shows, its own certificate first, without trusting it. */
export interface CertificateReport {
  readonly chain: readonly ShownCertificate[];
  readonly trusted: boolean;
  readonly failure: Failure | null;
}

/** One setting with its effective value, where that comes from, and what the setting is. */
export interface SettingRow {
  readonly key: string;
  /** `***` for a secret that is there; null where nothing is set. */
  readonly value: string | null;
  readonly origin: string;
  readonly originKind: 'flag' | 'environment' | 'file' | 'authentik' | 'default';
  /** Not ours to change: a flag or the environment outranks the file, or it cannot be in the file. */
  readonly locked: boolean;
  readonly secret: boolean;
  readonly description: string;
  readonly environment: readonly string[];
  readonly flag: string;
  readonly default: string | null;
  /** What a value looks like, such as `a number from 1 to 500`. */
  readonly expects: string;
  readonly unit: string | null;
  readonly applies: 'live' | 'next-connection' | 'restart';
  readonly kind: 'text' | 'yes-no' | 'choice' | 'number' | 'bytes' | 'path' | 'url';
  readonly choices: readonly string[];
}

/** Bytes since the sample before, and open sessions; `at` in ms since 1970. */
export interface TrafficSample {
  readonly at: number;
  readonly sessions: number;
  readonly toPeer: number;
  readonly toGuacd: number;
}

export interface Traffic {
  readonly everyMs: number;
  readonly samples: readonly TrafficSample[];
}

export interface Versions {
  readonly sallyport: string;
  readonly node: string;
  readonly openssl: string;
  readonly platform: string;
  readonly arch: string;
  readonly guacd: string | null;
}

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export type LogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error';

export interface LogLine {
  /** ISO 8601 with milliseconds, UTC. */
  readonly timestamp: string;
  readonly level: LogLevel;
  /** The part of the outpost that told it, such as `sallyport.link`. */
  readonly logger: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, Json>>;
}

/** One option of the outpost in authentik, explained. */
export interface OutpostOptionRow {
  readonly name: string;
  /** The value in effect as JSON text. */
  readonly value: string;
  /** Whether authentik gave the option at all. */
  readonly given: boolean;
  /** Null for an option that this version does not know. */
  readonly meaning: string | null;
  /** How it is used here, or why it is not. */
  readonly here: string;
  readonly applies: boolean;
  readonly problem: Failure | null;
}

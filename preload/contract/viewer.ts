import * as v from 'valibot';
import type { Failure } from '../../main/core/errors.ts';
import type { ProtectionKind } from '../../main/core/offline/vault/shapes.ts';
import type { EndReason } from '../../main/core/status.ts';
import { takes } from './request.ts';
import type { Preferences } from './types.ts';

/** Names of files as machines give them, which can be far longer than any system takes. */
export const MAX_SAVE_NAME = 4096;
/** Bytes that may be under way to a window, or from it to a file, without having been taken. */
export const WINDOW_BYTES = 2 * 1024 * 1024;
/** No message of a window on a port is larger, in bytes. */
export const MAX_PORT_BYTES = 256 * 1024;
/** Files that one window may be saving at the same time. */
export const MAX_SAVES = 8;

const nothing = v.strictObject({});
const pixels = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));

/** What the window can show and hear; pixels are the screen's own. */
const display = v.strictObject({
  width: pixels,
  height: pixels,
  dpi: v.pipe(v.number(), v.integer(), v.minValue(24), v.maxValue(1200)),
  audio: v.pipe(v.array(v.pipe(v.string(), v.regex(/^audio\/L(?:8|16)$/))), v.maxLength(4)),
});
export type ViewerDisplay = v.InferOutput<typeof display>;

type Nothing = Readonly<Record<string, never>>;

/** Whose session a window shows; what is not known yet is null. */
export interface ViewerAbout {
  /** `watch`: a session of somebody else, which is only looked at. */
  readonly kind: 'machine' | 'watch';
  readonly machine: string;
  readonly user: string | null;
  readonly protocol: string | null;
  readonly recording: 'on' | 'failed' | null;
  /** When the session began, in ms since 1970. */
  readonly startedAt: number | null;
  /** How it ended, once the outpost has said so. */
  readonly ended: {
    readonly reason: EndReason;
    readonly failure: Failure | null;
    readonly endedAt: number;
  } | null;
}

/** What this host wants of the person before it opens the session. */
export type ViewerNeed =
  /** What the session is for. */
  | { readonly kind: 'reason' }
  /** The vault is to be unlocked; `always`: it is, and its passphrase is asked for before each session. */
  | { readonly kind: 'vault'; readonly protection: ProtectionKind; readonly always: boolean };

/** The session's stream comes as the port with this number; or something is needed first. */
export type ViewerBegun = { readonly port: number } | { readonly needs: ViewerNeed };

const typed = v.pipe(v.string(), v.maxLength(4096));
/** Typed where a machine has refused what is kept for it; the user empty where the kept one is meant. */
const login = v.strictObject({ user: typed, password: v.pipe(typed, v.minLength(1)) });
export type ViewerLogin = v.InferOutput<typeof login>;

/** Every request that only viewer windows make. Each is about the window that makes it. */
export const VIEWER_REQUESTS = {
  'viewer/about': takes(nothing, ['viewer']).gives<ViewerAbout>(),
  /** Opens the session, or opens it again, from now on for this reason; with this login once. */
  'viewer/begin': takes(
    v.strictObject({
      display,
      reason: v.exactOptional(v.pipe(v.string(), v.maxLength(1024))),
      login: v.exactOptional(login),
    }),
    ['viewer'],
  ).gives<ViewerBegun>(),
  /** Unlocks the vault that the session waits for; without a passphrase by what else opens it. */
  'viewer/unlock': takes(
    v.strictObject({ passphrase: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))) }),
    ['viewer'],
  ).gives<Nothing>(),
  /** Asks the person where to; the path stays on the main side. `port` is null where the person cancelled. */
  'viewer/save': takes(
    v.strictObject({
      what: v.picklist(['file', 'screenshot']),
      name: v.pipe(v.string(), v.maxLength(MAX_SAVE_NAME)),
    }),
    ['viewer'],
  ).gives<{ readonly port: number | null }>(),
  /** The person is done with the session. */
  'viewer/close': takes(nothing, ['viewer']).gives<Nothing>(),
} as const;

/** What a viewer window hears. */
export interface ViewerEvents {
  'viewer/about': ViewerAbout;
  preferences: Preferences;
}

export const VIEWER_EVENTS = {
  'viewer/about': true,
  preferences: true,
} as const satisfies Readonly<Record<keyof ViewerEvents, true>>;

/** What comes with a port on `PORT_CHANNEL`, and from the preload into the page. */
export interface PortNotice {
  readonly sallyportPort: number;
}

/** The last message of a display's port: why it is over, where it did not simply end. */
export interface DisplayEnd {
  readonly end: Failure | null;
}

/** What a page says on a file's port: its bytes, and in the end one of these. */
export type SaveWord = { readonly finish: true } | { readonly abort: true };
/** What it hears there: a number grants so many bytes more; in the end one of these. */
export type SaveOutcome = { readonly saved: string } | { readonly failure: Failure };

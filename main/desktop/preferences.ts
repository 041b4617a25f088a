import * as v from 'valibot';
import type { Notices, Preferences } from '../../preload/contract/types.ts';

/** Sessions come and go all day: they are told only to those who ask. */
const DEFAULT_NOTICES: Notices = {
  connectionLost: true,
  tokenRejected: true,
  guacdDying: true,
  sessionStarted: false,
  sessionEnded: false,
  updateFailed: true,
  recordingFailed: true,
};

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  language: 'system',
  startAtLogin: false,
  startMinimised: true,
  notices: DEFAULT_NOTICES,
};

export interface WindowBounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly maximised: boolean;
}

/** Where the window of a machine was when it was closed. */
export interface ViewerPlace extends WindowBounds {
  /** The machine's id, or `watch` for every window that watches. */
  readonly of: string;
}

/** Everything that the window side remembers. */
export interface WindowMemory {
  readonly preferences: Preferences;
  /** Of the console. */
  readonly bounds: WindowBounds | null;
  /** At most `MAX_PLACES`, the last that was closed at the end. */
  readonly viewers: readonly ViewerPlace[];
  /** Things that were said once and are not said again. */
  readonly said: readonly string[];
}

const truth = (fallback: boolean) => v.optional(v.fallback(v.boolean(), fallback), fallback);
const pixel = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));

const notices = v.object({
  connectionLost: truth(DEFAULT_NOTICES.connectionLost),
  tokenRejected: truth(DEFAULT_NOTICES.tokenRejected),
  guacdDying: truth(DEFAULT_NOTICES.guacdDying),
  sessionStarted: truth(DEFAULT_NOTICES.sessionStarted),
  sessionEnded: truth(DEFAULT_NOTICES.sessionEnded),
  updateFailed: truth(DEFAULT_NOTICES.updateFailed),
  recordingFailed: truth(DEFAULT_NOTICES.recordingFailed),
});

const preferences = v.object({
  theme: v.optional(v.fallback(v.picklist(['system', 'light', 'dark']), 'system'), 'system'),
  language: v.optional(v.fallback(v.picklist(['system', 'en', 'de']), 'system'), 'system'),
  startAtLogin: truth(DEFAULT_PREFERENCES.startAtLogin),
  startMinimised: truth(DEFAULT_PREFERENCES.startMinimised),
  notices: v.optional(v.fallback(notices, DEFAULT_NOTICES), DEFAULT_NOTICES),
});

const place = {
  x: pixel,
  y: pixel,
  width: v.pipe(pixel, v.minValue(200)),
  height: v.pipe(pixel, v.minValue(200)),
  maximised: truth(false),
};
const bounds = v.object(place);
const viewer = v.object({ of: v.pipe(v.string(), v.maxLength(64)), ...place });

/** Machines whose windows' places are remembered. */
export const MAX_PLACES = 200;

const memory = v.object({
  preferences: v.optional(v.fallback(preferences, DEFAULT_PREFERENCES), DEFAULT_PREFERENCES),
  bounds: v.optional(v.fallback(v.nullable(bounds), null), null),
  viewers: v.optional(v.fallback(v.pipe(v.array(viewer), v.maxLength(MAX_PLACES)), []), []),
  said: v.optional(v.fallback(v.array(v.string()), []), []),
});

/** What is in the file, each wrong part replaced by its default alone; never throws. */
export function readMemory(stored: unknown): WindowMemory {
  const decoded = v.safeParse(memory, stored);
  if (decoded.success) return decoded.output;
  return { preferences: DEFAULT_PREFERENCES, bounds: null, viewers: [], said: [] };
}

/** With one place more; the one that was not used for longest makes room. */
export function withPlace(places: readonly ViewerPlace[], place: ViewerPlace): readonly ViewerPlace[] {
  return [...places.filter(({ of }) => of !== place.of), place].slice(-MAX_PLACES);
}

/** A part of the preferences, as a page or the tray changes them. */
export interface PreferencesChange {
  readonly theme?: Preferences['theme'];
  readonly language?: Preferences['language'];
  readonly startAtLogin?: boolean;
  readonly startMinimised?: boolean;
  readonly notices?: Partial<Notices>;
}

export function changed(before: Preferences, change: PreferencesChange): Preferences {
  const { notices: some, ...rest } = change;
  return { ...before, ...rest, notices: { ...before.notices, ...some } };
}

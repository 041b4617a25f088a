import type { Failure } from '../../core/errors.ts';
import type { Moment, OutpostStatus } from '../../core/status.ts';

/** Everything that the app says outside its windows: tray, notifications, dialogs. One per language. */
export interface Words {
  readonly locale: 'en' | 'de';
  /** The whole outpost in one line without a full stop. */
  status(status: OutpostStatus, now: Moment): string;
  readonly outpostStarting: string;
  outpostEnded(reason: string, retryMs: number | null): string;
  readonly outpostLocked: string;
  readonly outpostUnreadable: string;
  /** An age or a wait, such as `3 h 5 min`. */
  duration(ms: number): string;
  readonly menu: {
    readonly start: string;
    readonly stop: string;
    readonly drain: string;
    readonly retry: string;
    sessions(count: number): string;
    readonly noSessions: string;
    moreSessions(count: number): string;
    readonly endSession: string;
    readonly watchSession: string;
    /** A menu of machines. */
    readonly connect: string;
    moreMachines(count: number): string;
    /** What is said beside it. */
    readonly endWarning: string;
    /** Of a session that waits for its person. */
    readonly held: string;
    readonly watching: string;
    /** `alice → 10.0.0.7 · RDP · 12 min`. */
    session(user: string | null, machine: string, protocol: string, ageMs: number): string;
    readonly openConsole: string;
    readonly troubleshoot: string;
    readonly copyStatus: string;
    readonly saveDiagnostics: string;
    readonly openLogFolder: string;
    readonly startAtLogin: string;
    readonly practice: string;
    readonly stopPractice: string;
    readonly about: string;
    /** `ends`: quitting ends the outpost, and that many sessions with it. */
    quit(ends: boolean, sessions: number): string;
  };
  readonly notice: {
    readonly connectionLost: string;
    connectionBack(lostMs: number): string;
    readonly tokenRejected: string;
    readonly guacdDying: string;
    sessionStarted(user: string | null, machine: string, protocol: string): string;
    sessionEnded(user: string | null, machine: string): string;
    readonly updateFailed: string;
    readonly recordingFailed: string;
    readonly outpostLost: string;
    readonly goesOnInTray: string;
    readonly goesOnInTrayText: string;
    readonly noTray: string;
    readonly noTrayText: string;
    readonly actionFailed: string;
    readonly settingsKeptAside: string;
  };
  readonly dialog: {
    quit(sessions: number): { readonly message: string; readonly detail: string };
    readonly quitNow: string;
    readonly drainAndQuit: string;
    readonly cancel: string;
    stop(sessions: number): { readonly message: string; readonly detail: string };
    readonly stopNow: string;
    readonly drain: string;
    readonly keepRunning: string;
    readonly quitApp: string;
    readonly saveDiagnostics: string;
    /** Titles, and the name of what was pasted in place of a file. */
    readonly chooseMachines: string;
    readonly saveMachines: string;
    readonly saveJournal: string;
    readonly pastedMachines: string;
    readonly saveFile: string;
    readonly saveScreenshot: string;
    readonly endSession: string;
  };
  readonly viewer: {
    /** A title; `whose`: user, machine and protocol. */
    watching(whose: string): string;
    /** Asked when a window is closed while its session goes on. */
    close(machine: string): { readonly message: string; readonly detail: string };
  };
  /** A failure in words, its advice included. */
  failure(failure: Failure): string;
}

import { describeStatus } from '../../core/describe.ts';
import { describeUser } from '../../core/describe-session.ts';
import { describeUntil, plural, withoutStop } from '../../core/describe-units.ts';
import { failureText } from '../../core/errors.ts';
import type { Words } from './words.ts';

const open = (sessions: number) => (sessions === 1 ? '1 session is open.' : `${sessions} sessions are open.`);

export const EN: Words = {
  locale: 'en',
  status: (status, now) => describeStatus(status, now).sentence,
  outpostStarting: 'Starting the outpost',
  outpostEnded: (reason, retryMs) =>
    retryMs === null
      ? withoutStop(reason)
      : `Starting the outpost again in ${describeUntil(retryMs)}: ${withoutStop(reason)}`,
  outpostLocked: 'Locked: the outpost’s secrets wait for your passphrase',
  outpostUnreadable: 'Waiting for the outpost to say how it is',
  duration: describeUntil,
  menu: {
    start: 'Start outpost',
    stop: 'Stop outpost',
    drain: 'Finish sessions, then stop',
    retry: 'Retry now',
    sessions: (count) => `Sessions (${count})`,
    noSessions: 'No sessions',
    moreSessions: (count) => `${count} more in the console`,
    endSession: 'End this session',
    watchSession: 'Watch',
    connect: 'Connect to machine',
    moreMachines: (count) => `${count} more in the console`,
    held: 'held',
    watching: 'watching',
    endWarning: 'What is not saved there may be lost',
    session: (user, machine, protocol, ageMs) =>
      [`${describeUser(user)} → ${machine}`, protocol.toUpperCase(), age(ageMs)].join(' · '),
    openConsole: 'Open console',
    troubleshoot: 'Troubleshoot',
    copyStatus: 'Copy status',
    saveDiagnostics: 'Save diagnostics…',
    openLogFolder: 'Open log folder',
    startAtLogin: 'Start at login',
    practice: 'Try it without authentik',
    stopPractice: 'End practice',
    about: 'About Sallyport',
    quit: (ends, sessions) => {
      if (!ends) return 'Quit (the service goes on)';
      return sessions === 0
        ? 'Stop outpost and quit'
        : `Stop outpost and quit (${plural(sessions, 'session')})`;
    },
  },
  notice: {
    connectionLost: 'The connection to authentik is lost',
    connectionBack: (lostMs) => `The connection to authentik is back after ${describeUntil(lostMs)}`,
    tokenRejected: 'authentik rejected the outpost’s token',
    guacdDying: 'guacd keeps ending',
    sessionStarted: (user, machine, protocol) =>
      `${describeUser(user)} opened ${machine} (${protocol.toUpperCase()})`,
    sessionEnded: (user, machine) => `${describeUser(user)} left ${machine}`,
    updateFailed: 'authentik’s configuration of this outpost could not be fetched',
    recordingFailed: 'A session is not recorded',
    outpostLost: 'The outpost ended unexpectedly',
    goesOnInTray: 'Sallyport goes on in the tray',
    goesOnInTrayText: 'Sessions go through as before. Its icon opens this window again.',
    noTray: 'This desktop shows no tray icons',
    noTrayText:
      'Sallyport works without one: start it again to get this window back. On GNOME, the extension “AppIndicator and KStatusNotifierItem Support” brings the tray.',
    actionFailed: 'That did not work',
    settingsKeptAside: 'The window’s settings were damaged and were kept aside',
  },
  dialog: {
    quit: (sessions) => ({
      message: 'Stop the outpost and quit?',
      detail: `${open(sessions)} Quitting ends ${sessions === 1 ? 'it' : 'them'}.`,
    }),
    quitNow: 'End sessions and quit',
    drainAndQuit: 'Finish sessions, then quit',
    cancel: 'Cancel',
    stop: (sessions) => ({
      message: 'Stop the outpost?',
      detail: `${open(sessions)} Stopping ends ${sessions === 1 ? 'it' : 'them'}.`,
    }),
    stopNow: 'End sessions and stop',
    drain: 'Finish sessions, then stop',
    keepRunning: 'Keep running',
    quitApp: 'Quit…',
    saveDiagnostics: 'Save diagnostics',
    chooseMachines: 'Import machines',
    saveMachines: 'Export machines',
    saveJournal: 'Export journal',
    pastedMachines: 'what was pasted',
    saveFile: 'Save the file',
    saveScreenshot: 'Save the screenshot',
    endSession: 'End the session',
  },
  viewer: {
    watching: (whose) => (whose === '' ? 'Watching' : `Watching: ${whose}`),
    close: (machine) => ({
      message: 'End the session?',
      detail: `Closing this window ends the session on ${machine}. What is not saved there may be lost.`,
    }),
  },
  failure: failureText,
};

/** Whole minutes: a menu that changes every second cannot be used. */
function age(ms: number): string {
  return ms < 60_000 ? 'just now' : describeUntil(ms);
}

import { withoutStop } from '../../core/describe-units.ts';
import { failureGerman } from '../../german/core-german.ts';
import { durationGerman, sessionsGerman, statusGerman } from './status-de.ts';
import type { Words } from './words.ts';

const who = (user: string | null) => user ?? 'unbekannt';
const open = (sessions: number) =>
  sessions === 1 ? '1 Sitzung ist offen.' : `${sessions} Sitzungen sind offen.`;

export const DE: Words = {
  locale: 'de',
  status: statusGerman,
  outpostStarting: 'Der Outpost wird gestartet',
  outpostEnded: (reason, retryMs) =>
    retryMs === null
      ? withoutStop(reason)
      : `Der Outpost startet in ${durationGerman(retryMs)} neu: ${withoutStop(reason)}`,
  outpostLocked: 'Gesperrt: Die Geheimnisse des Outposts warten auf Ihre Passphrase',
  outpostUnreadable: 'Der Outpost hat noch nicht gesagt, wie es ihm geht',
  duration: durationGerman,
  menu: {
    start: 'Outpost starten',
    stop: 'Outpost anhalten',
    drain: 'Sitzungen zu Ende führen, dann anhalten',
    retry: 'Jetzt erneut versuchen',
    sessions: (count) => `Sitzungen (${count})`,
    noSessions: 'Keine Sitzungen',
    moreSessions: (count) => `${count} weitere in der Konsole`,
    endSession: 'Diese Sitzung beenden',
    watchSession: 'Zusehen',
    connect: 'Mit Rechner verbinden',
    moreMachines: (count) => `${count} weitere in der Konsole`,
    held: 'gehalten',
    watching: 'sieht zu',
    endWarning: 'Was dort nicht gespeichert ist, kann verloren gehen',
    session: (user, machine, protocol, ageMs) =>
      [`${who(user)} → ${machine}`, protocol.toUpperCase(), age(ageMs)].join(' · '),
    openConsole: 'Konsole öffnen',
    troubleshoot: 'Fehlersuche',
    copyStatus: 'Status kopieren',
    saveDiagnostics: 'Diagnose speichern …',
    openLogFolder: 'Protokollordner öffnen',
    startAtLogin: 'Beim Anmelden starten',
    practice: 'Ohne authentik ausprobieren',
    stopPractice: 'Übung beenden',
    about: 'Über Sallyport',
    quit: (ends, sessions) => {
      if (!ends) return 'Beenden (der Dienst läuft weiter)';
      return sessions === 0
        ? 'Outpost anhalten und beenden'
        : `Outpost anhalten und beenden (${sessionsGerman(sessions)})`;
    },
  },
  notice: {
    connectionLost: 'Die Verbindung zu authentik ist abgerissen',
    connectionBack: (lostMs) => `Die Verbindung zu authentik ist nach ${durationGerman(lostMs)} wieder da`,
    tokenRejected: 'authentik hat das Token des Outposts abgelehnt',
    guacdDying: 'guacd beendet sich immer wieder',
    sessionStarted: (user, machine, protocol) =>
      `${who(user)} hat ${machine} geöffnet (${protocol.toUpperCase()})`,
    sessionEnded: (user, machine) => `${who(user)} hat ${machine} verlassen`,
    updateFailed: 'Die Konfiguration dieses Outposts ließ sich nicht von authentik holen',
    recordingFailed: 'Eine Sitzung wird nicht aufgezeichnet',
    outpostLost: 'Der Outpost hat sich unerwartet beendet',
    goesOnInTray: 'Sallyport läuft im Infobereich weiter',
    goesOnInTrayText: 'Sitzungen laufen wie bisher. Das Symbol öffnet dieses Fenster wieder.',
    noTray: 'Dieser Desktop zeigt keine Symbole im Infobereich',
    noTrayText:
      'Sallyport geht auch ohne: Noch einmal starten holt dieses Fenster zurück. Unter GNOME bringt die Erweiterung „AppIndicator and KStatusNotifierItem Support“ den Infobereich.',
    actionFailed: 'Das hat nicht geklappt',
    settingsKeptAside: 'Die Einstellungen des Fensters waren beschädigt und wurden beiseitegelegt',
  },
  dialog: {
    quit: (sessions) => ({
      message: 'Den Outpost anhalten und beenden?',
      detail: `${open(sessions)} Mit dem Beenden ${sessions === 1 ? 'endet sie' : 'enden sie'}.`,
    }),
    quitNow: 'Sitzungen und Programm beenden',
    drainAndQuit: 'Sitzungen zu Ende führen, dann beenden',
    cancel: 'Abbrechen',
    stop: (sessions) => ({
      message: 'Den Outpost anhalten?',
      detail: `${open(sessions)} Mit dem Anhalten ${sessions === 1 ? 'endet sie' : 'enden sie'}.`,
    }),
    stopNow: 'Sitzungen beenden und anhalten',
    drain: 'Sitzungen zu Ende führen, dann anhalten',
    keepRunning: 'Weiterlaufen lassen',
    quitApp: 'Beenden …',
    saveDiagnostics: 'Diagnose speichern',
    chooseMachines: 'Rechner importieren',
    saveMachines: 'Rechner exportieren',
    saveJournal: 'Journal exportieren',
    pastedMachines: 'Eingefügtes',
    saveFile: 'Datei speichern',
    saveScreenshot: 'Bildschirmfoto speichern',
    endSession: 'Sitzung beenden',
  },
  viewer: {
    watching: (whose) => (whose === '' ? 'Zusehen' : `Zusehen: ${whose}`),
    close: (machine) => ({
      message: 'Die Sitzung beenden?',
      detail: `Mit diesem Fenster endet die Sitzung auf ${machine}. Was dort nicht gespeichert ist, kann verloren gehen.`,
    }),
  },
  failure: failureGerman,
};

function age(ms: number): string {
  return ms < 60_000 ? 'gerade eben' : durationGerman(ms);
}

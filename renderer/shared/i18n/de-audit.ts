import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { describeEndReason } from '../../../main/core/describe-session.ts';
import { withoutStop } from '../../../main/core/describe-units.ts';
import { coreGerman } from '../../../main/german/core-german.ts';
import { bytes } from '../format.ts';

/** Warum der Tresor gesperrt wurde; wie `describeAudit`. */
const LOCKED: Readonly<Record<string, string>> = {
  asked: 'auf Verlangen',
  time: 'seine Zeit war um',
  sleep: 'der Rechner ging schlafen',
  screen: 'der Bildschirm wurde gesperrt',
  end: 'der Outpost endete',
};
const REMOVED: Readonly<Record<string, string>> = {
  asked: 'auf Verlangen',
  'its time or its room was over': 'ihre Zeit oder ihr Platz war um',
};

/** Was geschehen ist, in einer Zeile; wie `describeAudit`, auf Deutsch. Ohne Punkt am Ende. */
export function describeAuditDe(event: AuditEvent): string {
  switch (event.kind) {
    case 'outpost-started':
      return `Der Outpost wurde gestartet (Version ${event.version})`;
    case 'outpost-stopped':
      return 'Der Outpost wurde angehalten';
    case 'settings-changed':
      return `Die Einstellung ${event.setting} ${event.found ? 'war beim Start geändert' : 'wurde geändert'}`;
    case 'guardrails-changed':
      return `Die Leitplanken ${event.found ? 'waren beim Start geändert' : 'wurden geändert'}`;
    case 'machines-changed':
      return 'Das Adressbuch war beim Start geändert';
    case 'vault-file-changed':
      return 'Die Datei des Tresors war beim Start geändert';
    case 'last-seen-lost':
      return `Niemand weiß, was geändert wurde, während der Outpost stand: last-seen.json ${event.how === 'missing' ? 'fehlt' : 'ist nicht lesbar'}`;
    case 'local-session-asked':
      return `${session(event)} wurde auf diesem Rechner verlangt${event.reason === null ? '' : `: ${event.reason}`}`;
    case 'session-opened':
      return `${session(event)} wurde geöffnet${event.recorded ? ' und wird aufgezeichnet' : ''}`;
    case 'session-ended':
      return `${session(event)} ist beendet: ${event.failure === null ? ending(event.how) : why(event.failure)} (${bytes(event.bytesToPeer + event.bytesToGuacd)})`;
    case 'session-refused':
      return `${session(event)} wurde abgelehnt: ${why(event.failure)}`;
    case 'session-held':
      return `${session(event)} wird gehalten: Die Gegenseite ist weg`;
    case 'session-resumed':
      return `${session(event)} geht weiter: Die Person ist zurück`;
    case 'session-hold-expired':
      return `${session(event)} wurde gehalten, und niemand kam zurück`;
    case 'session-watched':
      return `${event.watcher ?? 'Jemand an diesem Rechner'} ${event.watch === 'began' ? 'sieht zu' : 'sieht nicht mehr zu'}: ${session(event)}`;
    case 'file-transferred':
      return `${who(event.user)} hat ${event.path} (${bytes(event.size)}) ${event.direction === 'upload' ? `an ${event.machine} gesendet` : `von ${event.machine} geholt`}`;
    case 'vault-created':
      return 'Der Tresor wurde angelegt';
    case 'vault-unlocked':
      return `Der Tresor wurde${event.by ? ` von ${event.by}` : ''} entsperrt`;
    case 'vault-changed':
      return 'Was den Tresor öffnet, wurde geändert';
    case 'vault-locked':
      return `Der Tresor wurde gesperrt: ${LOCKED[event.because] ?? event.because}`;
    case 'vault-refused':
      return `Der Tresor blieb${event.by ? ` für ${event.by}` : ''} gesperrt: Passphrase oder Schlüssel war falsch`;
    case 'credential-kept':
      return `Die Zugangsdaten ${event.credential} wurden abgelegt`;
    case 'credential-removed':
      return `Die Zugangsdaten ${event.credential} wurden entfernt`;
    case 'machine-added':
      return `Der Rechner ${event.machine} wurde hinzugefügt`;
    case 'machine-changed':
      return `Der Rechner ${event.machine} wurde geändert`;
    case 'machine-removed':
      return `Der Rechner ${event.machine} wurde entfernt`;
    case 'machines-imported':
      return `Rechner wurden aus ${event.from} importiert: ${event.added} neu, ${event.changed} geändert, ${event.skipped} ausgelassen`;
    case 'machines-exported':
      return `${event.count} Rechner wurden exportiert${event.withSecrets ? ', mit ihren Zugangsdaten' : ''}`;
    case 'recording-failed':
      return `Die Aufzeichnung einer Sitzung brach ab: ${why(event.failure)}`;
    case 'recording-played':
      return 'Eine Aufzeichnung wurde abgespielt';
    case 'recording-exported':
      return 'Eine Aufzeichnung wurde exportiert';
    case 'recording-removed':
      return `Eine Aufzeichnung wurde entfernt: ${REMOVED[event.because] ?? event.because}`;
    case 'hand-over-refused':
      return `authentik nahm Eintrag ${event.entry} nicht an: ${why(event.failure)}`;
    case 'journal-trimmed':
      return `Der älteste Teil des Journals wurde entfernt, bis Eintrag ${event.first - 1}${event.untold > 0 ? `; von ${event.untold} darin hatte authentik nicht erfahren` : ''}`;
    case 'events-lost':
      return `Ereignisse, die verloren gingen, weil der Datenträger nichts annahm: ${event.count}`;
    case 'journal-found':
      return `Das Journal wurde verändert vorgefunden: ${why(event.problem)}`;
    default:
      return unknown(event satisfies never);
  }
}

/** Von einer späteren Version geschrieben: Die Art sagt wenigstens, worum es geht. */
function unknown({ kind }: { readonly kind: string }): string {
  return kind.replace(/-/g, ' ');
}

function session({
  user,
  machine,
  protocol,
}: {
  readonly user: string | null;
  readonly machine: string;
  readonly protocol: string;
}): string {
  return `${protocol.toUpperCase()} von ${who(user)} zu ${machine}`;
}

function who(user: string | null): string {
  return user ?? 'unbekannt';
}

function ending(how: Extract<AuditEvent, { kind: 'session-ended' }>['how']): string {
  return german(describeEndReason(how));
}

/** Ein Satz des Kerns auf Deutsch, wo es ihn gibt; alles andere bleibt, wie es ist. */
function german(words: string): string {
  return coreGerman(words) ?? words;
}

/** Ein Satz des Kerns, für das Innere eines anderen. */
function why(sentence: string): string {
  return withoutStop(german(sentence));
}

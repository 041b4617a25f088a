import type { AuditEvent } from './audit-event.ts';
import { describeEndReason, describeUser } from './describe-session.ts';
import { formatBytes, withoutStop } from './describe-units.ts';
import type { SessionStatus } from './status.ts';

/** Why the vault was locked; a later version may know more reasons. */
const LOCKED: Readonly<Record<string, string>> = {
  asked: 'somebody asked for it',
  time: 'its time was over',
  sleep: 'the computer went to sleep',
  screen: 'the screen was locked',
  end: 'the outpost ended',
};

/** What happened, in one line: `alice opened SSH to web-01:22`. Without a full stop. */
export function describeAudit(event: AuditEvent): string {
  switch (event.kind) {
    case 'outpost-started':
      return `The outpost was started (version ${event.version})`;
    case 'outpost-stopped':
      return 'The outpost was stopped';
    case 'settings-changed':
      return `The setting ${event.setting} was ${event.found ? 'found changed at the start' : 'changed'}`;
    case 'guardrails-changed':
      return `The guardrails were ${event.found ? 'found changed at the start' : 'changed'}`;
    case 'machines-changed':
      return 'The address book was found changed at the start';
    case 'vault-file-changed':
      return 'The file of the vault was found changed at the start';
    case 'last-seen-lost':
      return `Nobody knows what was changed while the outpost was stopped: last-seen.json ${event.how === 'missing' ? 'is missing' : 'cannot be read'}`;
    case 'local-session-asked':
      return `${session(event)} was asked for on this host${event.reason === null ? '' : `: ${event.reason}`}`;
    case 'session-opened':
      return `${session(event)} was opened${event.recorded ? ', and is recorded' : ''}`;
    case 'session-ended':
      return `${session(event)} ended: ${event.failure === null ? describeEndReason(event.how) : withoutStop(event.failure)} (${formatBytes(event.bytesToPeer + event.bytesToGuacd)})`;
    case 'session-refused':
      return `${session(event)} was refused: ${withoutStop(event.failure)}`;
    case 'session-held':
      return `${session(event)} is held: the person’s end has gone`;
    case 'session-resumed':
      return `${session(event)} goes on: the person is back`;
    case 'session-hold-expired':
      return `${session(event)} was held, and nobody came back`;
    case 'session-watched':
      return `${event.watcher ?? 'Somebody at this host'} ${event.watch === 'began' ? 'began' : 'ceased'} to watch ${session(event)}`;
    case 'file-transferred':
      return `${describeUser(event.user)} ${event.direction === 'upload' ? 'sent' : 'fetched'} ${event.path} (${formatBytes(event.size)}) ${event.direction === 'upload' ? 'to' : 'from'} ${event.machine}`;
    case 'vault-created':
      return 'The vault was made';
    case 'vault-unlocked':
      return `The vault was unlocked${event.by ? ` by ${event.by}` : ''}`;
    case 'vault-changed':
      return 'What opens the vault was changed';
    case 'vault-locked':
      return `The vault was locked: ${LOCKED[event.because] ?? event.because}`;
    case 'vault-refused':
      return `The vault was not unlocked${event.by ? ` for ${event.by}` : ''}: the passphrase or key was wrong`;
    case 'credential-kept':
      return `The credential ${event.credential} was kept`;
    case 'credential-removed':
      return `The credential ${event.credential} was removed`;
    case 'machine-added':
      return `The machine ${event.machine} was added`;
    case 'machine-changed':
      return `The machine ${event.machine} was changed`;
    case 'machine-removed':
      return `The machine ${event.machine} was removed`;
    case 'machines-imported':
      return `Machines were imported from ${event.from}: ${event.added} added, ${event.changed} changed, ${event.skipped} left out`;
    case 'machines-exported':
      return `${event.count} machines were exported${event.withSecrets ? ' with their credentials' : ''}`;
    case 'recording-failed':
      return `The recording of a session stopped: ${withoutStop(event.failure)}`;
    case 'recording-played':
      return 'A recording was played';
    case 'recording-exported':
      return 'A recording was exported';
    case 'recording-removed':
      return `A recording was removed: ${event.because === 'asked' ? 'somebody asked for it' : event.because}`;
    case 'hand-over-refused':
      return `authentik did not take entry ${event.entry}: ${withoutStop(event.failure)}`;
    case 'journal-trimmed':
      return `The oldest part of the journal was removed, up to entry ${event.first - 1}${event.untold > 0 ? `; authentik had not been told of ${event.untold} in it` : ''}`;
    case 'events-lost':
      return `Events that could not be written while the disk took nothing: ${event.count}`;
    case 'journal-found':
      return `The journal was found changed: ${withoutStop(event.problem)}`;
    default:
      return unknown(event);
  }
}

/** Written by a later version: its kind says at least what it is about. */
function unknown({ kind }: { readonly kind: string }): string {
  return kind.replace(/-/g, ' ');
}

function session({ user, machine, protocol }: Pick<SessionStatus, 'user' | 'machine' | 'protocol'>): string {
  return `${protocol.toUpperCase()} of ${describeUser(user)} to ${machine}`;
}

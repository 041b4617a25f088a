import { countSessions } from '../../core/describe-session.ts';
import { describeUntil, withoutStop } from '../../core/describe-units.ts';
import type { Failure } from '../../core/errors.ts';
import type { Moment, OutpostStatus } from '../../core/status.ts';
import { coreGerman } from '../../german/core-german.ts';

/*
 * `core/describe.ts` in German. Why something failed is said as the pages say it: in German where there is some for the
 * core's sentence, else in the core's own words.
 */

export function statusGerman(status: OutpostStatus, now: Moment): string {
  const open = countSessions(status.sessions);
  switch (status.phase) {
    case 'stopped':
      return stopped(status);
    case 'draining':
      return `${sessionsGerman(open)} zu Ende führen, dann anhalten`;
    case 'stopping':
      return 'Wird angehalten';
    case 'running':
      return running(status, now);
    default:
      return status.phase satisfies never;
  }
}

/** `keine Sitzungen`, `1 Sitzung`, `3 Sitzungen`. */
export function sessionsGerman(count: number): string {
  if (count === 0) return 'keine Sitzungen';
  return count === 1 ? '1 Sitzung' : `${count} Sitzungen`;
}

/** As `describeUntil`, with the German word for days. */
export function durationGerman(ms: number): string {
  return describeUntil(ms).replace(/ d\b/, ' T');
}

function stopped({ host, wish, updateFailure }: OutpostStatus): string {
  if (host === null) return 'Nicht eingerichtet: keine Adresse von authentik';
  if (wish === 'run' && updateFailure) return why(updateFailure);
  return `Angehalten · ${hostName(host)}`;
}

function running(status: OutpostStatus, now: Moment): string {
  const { link, host } = status;
  const open = countSessions(status.sessions);
  const where = host === null ? '' : ` · ${hostName(host)}`;
  switch (link.kind) {
    case 'stopped':
      return status.updateFailure && status.outpost === null ? why(status.updateFailure) : `Startet${where}`;
    case 'connecting':
      return `Verbindet${where}${link.attempt > 1 ? ` · Versuch ${link.attempt}` : ''}${goingOn(open)}`;
    case 'waiting':
      return `Neuer Versuch in ${durationGerman(link.retryAt - now)}: ${why(link.reason)}${goingOn(open)}`;
    case 'rejected':
      return why(link.reason);
    case 'online':
      return online(status, where);
    default:
      return link satisfies never;
  }
}

function online(status: OutpostStatus, where: string): string {
  const trouble = onlineTrouble(status);
  if (trouble !== undefined) return `Verbunden, aber ${trouble}`;
  if (status.guacd.kind === 'starting') {
    const { step } = status.guacd;
    if (!step) return `Verbunden${where} · guacd startet`;
    return `Verbunden${where} · ${step.image} wird ${step.kind === 'fetching' ? 'geholt' : 'geladen'}`;
  }
  return `Verbunden${where} · ${sessionsGerman(countSessions(status.sessions))}`;
}

function onlineTrouble({ guacd, metrics, outpost, updateFailure }: OutpostStatus): string | undefined {
  if (guacd.kind === 'down') return why(guacd.reason);
  if (guacd.kind === 'stopped') return 'guacd läuft nicht';
  if (guacd.kind === 'up') {
    const sick = guacd.instances.filter(({ healthy }) => !healthy);
    const [first] = sick;
    const reason = first?.reason;
    if (first && sick.length === guacd.instances.length) return reason ? why(reason) : 'kein guacd antwortet';
    if (first)
      return `guacd auf ${first.address} nimmt keine Sitzungen an${reason ? `: ${why(reason)}` : ''}`;
  }
  if (outpost === null && updateFailure) return why(updateFailure);
  if (outpost && outpost.providers.length === 0) return 'diesem Outpost ist kein RAC-Provider zugeordnet';
  if (metrics.kind === 'failed') return why(metrics.reason);
  if (updateFailure) return `seine Konfiguration ist nicht frisch: ${why(updateFailure)}`;
  return undefined;
}

/** What happened, for use inside a line of others. */
function why({ message }: Failure): string {
  return withoutStop(coreGerman(message) ?? message);
}

function goingOn(sessions: number): string {
  if (sessions === 0) return '';
  return sessions === 1 ? ' · 1 Sitzung läuft weiter' : ` · ${sessions} Sitzungen laufen weiter`;
}

function hostName(host: string): string {
  try {
    return new URL(host).host || host;
  } catch {
    return host;
  }
}

import {
  describeAge,
  describeGuacd,
  describeLink,
  describeMetrics,
  describeStatus,
} from '../../core/describe.ts';
import { countSessions } from '../../core/describe-session.ts';
import { describeUntil, plural, withoutStop } from '../../core/describe-units.ts';
import type { Moment, OutpostStatus } from '../../core/status.ts';
import { failureLines, marked } from './failure.ts';
import { sessionsView } from './sessions.ts';
import type { Style } from './style.ts';
import { stateSign, warningSign } from './symbols.ts';
import { pairs } from './table.ts';

/** Everything about the outpost on one screen: the state, its parts, what to look at, the sessions. */
export function statusView(style: Style, status: OutpostStatus, now: Moment): string[] {
  const { state, sentence, advice } = describeStatus(status, now);
  const headline = marked(style, stateSign(style, state), sentence, advice, 'bold');
  const lines = [...headline, '', ...pairs(style, partsOf(status, now))];
  for (const warning of status.warnings) lines.push('', ...failureLines(style, warningSign(style), warning));
  if (status.sessions.length > 0) lines.push('', ...sessionsView(style, status.sessions, now));
  return lines;
}

function partsOf(status: OutpostStatus, now: Moment): (readonly [string, string])[] {
  return [
    ['authentik', status.host ?? 'not set'],
    ['Link', describeLink(status.link, now)],
    ...forAdmin(status, ['Outpost', outpostText(status, now)]),
    ['guacd', describeGuacd(status.guacd, now)],
    ...forAdmin(status, ['Metrics', describeMetrics(status.metrics)]),
    ['Sessions', `${countSessions(status.sessions)} of at most ${status.sessionLimit}`],
    ...offlineParts(status),
    [
      'Process',
      `running for ${describeUntil(now - status.startedAt)} · pid ${status.pid} · version ${status.version}`,
    ],
  ];
}

/** Nobody is told of what is not set. */
function offlineParts({ offline }: OutpostStatus): (readonly [string, string])[] {
  if (offline === undefined || offline.mode === 'never') return [];
  return [['Offline', `${offline.open ? 'open' : 'closed'} · ${withoutStop(offline.because)}`]];
}

/** A member is not told: that is no news of the outpost. */
function forAdmin({ forMember }: OutpostStatus, part: readonly [string, string]) {
  return forMember ? [] : [part];
}

function outpostText({ outpost, updateFailure }: OutpostStatus, now: Moment): string {
  if (outpost === null) return updateFailure ? updateFailure.message : 'not known yet';
  const fresh = updateFailure
    ? `last update failed: ${updateFailure.message}`
    : `updated ${describeAge(now - outpost.updatedAt)}`;
  return `${outpost.name} · ${plural(outpost.providers.length, 'provider')} · ${fresh}`;
}

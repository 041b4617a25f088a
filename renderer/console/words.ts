import { describeStatus, type OverallState, TROUBLE_LEAD } from '../../main/core/describe.ts';
import { countSessions, describeEndReason } from '../../main/core/describe-session.ts';
import type { Failure } from '../../main/core/errors.ts';
import type { EndedSession, OutpostStatus, SessionStatus } from '../../main/core/status.ts';
import { duration, hostName } from '../shared/format.ts';
import { coreText, t } from '../shared/i18n/translate.ts';
import type { Tone } from '../shared/tone.ts';

/** The outpost's state for the top of the overview: a title of ours, and the core's own sentences below it. */
export interface Said {
  readonly tone: Tone;
  readonly title: string;
  /** What is behind it, such as `sso.example.org · 3 sessions`. */
  readonly facts: string;
  /** Why, as the core says it; null where there is nothing to explain. */
  readonly cause: (Pick<Failure, 'message' | 'advice'> & Partial<Pick<Failure, 'code'>>) | null;
}

export function sayStatus(status: OutpostStatus, now: number): Said {
  const { state, sentence, advice } = describeStatus(status, now);
  return {
    tone: toneOf(state),
    title: titleOf(status, state, now),
    facts: factsOf(status),
    cause: causeOf(status, state, sentence, advice),
  };
}

export function toneOf(state: OverallState): Tone {
  switch (state) {
    case 'stopped':
      return 'off';
    case 'connecting':
      return 'busy';
    case 'online':
      return 'good';
    case 'degraded':
      return 'warn';
    case 'failed':
      return 'bad';
    case 'draining':
      return 'leaving';
    default:
      return state satisfies never;
  }
}

function titleOf(status: OutpostStatus, state: OverallState, now: number): string {
  switch (state) {
    case 'stopped':
      return status.host === null ? t('state.not-set-up') : t('state.stopped');
    case 'failed':
      if (status.host === null) return t('state.not-set-up');
      return status.link.kind === 'rejected' ? t('state.rejected') : t('state.failed');
    case 'connecting':
      return connectingTitle(status, now);
    case 'online':
      return t('state.online');
    case 'degraded':
      return t('state.degraded');
    case 'draining':
      return status.phase === 'draining' && status.sessions.length > 0
        ? t('state.draining', { count: countSessions(status.sessions) })
        : t('state.stopping');
    default:
      return state satisfies never;
  }
}

function connectingTitle({ link, guacd }: OutpostStatus, now: number): string {
  switch (link.kind) {
    case 'waiting':
      return t('state.waiting', { time: duration(link.retryAt - now) });
    case 'connecting':
      return link.attempt > 1 ? t('state.trying', { attempt: link.attempt }) : t('state.connecting');
    case 'online':
      return t(
        guacd.kind === 'starting' && guacd.step ? `state.guacd-${guacd.step.kind}` : 'state.guacd-starting',
      );
    case 'stopped':
    case 'rejected':
      return t('state.starting');
    default:
      return link satisfies never;
  }
}

function factsOf({ host, outpost, sessions }: OutpostStatus): string {
  const parts = [];
  if (host !== null) parts.push(hostName(host));
  if (outpost) parts.push(outpost.name);
  const open = countSessions(sessions);
  if (open > 0) parts.push(t('sessions.count', { count: open }));
  return parts.join(' · ');
}

function causeOf(
  status: OutpostStatus,
  state: OverallState,
  sentence: string,
  advice: string | null,
): Said['cause'] {
  const { link, updateFailure, host } = status;
  if (state === 'stopped' || state === 'online' || state === 'draining' || host === null) return null;
  if (state === 'degraded') {
    const message = sentence.startsWith(TROUBLE_LEAD) ? sentence.slice(TROUBLE_LEAD.length) : sentence;
    return { message: asSentence(message), ...(advice !== null && { advice }) };
  }
  if (link.kind === 'waiting' || link.kind === 'rejected') return link.reason;
  return state === 'failed' ? updateFailure : null;
}

function asSentence(words: string): string {
  const text = begun(words);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** With a capital letter; a program's name keeps its small one, as it does inside a sentence. */
function begun(words: string): string {
  return /^(guacd|authentik)\b/.test(words) ? words : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Who it is, as far as authentik told. */
export function sayUser(user: string | null): string {
  return user ?? t('sessions.unknown-user');
}

/** How it is, in a word. */
export function saySessionState({ state, source }: Pick<SessionStatus, 'state' | 'source'>): string {
  return t(source === 'watch' && state === 'live' ? 'sessions.state-watching' : `sessions.state-${state}`);
}

export function sessionTone(state: SessionStatus['state']): Tone {
  switch (state) {
    case 'connecting':
      return 'busy';
    case 'live':
      return 'good';
    case 'held':
      return 'warn';
    case 'ending':
      return 'leaving';
    default:
      return state satisfies never;
  }
}

/** How an ended session went, as a shape. */
export function endTone({ reason, failure }: Pick<EndedSession, 'reason' | 'failure'>): Tone {
  if (reason === 'failed' || reason === 'guacd-lost' || reason === 'refused') return 'bad';
  // Somebody wanted it so; the sentence that comes with it is for the person in the browser.
  if (reason === 'ended-by-admin' || reason === 'shutdown') return 'off';
  return failure || reason === 'peer-lost' ? 'warn' : 'off';
}

/** Why a session ended, without the details of what went wrong. */
export function sayEndReason(reason: EndedSession['reason']): string {
  const words = describeEndReason(reason);
  return begun(coreText(words) ?? words);
}

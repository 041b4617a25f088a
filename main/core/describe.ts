import { countSessions } from './describe-session.ts';
import { describeUntil, plural, withoutStop } from './describe-units.ts';
import type { Failure } from './errors.ts';
import type {
  GuacdContainer,
  GuacdInstance,
  GuacdState,
  LinkState,
  MetricsState,
  Moment,
  OutpostStatus,
  StartingStep,
} from './status.ts';

/** The six states a person tells apart by shape and colour in tray, console and CLI. */
export type OverallState = 'stopped' | 'connecting' | 'online' | 'degraded' | 'failed' | 'draining';

export interface Description {
  readonly state: OverallState;
  /** One line without a full stop, such as `Online · sso.example.org · 3 sessions`. */
  readonly sentence: string;
  /** What to do about it; null where nothing needs doing. */
  readonly advice: string | null;
}

/** The whole outpost in one line: what tray, console, CLI and log call its state. `now` in ms since 1970. */
export function describeStatus(status: OutpostStatus, now: Moment): Description {
  switch (status.phase) {
    case 'stopped':
      return describeStopped(status);
    case 'draining':
      return say('draining', `Finishing ${plural(countSessions(status.sessions), 'session')}, then stopping`);
    case 'stopping':
      return say('draining', 'Stopping');
    case 'running':
      return describeRunning(status, now);
    default:
      return status.phase satisfies never;
  }
}

/** The event websocket in words, such as `waiting 12 s before try 4: authentik answered 502`. */
export function describeLink(link: LinkState, now: Moment): string {
  switch (link.kind) {
    case 'stopped':
      return 'not connected';
    case 'connecting':
      return link.attempt > 1 ? `connecting, try ${link.attempt}` : 'connecting';
    case 'online':
      return link.acknowledgedAt === null
        ? 'connected, no hello answered yet'
        : `connected, hello answered ${describeAge(now - link.acknowledgedAt)}`;
    case 'waiting':
      return `waiting ${describeUntil(link.retryAt - now)} before try ${link.attempt + 1}: ${withoutStop(link.reason.message)}`;
    case 'rejected':
      return `rejected: ${withoutStop(link.reason.message)}; next try in ${describeUntil(link.retryAt - now)}`;
    default:
      return link satisfies never;
  }
}

/** guacd in words, such as `up · 127.0.0.1:4822 · version 1.6.0`. */
export function describeGuacd(guacd: GuacdState, now: Moment): string {
  switch (guacd.kind) {
    case 'stopped':
      return 'not running';
    case 'starting':
      return guacd.step ? describeStep(guacd.step) : 'starting';
    case 'up': {
      const healthy = guacd.instances.filter((instance) => instance.healthy);
      const [only] = guacd.instances;
      if (guacd.instances.length === 1 && only?.healthy) return ['up', ...partsOf(only)].join(' · ');
      return `${healthy.length} of ${guacd.instances.length} up`;
    }
    case 'down':
      return `down: ${withoutStop(guacd.reason.message)}; next try in ${describeUntil(guacd.retryAt - now)}`;
    default:
      return guacd satisfies never;
  }
}

/** What takes long while guacd is being started, such as `fetching guacamole/guacd:1.6.0`. */
export function describeStep({ kind, image }: StartingStep): string {
  return `${kind} ${image}`;
}

/** What a guacd of ours runs in, such as `in a container (podman, guacamole/guacd:1.6.0)`. */
export function describeContainer({ engine, image }: GuacdContainer): string {
  return `in a container (${engine}, ${image})`;
}

/** Members are not told where it is. */
function partsOf({ address, version, container }: GuacdInstance): string[] {
  const parts = address === '' ? [] : [address];
  if (version !== null) parts.push(`version ${version}`);
  if (container) parts.push(describeContainer(container));
  return parts;
}

/** The metrics server in words, such as `127.0.0.1:9300`. */
export function describeMetrics(metrics: MetricsState): string {
  switch (metrics.kind) {
    case 'off':
      return 'off';
    case 'listening':
      return metrics.address;
    case 'failed':
      return `not available at ${metrics.address}: ${withoutStop(metrics.reason.message)}`;
    default:
      return metrics satisfies never;
  }
}

/** `3 s ago`, or `just now`; ages below zero (a clock that was set) count as now. */
export function describeAge(ms: number): string {
  return ms < 1000 ? 'just now' : `${describeUntil(ms)} ago`;
}

function describeStopped(status: OutpostStatus): Description {
  if (status.host === null)
    return {
      state: status.wish === 'run' ? 'failed' : 'stopped',
      sentence: 'Not set up: no address of authentik is configured',
      advice:
        'Set AUTHENTIK_HOST and the outpost’s token, or use `sallyport config set` and `sallyport token set`.',
    };
  if (status.wish === 'run' && status.updateFailure) return failed(status.updateFailure);
  return say('stopped', `Stopped · ${hostName(status.host)}`);
}

function describeRunning(status: OutpostStatus, now: Moment): Description {
  const { link } = status;
  const open = countSessions(status.sessions);
  switch (link.kind) {
    case 'stopped':
      // The link starts only after the first answer of the API: until then its failure is the news.
      return status.updateFailure && status.outpost === null
        ? failed(status.updateFailure)
        : say('connecting', `Starting${named(status.host)}`);
    case 'connecting':
      return say(
        'connecting',
        link.attempt > 1
          ? `Connecting${named(status.host)} · try ${link.attempt}${goingOn(open)}`
          : `Connecting${named(status.host)}${goingOn(open)}`,
      );
    case 'waiting':
      return {
        state: 'connecting',
        sentence: `Reconnecting in ${describeUntil(link.retryAt - now)}: ${withoutStop(link.reason.message)}${goingOn(open)}`,
        advice: link.reason.advice ?? null,
      };
    case 'rejected':
      return failed(link.reason);
    case 'online':
      return describeOnline(status);
    default:
      return link satisfies never;
  }
}

/** How the sentence of an outpost begins that is online and not well; what follows says what is wrong. */
export const TROUBLE_LEAD = 'Online, with trouble: ';

function describeOnline(status: OutpostStatus): Description {
  const trouble = onlineTrouble(status);
  if (trouble)
    return {
      state: 'degraded',
      sentence: `${TROUBLE_LEAD}${withoutStop(trouble.message)}`,
      advice: trouble.advice ?? null,
    };
  if (status.guacd.kind === 'starting')
    return say(
      'connecting',
      `Online${named(status.host)} · ${status.guacd.step ? describeStep(status.guacd.step) : 'starting guacd'}`,
    );
  return say('online', `Online${named(status.host)} · ${plural(countSessions(status.sessions), 'session')}`);
}

/** The first thing that keeps an outpost that authentik sees from doing its whole job. */
function onlineTrouble(status: OutpostStatus): Pick<Failure, 'message' | 'advice'> | undefined {
  const { guacd, metrics, outpost } = status;
  if (guacd.kind === 'down') return guacd.reason;
  if (guacd.kind === 'stopped')
    return { message: 'guacd is not running', advice: 'Sessions cannot start without it.' };
  if (guacd.kind === 'up') {
    const sick = guacd.instances.filter((instance) => !instance.healthy);
    const reason = sick[0]?.reason;
    if (sick.length > 0 && sick.length === guacd.instances.length)
      return reason ?? { message: 'no guacd answers', advice: 'Sessions cannot start without it.' };
    if (sick[0])
      return {
        message: `guacd at ${sick[0].address} does not take sessions${reason ? `: ${withoutStop(reason.message)}` : ''}`,
        ...(reason?.advice === undefined ? {} : { advice: reason.advice }),
      };
  }
  // It answers, and cannot be relied on: it has died too often lately.
  const shaky = guacd.kind === 'up' && guacd.instances.find((instance) => instance.reason !== null)?.reason;
  if (shaky) return shaky;
  if (outpost === null && status.updateFailure) return status.updateFailure;
  if (outpost && outpost.providers.length === 0) return NO_PROVIDERS;
  if (metrics.kind === 'failed') return metrics.reason;
  if (status.updateFailure)
    return {
      ...status.updateFailure,
      message: `its configuration is not fresh: ${status.updateFailure.message}`,
    };
  return undefined;
}

/** The click in authentik that is missing. */
export const NO_PROVIDERS = {
  message: 'no RAC provider is assigned to this outpost',
  advice:
    'In authentik’s admin interface open Applications → Outposts, edit this outpost and select its RAC applications.',
} as const;

function failed({ message, advice }: Failure): Description {
  return { state: 'failed', sentence: withoutStop(message), advice: advice ?? null };
}

function say(state: OverallState, sentence: string): Description {
  return { state, sentence, advice: null };
}

function named(host: string | null): string {
  return host === null ? '' : ` · ${hostName(host)}`;
}

function goingOn(sessions: number): string {
  if (sessions === 0) return '';
  return sessions === 1 ? ' · 1 session goes on' : ` · ${sessions} sessions go on`;
}

/** `sso.example.org` of `https://sso.example.org/auth/`; what is no URL stays as it is. */
function hostName(host: string): string {
  try {
    return new URL(host).host || host;
  } catch {
    return host;
  }
}

import * as v from 'valibot';
import { SallyportError } from '../errors.ts';
import type { OutpostInfo } from '../status.ts';

/** What authentik says of this outpost, and how often to ask again. */
export interface OwnOutpost extends OutpostInfo {
  /** Seconds; already within what makes sense. */
  readonly refreshIntervalS: number;
}

/** What authentik says of itself. */
export interface RootConfig {
  readonly errorReporting: {
    readonly enabled: boolean;
    readonly sentryDsn: string;
    readonly environment: string;
    readonly sendPii: boolean;
    readonly tracesSampleRate: number;
  };
  readonly capabilities: readonly string[];
  readonly cacheTimeoutS: number | null;
}

const DEFAULT_REFRESH_S = 300;
const MIN_REFRESH_S = 30;
/** A timer of Node cannot wait longer than 24 days; nobody means more than one. */
const MAX_REFRESH_S = 24 * 60 * 60;

// Versions of authentik differ: only what the outpost cannot do without is asked for, the rest has a fallback.
const text = v.fallback(v.string(), '');
const truth = v.fallback(v.boolean(), false);
const anything = v.fallback(v.array(v.unknown()), []);

const OutpostSchema = v.object({
  pk: v.pipe(v.string(), v.minLength(1)),
  type: v.pipe(v.string(), v.minLength(1)),
  name: text,
  providers: anything,
  providers_obj: anything,
  refresh_interval_s: v.fallback(v.number(), DEFAULT_REFRESH_S),
  config: v.fallback(v.record(v.string(), v.unknown()), {}),
});

const ProviderSchema = v.object({ pk: v.number(), name: text });

const NO_REPORTING = {
  enabled: false,
  sentry_dsn: '',
  environment: '',
  send_pii: false,
  traces_sample_rate: 0,
};

const RootSchema = v.object({
  error_reporting: v.fallback(
    v.object({
      enabled: truth,
      sentry_dsn: text,
      environment: text,
      send_pii: truth,
      traces_sample_rate: v.fallback(v.number(), 0),
    }),
    NO_REPORTING,
  ),
  capabilities: anything,
  cache_timeout: v.fallback(v.nullable(v.number()), null),
});

/**
 * The outpost from the answer of `/outposts/instances/`: the first of the list, which holds no other for an
 * outpost's service account. Throws `no-outpost`, `wrong-outpost-type` or `bad-answer`.
 */
export function decodeOwnOutpost(answer: unknown, display: string): OwnOutpost {
  const list = v.safeParse(v.object({ results: v.array(v.unknown()) }), answer);
  if (!list.success) throw badAnswer(display, 'a list of outposts');
  const [first] = list.output.results;
  if (first === undefined) throw noOutpost();
  const outpost = v.safeParse(OutpostSchema, first);
  if (!outpost.success) {
    throw badAnswer(
      display,
      `an outpost: ${v.getDotPath(outpost.issues[0]) ?? 'all of it'} is missing or wrong`,
    );
  }
  const { pk, name, type, config, refresh_interval_s } = outpost.output;
  if (type !== 'rac') throw wrongType(name || pk, type);
  return {
    pk,
    name,
    providers: providersOf(outpost.output),
    config,
    updatedAt: Date.now(),
    refreshIntervalS: refreshInterval(refresh_interval_s),
  };
}

/** The answer of `/root/config/`. Throws `bad-answer` for what is no object. */
export function decodeRootConfig(answer: unknown, display: string): RootConfig {
  const result = v.safeParse(RootSchema, answer);
  if (!result.success) throw badAnswer(display, 'its configuration');
  const { error_reporting, capabilities, cache_timeout } = result.output;
  return {
    errorReporting: {
      enabled: error_reporting.enabled,
      sentryDsn: error_reporting.sentry_dsn,
      environment: error_reporting.environment,
      sendPii: error_reporting.send_pii,
      tracesSampleRate: error_reporting.traces_sample_rate,
    },
    capabilities: capabilities.filter((item): item is string => typeof item === 'string'),
    cacheTimeoutS: cache_timeout,
  };
}

function refreshInterval(seconds: number): number {
  return seconds > 0 ? Math.min(MAX_REFRESH_S, Math.max(MIN_REFRESH_S, seconds)) : DEFAULT_REFRESH_S;
}

function providersOf({
  providers,
  providers_obj,
}: v.InferOutput<typeof OutpostSchema>): OutpostInfo['providers'] {
  const names = new Map<number, string>();
  for (const entry of providers_obj) {
    const provider = v.safeParse(ProviderSchema, entry);
    if (provider.success) names.set(provider.output.pk, provider.output.name);
  }
  for (const pk of providers) if (typeof pk === 'number' && !names.has(pk)) names.set(pk, '');
  return [...names].map(([pk, name]) => ({ pk, name }));
}

function noOutpost(): SallyportError {
  return new SallyportError('no-outpost', 'The token is good, but belongs to no outpost.', {
    advice:
      'In authentik open Applications › Outposts, create an outpost of type RAC (or open yours) and copy the token from View Deployment Info.',
  });
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  proxy: 'a proxy outpost',
  ldap: 'an LDAP outpost',
  radius: 'a RADIUS outpost',
};

function wrongType(name: string, type: string): SallyportError {
  const word = TYPE_WORDS[type] ?? `an outpost of type “${type}”`;
  return new SallyportError(
    'wrong-outpost-type',
    `The token belongs to “${name}”, which is ${word} (${type}); Sallyport runs RAC outposts.`,
    {
      advice:
        'In authentik open Applications › Outposts, take one of type RAC and copy its token from View Deployment Info.',
    },
  );
}

function badAnswer(display: string, what: string): SallyportError {
  return new SallyportError('bad-answer', `${display} answered in JSON, but not with ${what}.`, {
    advice: 'Does AUTHENTIK_HOST really lead to authentik, and is its version supported?',
  });
}

import * as v from 'valibot';
import { SallyportError } from '../errors.ts';
import { API_LIMITS, type ApiLimits, requestJson } from './api-request.ts';
import type { Endpoint } from './endpoint.ts';

/** An endpoint of authentik with its provider, as an admin's token may read them. */
export interface CataloguedEndpoint {
  readonly name: string;
  readonly protocol: string;
  /** `host` or `host:port`. */
  readonly host: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly hasMappings: boolean;
  readonly provider: {
    readonly name: string;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly hasMappings: boolean;
  };
}

const PAGE_SIZE = 100;
const MAX_PAGES = 200;

const settings = v.fallback(v.record(v.string(), v.unknown()), {});
const mappings = v.fallback(v.array(v.unknown()), []);

const providerSchema = v.object({
  pk: v.number(),
  name: v.fallback(v.string(), ''),
  settings,
  property_mappings: mappings,
});

const endpointSchema = v.object({
  name: v.fallback(v.string(), ''),
  protocol: v.string(),
  host: v.fallback(v.string(), ''),
  provider: v.fallback(v.nullable(v.number()), null),
  provider_obj: v.fallback(v.nullable(providerSchema), null),
  settings,
  property_mappings: mappings,
});

const pageSchema = v.object({
  pagination: v.fallback(v.object({ next: v.fallback(v.number(), 0) }), { next: 0 }),
  results: v.array(v.unknown()),
});

/**
 * Every RAC endpoint of authentik's, whatever its policies. `endpoint` carries the token of an admin: an outpost's
 * own may not ask for this. Rejects as `requestJson` does, with words of its own where the token is refused.
 */
export async function racCatalogue(
  endpoint: Endpoint,
  signal: AbortSignal,
  limits: ApiLimits = API_LIMITS,
): Promise<readonly CataloguedEndpoint[]> {
  const providers = new Map<number, v.InferOutput<typeof providerSchema>>();
  for (const item of await list(endpoint, '/providers/rac/', {}, signal, limits)) {
    const provider = v.safeParse(providerSchema, item);
    if (provider.success) providers.set(provider.output.pk, provider.output);
  }
  // Without this word authentik lists only what the admin may open.
  const all = { superuser_full_list: 'true' };
  const found: CataloguedEndpoint[] = [];
  for (const item of await list(endpoint, '/rac/endpoints/', all, signal, limits)) {
    const decoded = v.safeParse(endpointSchema, item);
    if (!decoded.success) continue;
    const { name, protocol, host, provider: pk, provider_obj, property_mappings } = decoded.output;
    const provider = (pk === null ? undefined : providers.get(pk)) ?? provider_obj;
    found.push({
      name,
      protocol,
      host,
      settings: decoded.output.settings,
      hasMappings: property_mappings.length > 0,
      provider: {
        name: provider?.name ?? '',
        settings: provider?.settings ?? {},
        hasMappings: (provider?.property_mappings.length ?? 0) > 0,
      },
    });
  }
  return found;
}

async function list(
  endpoint: Endpoint,
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
  limits: ApiLimits,
): Promise<unknown[]> {
  const found: unknown[] = [];
  let page = 1;
  for (let count = 0; count < MAX_PAGES && page > 0; count += 1) {
    const request = {
      method: 'GET',
      path,
      query: { ...query, page: String(page), page_size: String(PAGE_SIZE) },
    };
    const answer = await requestJson(endpoint, request, limits, signal).catch((error: unknown) => {
      throw refused(error, endpoint.display);
    });
    const decoded = v.safeParse(pageSchema, answer);
    if (!decoded.success)
      throw new SallyportError('bad-answer', `${endpoint.display} answered in JSON, but not with a list.`, {
        advice: 'Does AUTHENTIK_HOST really lead to authentik, and is its version supported?',
      });
    found.push(...decoded.output.results);
    const { next } = decoded.output.pagination;
    page = next > page ? next : 0;
  }
  return found;
}

function refused(error: unknown, display: string): unknown {
  if (!(error instanceof SallyportError) || error.code !== 'token-rejected') return error;
  return new SallyportError(
    'token-rejected',
    `authentik at ${display} did not let this token read its RAC endpoints.`,
    {
      advice:
        'Take an API token of an admin: in authentik under Directory › Tokens and App passwords, with the intent API.',
      cause: error,
    },
  );
}

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { EVENT_ACTIONS } from './event-actions.ts';
import type { Journal, JournalEvent } from './journal.ts';
import { type OutpostWish, outpostRecord, paginated, ROOT_CONFIG } from './outpost-record.ts';
import type { RacRecords } from './rac-records.ts';

export interface ApiRequest {
  readonly method: string;
  /** What follows `/api/v3/`, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The bearer token; undefined where there is none. */
  readonly bearer: string | undefined;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

export interface ApiContext {
  readonly token: string;
  readonly adminToken: string;
  readonly rac: RacRecords;
  /** The outposts that the service account sees: one, or none. */
  readonly outposts: readonly OutpostWish[];
  readonly journal: Journal;
}

const EventSchema = v.object({
  action: v.picklist(EVENT_ACTIONS),
  app: v.pipe(v.string(), v.minLength(1)),
  context: v.optional(v.record(v.string(), v.unknown()), {}),
  client_ip: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1))), null),
});

/** Answers a request to the API as authentik does for the service account of an outpost. */
export function answerApi(request: ApiRequest, context: ApiContext): ApiAnswer {
  const { method, path, bearer } = request;
  const isAdmin = bearer === context.adminToken;
  if (bearer !== undefined && bearer !== context.token && !isAdmin)
    return failure(403, 'Token invalid/expired');
  // authentik gives its public configuration to anyone.
  if (path === 'root/config/')
    return method === 'GET' ? { status: 200, body: ROOT_CONFIG } : notAllowed(method);
  if (bearer === undefined) return failure(403, 'Authentication credentials were not provided.');
  switch (path) {
    case 'outposts/instances/':
      return method === 'GET' ? listed(request, context.outposts.map(outpostRecord)) : forbidden();
    case 'events/events/':
      return method === 'POST' ? addEvent(request, context.journal) : forbidden();
    // Not for the service account of an outpost.
    case 'rac/endpoints/':
      return isAdmin && method === 'GET' ? listed(request, context.rac.endpoints()) : forbidden();
    case 'providers/rac/':
      return isAdmin && method === 'GET' ? listed(request, context.rac.providers()) : forbidden();
    default:
      return failure(404, 'Not found.');
  }
}

function listed({ query }: ApiRequest, all: readonly object[]): ApiAnswer {
  const page = whole(query.get('page'), 1);
  const pageSize = Math.min(100, whole(query.get('page_size'), 20));
  if (page > Math.max(1, Math.ceil(all.length / pageSize))) return failure(404, 'Invalid page.');
  return { status: 200, body: paginated(all, page, pageSize) };
}

function addEvent({ body }: ApiRequest, journal: Journal): ApiAnswer {
  const decoded = v.safeParse(EventSchema, parse(body));
  if (!decoded.success) {
    const fields: Record<string, string[]> = {};
    for (const issue of decoded.issues) {
      const field = v.getDotPath(issue)?.split('.')[0] ?? 'non_field_errors';
      fields[field] = [...(fields[field] ?? []), issue.message];
    }
    return { status: 400, body: fields };
  }
  const event: JournalEvent = { pk: randomUUID(), ...decoded.output, created: new Date().toISOString() };
  journal.addEvent(event);
  return { status: 201, body: event };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function whole(value: string | null, otherwise: number): number {
  const number = Number(value ?? otherwise);
  return Number.isInteger(number) && number > 0 ? number : otherwise;
}

function failure(status: number, detail: string): ApiAnswer {
  return { status, body: { detail } };
}

function forbidden(): ApiAnswer {
  return failure(403, 'You do not have permission to perform this action.');
}

function notAllowed(method: string): ApiAnswer {
  return failure(405, `Method "${method}" not allowed.`);
}

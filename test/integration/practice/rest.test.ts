import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EVENT_ACTIONS } from '../../../practice/authentik/event-actions.ts';
import type { PracticeAuthentik } from '../../../practice/authentik/server.ts';
import { practice } from './practice.ts';
import { request } from './request.ts';

const schemaFile = createRequire(import.meta.url).resolve('@goauthentik/api/schema.yml');
const openapi = parse(readFileSync(schemaFile, 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(nullableAsType(openapi), 'authentik');

/** OpenAPI 3.0 says `nullable: true` where JSON Schema says `type: [..., 'null']`. */
function nullableAsType(node: unknown): object {
  if (Array.isArray(node))
    return node.map((item) => (typeof item === 'object' ? nullableAsType(item) : item));
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node ?? {})) {
    copy[key] = typeof value === 'object' && value !== null ? nullableAsType(value) : value;
  }
  const { nullable, ...schema } = copy;
  return nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema;
}

/** What is wrong with `value` as the schema's component `name`; null where nothing is. */
function faultsOf(name: string, value: unknown): unknown {
  const validate = ajv.getSchema(`authentik#/components/schemas/${name}`);
  if (!validate) throw new Error(`The schema has no component ${name}.`);
  return validate(value) ? null : validate.errors;
}

function api(authentik: PracticeAuthentik, path: string, token: string | null = authentik.token) {
  return request(`${authentik.url}api/v3/${path}`, token === null ? {} : { headers: bearer(token) });
}

function bearer(token: string) {
  return { authorization: `Bearer ${token}` };
}

function post(authentik: PracticeAuthentik, body: string) {
  const options = {
    method: 'POST',
    headers: { ...bearer(authentik.token), 'content-type': 'application/json' },
  };
  return request(`${authentik.url}api/v3/events/events/`, options, body);
}

describe('the API of practice authentik', () => {
  it('lists the outpost as the schema says, required fields included', async () => {
    const authentik = await practice({ providers: 2, config: { log_level: 'debug', unknown_option: [1] } });
    const answer = JSON.parse((await api(authentik, 'outposts/instances/')).text);
    expect(faultsOf('PaginatedOutpostList', answer)).toBeNull();
    expect(answer.results).toHaveLength(1);
    expect(answer.results[0]).toMatchObject({ pk: authentik.outpostPk, type: 'rac', providers: [1, 2] });
    expect(answer.results[0].config).toMatchObject({ log_level: 'debug', unknown_option: [1] });
  });

  it('would notice a required field that is missing', async () => {
    const authentik = await practice();
    const answer = JSON.parse((await api(authentik, 'outposts/instances/')).text);
    delete answer.results[0].token_identifier;
    expect(faultsOf('PaginatedOutpostList', answer)).not.toBeNull();
  });

  it('lists no outpost for a token that belongs to none', async () => {
    const authentik = await practice({ outposts: 0 });
    const answer = JSON.parse((await api(authentik, 'outposts/instances/?page_size=50')).text);
    expect(faultsOf('PaginatedOutpostList', answer)).toBeNull();
    expect(answer).toMatchObject({ results: [], pagination: { count: 0, next: 0 } });
  });

  it.each(['proxy', 'ldap', 'radius'] as const)(
    'can say that the outpost is of type %s',
    async (outpostType) => {
      const authentik = await practice({ outpostType });
      const answer = JSON.parse((await api(authentik, 'outposts/instances/')).text);
      expect(faultsOf('PaginatedOutpostList', answer)).toBeNull();
      expect(answer.results[0].type).toBe(outpostType);
    },
  );

  it('gives its public configuration as the schema says', async () => {
    const authentik = await practice();
    const answer = await api(authentik, 'root/config/', null);
    expect(answer.status).toBe(200);
    expect(faultsOf('Config', JSON.parse(answer.text))).toBeNull();
  });

  it('keeps events and answers them as the schema says', async () => {
    const authentik = await practice();
    const event = {
      action: 'custom_',
      app: 'sallyport',
      context: { what: 'session' },
      client_ip: '10.0.0.7',
    };
    const answer = await post(authentik, JSON.stringify(event));
    expect(answer.status).toBe(201);
    expect(faultsOf('Event', JSON.parse(answer.text))).toBeNull();
    expect(authentik.journal.events).toMatchObject([event]);
  });

  it.each([
    ['an action that is not in the list', { action: 'sallyport_session', app: 'x' }, 'action'],
    ['an empty app', { action: 'custom_', app: '' }, 'app'],
    ['no action', { app: 'x' }, 'action'],
  ])('refuses an event with %s, naming the field', async (_, event, field) => {
    const authentik = await practice();
    const answer = await post(authentik, JSON.stringify(event));
    expect(answer.status).toBe(400);
    expect(Object.keys(JSON.parse(answer.text))).toEqual([field]);
    expect(authentik.journal.events).toEqual([]);
  });

  it('knows the actions of events that the schema lists', () => {
    expect([...EVENT_ACTIONS].sort()).toEqual([...openapi.components.schemas.EventActions.enum].sort());
  });

  it('refuses other tokens, and requests without one, as authentik does', async () => {
    const authentik = await practice();
    for (const token of ['wrong', null]) {
      const answer = await api(authentik, 'outposts/instances/', token);
      expect(answer.status).toBe(403);
      expect(faultsOf('GenericError', JSON.parse(answer.text))).toBeNull();
    }
    expect(authentik.journal.requests.map(({ authorized }) => authorized)).toEqual([false, false]);
  });

  it('does not let a service account list machines', async () => {
    const authentik = await practice();
    expect((await api(authentik, 'rac/endpoints/')).status).toBe(403);
    expect((await api(authentik, 'providers/rac/')).status).toBe(403);
  });

  it('lists machines and their provider for an admin as the schema says', async () => {
    const authentik = await practice({ providerSettings: { 'ignore-cert': true } });
    const endpoints = JSON.parse(
      (await api(authentik, 'rac/endpoints/?page_size=1', authentik.adminToken)).text,
    );
    expect(faultsOf('PaginatedEndpointList', endpoints)).toBeNull();
    expect(endpoints).toMatchObject({
      pagination: { next: 2, count: 2 },
      results: [{ name: 'shell', protocol: 'ssh', host: '127.0.0.1:22', settings: { password: 'secret' } }],
    });
    const providers = JSON.parse((await api(authentik, 'providers/rac/', authentik.adminToken)).text);
    expect(faultsOf('PaginatedRACProviderList', providers)).toBeNull();
    expect(providers.results).toMatchObject([{ pk: 1, settings: { 'ignore-cert': true } }]);
  });

  it('lives below its sub-path only, and writes down what was asked with its query', async () => {
    const authentik = await practice({ subPath: '/deep/er/' });
    expect(authentik.url.endsWith('/deep/er/')).toBe(true);
    const outside = await request(authentik.url.replace('/deep/er/', '/api/v3/root/config/'));
    expect(outside.status).toBe(404);
    await api(authentik, 'outposts/instances/?tenant=a');
    expect(authentik.journal.requests).toMatchObject([
      {
        method: 'GET',
        target: '/deep/er/api/v3/outposts/instances/?tenant=a',
        authorized: true,
        status: 200,
      },
    ]);
  });
});

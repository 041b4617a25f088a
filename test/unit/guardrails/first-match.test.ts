import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resolve } from '../../../main/core/sessions/guardrails/forbidden.ts';
import { ask, guardrails, request, unknownName, values } from './asked.ts';

/** What each host answers with, and its name in one spelling. */
const HOSTS: Readonly<Record<string, { readonly answers: readonly string[]; readonly name: string | null }>> =
  {
    'web.example.org': { answers: ['10.0.0.80'], name: 'web.example.org' },
    'DB.example.org.': { answers: ['10.0.0.7'], name: 'db.example.org' },
    'alias.example.com': { answers: ['10.0.0.7'], name: 'alias.example.com' },
    'both.example.org': { answers: ['10.0.0.7', '10.0.0.80'], name: 'both.example.org' },
    '10.0.0.7': { answers: ['10.0.0.7'], name: null },
    '10.0.0.80': { answers: ['10.0.0.80'], name: null },
    'fd00::7': { answers: ['fd00::7'], name: null },
  };

interface Place {
  readonly name: string | null;
  readonly address: string;
  readonly port: number;
}

/** What each target means, said without a rule’s own words; `isDenied` where the rule forbids. */
const TARGETS: Readonly<Record<string, (place: Place, isDenied: boolean) => boolean>> = {
  '*': () => true,
  '*:2222': ({ port }) => port === 2222,
  '10.0.0.7': ({ address }) => address === '10.0.0.7',
  '10.0.0.0/26': ({ address }) => address === '10.0.0.7',
  '10.0.0.80:22': ({ address, port }) => address === '10.0.0.80' && port === 22,
  'fd00::/8': ({ address }) => address === 'fd00::7',
  'db.example.org': ({ name, address }, isDenied) =>
    name === 'db.example.org' || (isDenied && address === '10.0.0.7'),
  '*.example.org:1-1000': ({ name, port }) => (name ?? '').endsWith('.example.org') && port <= 1000,
};

const resolve: Resolve = async (name) => {
  const found = Object.entries(HOSTS).find(([host, known]) => host === name || known.name === name);
  if (!found) throw unknownName();
  return found[1].answers;
};

const some = <T>(...values: readonly T[]) =>
  fc.option(fc.subarray([...values], { minLength: 1, maxLength: 2 }), { nil: null });

const rules = fc.array(
  fc.record({
    action: fc.constantFrom('allow' as const, 'deny' as const),
    users: some('alice', 'al*', 'bob', '*'),
    sources: some('authentik' as const, 'local' as const),
    protocols: some('ssh', 'rdp'),
    targets: some(...Object.keys(TARGETS)),
  }),
  { maxLength: 6 },
);

const sessions = fc.record({
  hostname: fc.constantFrom(...Object.keys(HOSTS)),
  port: fc.constantFrom(22, 2222),
  protocol: fc.constantFrom('ssh', 'rdp'),
  source: fc.constantFrom('authentik' as const, 'local' as const),
  user: fc.constantFrom('alice', 'bob', 'Carol', null),
});

const isUser = (user: string | null, pattern: string) =>
  pattern === '*' || user === pattern || (pattern === 'al*' && user === 'alice');

describe('the first rule that matches', () => {
  it('decides, for the first address that may be reached', async () => {
    await fc.assert(
      fc.asyncProperty(
        rules,
        sessions,
        fc.constantFrom('allow', 'deny'),
        async (listed, session, otherwise) => {
          const { hostname, port, ...rest } = session;
          const verdict = (address: string) => {
            const place = { name: HOSTS[hostname]?.name ?? null, address, port };
            const index = listed.findIndex(
              ({ action, users, sources, protocols, targets }) =>
                (users?.some((pattern) => isUser(rest.user, pattern)) ?? true) &&
                (sources?.includes(rest.source) ?? true) &&
                (protocols?.includes(rest.protocol) ?? true) &&
                (targets?.some((target) => TARGETS[target]?.(place, action === 'deny')) ?? true),
            );
            return {
              address,
              rule: index < 0 ? null : `Rule ${index}`,
              action: listed[index]?.action ?? otherwise,
            };
          };
          const verdicts = (HOSTS[hostname]?.answers ?? []).map(verdict);
          const expected = verdicts.find(({ action }) => action === 'allow') ?? verdicts[0];
          const written = listed.map((rule, index) => ({
            name: `Rule ${index}`,
            ...Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null)),
          }));
          const answer = await ask(
            guardrails(written, { otherwise }),
            request({ hostname, port: String(port) }, rest),
            { resolve },
          );
          expect('request' in answer ? 'allow' : 'deny').toBe(expected?.action);
          // Where no rule has a target nobody asks for an address.
          const isAsked = listed.some(({ targets }) => targets !== null);
          if ('request' in answer) {
            expect(answer.rule).toBe(expected?.rule);
            expect(values(answer)['hostname']).toBe(isAsked ? expected?.address : hostname);
          } else expect('rule' in answer && answer.rule).toBe(expected?.rule);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

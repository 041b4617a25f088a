import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SallyportError } from '../../../main/core/errors.ts';
import type { Admission } from '../../../main/core/sessions/admission.ts';
import type { Resolve } from '../../../main/core/sessions/guardrails/forbidden.ts';
import { ask, guardrails, request, unknownName, values } from './asked.ts';
import { aton, dialled, reach } from './reach.ts';
import { spellingsOf, writtenAs } from './spellings.ts';

type Bytes = readonly [number, number, number, number];
const text = (bytes: readonly number[]) => bytes.join('.');

/** Where anybody may go; far from what is denied. */
const FREE: Bytes = [192, 0, 2, 80];
const MOVING = 'moving.example.org';

/**
 * A resolver that takes whatever is not quite a name for something: it stops at a blank, a null or a slash, reads
 * percent signs and brackets, and somebody who wishes ill answers for the rest.
 */
function gullible(denied: string, answers: readonly string[] = [denied]): Resolve {
  const free = text(FREE);
  let turn = 0;
  const names: Readonly<Record<string, () => readonly string[]>> = {
    'db.example.org': () => [denied],
    'alias.example.com': () => [denied],
    'xn--mnchen-3ya.example': () => [denied],
    'both.example.org': () => [denied, free],
    'six.example.org': () => [`::ffff:${denied}`, free],
    'web.example.org': () => [free],
    [MOVING]: () => [answers[turn++ % answers.length] ?? denied],
  };
  return async (asked) => {
    const name = asked.toLowerCase().replace(/\.$/, '');
    const known = names[name]?.();
    if (known) return known;
    if (asked.includes(':') && !asked.startsWith('[')) return [asked];
    const cut =
      decoded(asked)
        .replace(/^\[(.*)\].*$/s, '$1')
        .split(/[\0\s/#?%@\\]/)[0] ?? '';
    if (cut.includes(':')) return [cut];
    const address = aton(cut.replace(/\.$/, ''));
    if (address) return [text(address)];
    const alike = names[cut.toLowerCase()]?.();
    if (alike) return alike;
    if (asked.includes('evil')) return [denied];
    throw unknownName();
  };
}

function decoded(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

/** What pretends to be a name that may be reached, with another place in it. */
const pretended = (denied: string) =>
  fc
    .tuple(
      fc.constantFrom(denied, `[::ffff:${denied}]`, 'evil', '::1', 'web.example.org'),
      fc.constantFrom('\0', ' ', '\t', '\n', '/', '#', '?', '%', '@', '\\', '/.evil', '%00', '%2f.', ':22/'),
      fc.constantFrom('.example.net', 'web.example.org', '.evil.example.net', ''),
      fc.boolean(),
    )
    .map(([place, between, name, isFirst]) =>
      isFirst ? `${place}${between}${name}` : `${name.replace(/^\./, 'x.')}${between}${place}`,
    );

const hosts = (bytes: Bytes) =>
  fc.oneof(
    { weight: 3, arbitrary: spellingsOf(bytes) },
    spellingsOf(bytes).map((host) => `[${host}]`),
    ...[
      'db.example.org',
      'alias.example.com',
      'xn--mnchen-3ya.example',
      'both.example.org',
      'six.example.org',
    ].map(writtenAs),
    fc.constantFrom('münchen.example', 'MÜNCHEN.example', 'mu\u0308nchen.example', MOVING),
    pretended(text(bytes)),
  );

const byte = fc.integer({ min: 1, max: 254 });
const machines = fc.tuple(fc.integer({ min: 1, max: 126 }), byte, byte, byte);

/** Ways to forbid the machine. */
const denials = ([a, b, c, d]: Bytes, port: number) =>
  fc
    .tuple(
      fc.constantFrom(
        `${a}.${b}.${c}.${d}`,
        `${a}.${b}.${c}.${d}/32`,
        `${a}.${b}.${c}.${d & 0xf0}/28`,
        `${a}.0.0.0/8`,
        `::ffff:${a}.${b}.0.0/112`,
        'db.example.org',
        'DB.Example.ORG.',
        'db。example.org',
        'münchen.example',
      ),
      fc.constantFrom<readonly [number, number] | null>(null, [port, port], [1, port]),
    )
    .map(([host, ports]) => {
      const [from, to] = ports ?? [1, 65_535];
      const bare = host.includes('::') ? `[${host}]` : host;
      return { target: ports === null ? host : `${bare}:${from}-${to}`, from, to };
    });

/** Conditions that do not hold for the session, whichever machine it goes to. */
const unmet = fc.constantFrom(
  { users: ['bob', 'al*x'] },
  { sources: ['local'] },
  { protocols: ['telnet'] },
  { times: [{ days: [2], from: '00:00', to: '23:59' }] },
  { targets: ['*:7'] },
  { targets: ['192.0.2.0/24', '[2001:db8::]:1-65535', 'fd00::/8'] },
  { targets: ['*.example.net', 'web.example.org', 'w*.example.org', '*evil'] },
);

const others = fc
  .array(
    fc
      .tuple(unmet, fc.constantFrom('allow', 'allow', 'deny'), fc.boolean())
      .map(([conditions, action, isForced]) => ({
        name: 'Another',
        action,
        ...conditions,
        ...(isForced && action === 'allow' && { parameters: { force: { 'enable-sftp': 'true' } } }),
      })),
    { maxLength: 4 },
  )
  // What they deny is no answer to whether the machine was reached.
  .map((rules) => rules.filter(({ action }) => action === 'allow'));

/** Ways by which guacd is told to go somewhere: the parameters, and the port that it is judged by. */
const WAYS: readonly { protocol: string; port: number; told: (host: string) => Record<string, string> }[] = [
  { protocol: 'ssh', port: 22, told: (hostname) => ({ hostname }) },
  { protocol: 'ssh', port: 2222, told: (hostname) => ({ hostname, port: '2222' }) },
  { protocol: 'rdp', port: 3389, told: (hostname) => ({ hostname }) },
  { protocol: 'vnc', port: 5900, told: (hostname) => ({ hostname }) },
  ...[
    { protocol: 'rdp', port: 443, told: (host: string) => ({ 'gateway-hostname': host }) },
    { protocol: 'rdp', port: 88, told: (host: string) => ({ 'kdc-url': host }) },
    { protocol: 'vnc', port: 5900, told: (host: string) => ({ 'dest-host': host }) },
    { protocol: 'rdp', port: 22, told: (host: string) => ({ 'enable-sftp': 'true', 'sftp-hostname': host }) },
    { protocol: 'vnc', port: 22, told: (host: string) => ({ 'enable-sftp': 'true', 'sftp-hostname': host }) },
    {
      protocol: 'ssh',
      port: 9,
      told: (host: string) => ({ 'wol-send-packet': 'true', 'wol-broadcast-addr': host }),
    },
    {
      protocol: 'vnc',
      port: 4713,
      told: (host: string) => ({ 'enable-audio': 'true', 'audio-servername': host }),
    },
    {
      protocol: 'vnc',
      port: 5500,
      told: (host: string) => ({ 'reverse-connect': 'true', 'dest-host': host }),
    },
  ].map(({ protocol, port, told }) => ({
    protocol,
    port,
    told: (host: string) => ({ hostname: text(FREE), ...told(host) }),
  })),
];

const isIn = (answer: Admission | SallyportError): answer is Admission => 'request' in answer;
const ALL = { name: 'The rest', action: 'allow' };

describe('a denied machine', () => {
  it('is reached by no spelling, no way and no order of rules that are about others', async () => {
    const cases = fc.tuple(machines, fc.constantFrom(...WAYS)).chain(([machine, way]) =>
      fc.record({
        machine: fc.constant(machine),
        way: fc.constant(way),
        host: hosts(machine),
        denial: denials(machine, way.port),
        before: others,
        after: others,
        otherwise: fc.constantFrom('allow', 'deny'),
        answers: fc.array(fc.constantFrom(text(machine), text(FREE)), { minLength: 1, maxLength: 4 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ machine, way, host, denial, before, after, otherwise, answers }) => {
        const rules = guardrails(
          [...before, { name: 'No', action: 'deny', targets: [denial.target] }, ...after, ALL],
          { otherwise },
        );
        const { protocol } = way;
        const answer = await ask(rules, request(way.told(host), { protocol }), {
          resolve: gullible(text(machine), answers),
        });
        if (!isIn(answer)) return;
        for (const { host: place, port } of dialled(protocol, values(answer))) {
          // What guacd is told is an address: a name could be answered otherwise when guacd asks.
          expect(reach(place), place).not.toEqual([]);
          if (port >= denial.from && port <= denial.to) expect(reach(place)).not.toContain(text(machine));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps nobody from another one, however that is written', async () => {
    const rules = guardrails([
      { name: 'No', action: 'deny', targets: ['10.0.0.0/8', 'db.example.org'] },
      ALL,
    ]);
    await fc.assert(
      fc.asyncProperty(fc.oneof(spellingsOf(FREE), writtenAs('web.example.org')), async (hostname) => {
        const answer = await ask(rules, request({ hostname }), { resolve: gullible('10.0.0.7') });
        // No resolver reads these, nor does any form that people use write them.
        const isOdd = !hostname.includes(':') && /[%\u00ad]/.test(hostname);
        if (isOdd) expect(answer).toMatchObject({ code: 'guardrail' });
        else expect(isIn(answer) ? reach(values(answer)['hostname'] ?? '') : answer).toContain(text(FREE));
      }),
      { numRuns: 500 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import type { Admission, OtherSessions } from '../../../main/core/sessions/admission.ts';
import { admitBy } from '../../../main/core/sessions/guardrails/admit.ts';
import type { Resolve } from '../../../main/core/sessions/guardrails/court.ts';
import { type Guardrails, readGuardrails } from '../../../main/core/sessions/guardrails/rule.ts';
import type { SessionRequest } from '../../../main/core/sessions/request.ts';
import type { SessionStatus } from '../../../main/core/status.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'web.example.org': ['10.0.0.80'],
  'db.example.org': ['10.0.0.7'],
  'both.example.org': ['10.0.0.7', '10.0.0.80'],
  'six.example.org': ['64:ff9b::a00:7'],
};

/** As the system's resolver reads addresses: also octal, hexadecimal, one number, and IPv4 in IPv6. */
const resolver: Resolve = async (name) => {
  const bare = name.replace(/\.$/, '').toLowerCase();
  const number = Number(bare);
  if (/^\d+$|^0x[0-9a-f]+$/.test(bare) && number <= 0xffffffff)
    return [[24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.')];
  if (/^[0-9a-fx]+(\.[0-9a-fx]+){3}$/.test(bare))
    return [
      bare
        .split('.')
        .map((part) => (/^0[0-7]+$/.test(part) ? Number.parseInt(part, 8) : Number(part)))
        .join('.'),
    ];
  if (bare.includes(':')) return [bare];
  const found = NAMES[bare];
  if (!found) throw new Error('ENOTFOUND');
  return found;
};

function guardrails(rules: readonly object[], rest: object = {}): Guardrails {
  const read = readGuardrails(JSON.stringify({ version: 1, rules, ...rest }));
  if (read.kind === 'damaged') throw new Error(read.reason);
  return read.guardrails;
}

let count = 0;

function request(
  parameters: Readonly<Record<string, string>>,
  rest: Partial<SessionRequest> = {},
): SessionRequest {
  count += 1;
  return {
    id: `session-${count}`,
    names: [],
    source: 'authentik',
    protocol: 'ssh',
    parameters: new Map(Object.entries(parameters).map(([name, value]) => [name, new Secret(value)])),
    agentLogin: null,
    display: { width: 800, height: 600, dpi: 96, audio: [] },
    user: 'alice',
    machine: parameters['hostname'] ?? '',
    ...rest,
  };
}

const running = (ids: readonly string[]): OtherSessions => ({
  all: () => ids.map((id) => ({ id, state: 'live' }) as SessionStatus),
  makeRoom: () => false,
});

async function admit(
  rules: Guardrails,
  asked: SessionRequest,
  { resolve = resolver, now = 0 }: { resolve?: Resolve; now?: number } = {},
): Promise<Admission> {
  const decide = admitBy({ current: async () => rules, resolve, timezone: 'UTC', now: () => now });
  return decide(asked, running([]), new AbortController().signal);
}

const refusal = (rules: Guardrails, asked: SessionRequest, options = {}) =>
  admit(rules, asked, options).then(
    () => null,
    (error: unknown) => SallyportError.from(error),
  );

const values = (admission: Admission) =>
  Object.fromEntries([...admission.request.parameters].map(([name, value]) => [name, value.reveal()]));

const NO_DATABASE = { name: 'No database', action: 'deny', because: 'Ask ops', targets: ['10.0.0.7'] };
const ALL = { name: 'The rest', action: 'allow' };

describe('guardrails', () => {
  it('let everything through unchanged where there are none, and ask for no address', async () => {
    const asked = request({ hostname: 'web.example.org', port: 'ssh', 'enable-sftp': 'true' });
    const admission = await admit(guardrails([]), asked, {
      resolve: () => Promise.reject(new Error('asked')),
    });
    expect(values(admission)).toEqual({ hostname: 'web.example.org', port: 'ssh', 'enable-sftp': 'true' });
    expect(admission.rule).toBeNull();
  });

  it('refuse in the rule’s own words, with its name', async () => {
    const error = await refusal(guardrails([NO_DATABASE, ALL]), request({ hostname: 'db.example.org' }));
    expect(error).toMatchObject({ code: 'guardrail' });
    expect(error?.message).toBe('A rule of this jump host forbids this session (No database): Ask ops.');
  });

  it('know that “any address” is this very host', async () => {
    const rules = guardrails([{ name: 'Not here', action: 'deny', targets: ['127.0.0.0/8', '::1'] }, ALL]);
    for (const hostname of ['0.0.0.0', '::', '::ffff:0.0.0.0', '0'])
      expect(await refusal(rules, request({ hostname })), hostname).toMatchObject({ code: 'guardrail' });
  });

  it('refuse VNC of which nobody can say where it goes, unless the rule takes that out', async () => {
    const vnc = { protocol: 'vnc' };
    const calling = { hostname: 'web.example.org', 'reverse-connect': 'true' };
    const heard = { hostname: 'web.example.org', 'enable-audio': 'true', 'audio-servername': '10.0.0.7' };
    const rules = guardrails([NO_DATABASE, ALL]);
    for (const sent of [calling, heard])
      expect(await refusal(rules, request(sent, vnc))).toMatchObject({
        code: 'guardrail',
        message: expect.stringContaining('cannot judge it'),
      });
    const tamed = { ...ALL, parameters: { forbid: ['audio-*', 'reverse-connect'] } };
    for (const sent of [calling, heard])
      expect(await refusal(guardrails([NO_DATABASE, tamed]), request(sent, vnc))).toBeNull();
    expect(await refusal(guardrails([]), request(calling, vnc))).toBeNull();
  });

  it('connect to the address that was judged, whatever the name answers next', async () => {
    let asked = 0;
    const changing: Resolve = async () => {
      asked += 1;
      return [asked === 1 ? '10.0.0.80' : '10.0.0.7'];
    };
    const admission = await admit(
      guardrails([NO_DATABASE, ALL]),
      request({ hostname: 'moving.example.org' }),
      {
        resolve: changing,
      },
    );
    expect(values(admission)).toMatchObject({ hostname: '10.0.0.80', port: '22' });
    expect(asked).toBe(1);
  });

  it('have the host’s key looked up by the address that is connected to', async () => {
    const rules = guardrails([NO_DATABASE, ALL]);
    const key = 'web.example.org ssh-ed25519 AAAAC3Nz a comment';
    const admission = await admit(
      rules,
      request({ hostname: 'web.example.org', 'host-key': key, port: '2222' }),
    );
    expect(values(admission)['host-key']).toBe('[10.0.0.80]:2222,10.0.0.80 ssh-ed25519 AAAAC3Nz a comment');
    const bare = await admit(
      rules,
      request({ hostname: 'web.example.org', 'host-key': 'ssh-ed25519 AAAAC3Nz mine' }),
    );
    expect(values(bare)['host-key']).toBe('ssh-ed25519 AAAAC3Nz mine');
  });

  it('take the address that is allowed, where a name has several', async () => {
    const admission = await admit(guardrails([NO_DATABASE, ALL]), request({ hostname: 'both.example.org' }));
    expect(values(admission)['hostname']).toBe('10.0.0.80');
  });

  it('keep a machine that is forbidden by name from being reached by its address', async () => {
    const byName = guardrails([{ name: 'No', action: 'deny', targets: ['DB.example.org.'] }, ALL]);
    expect(await refusal(byName, request({ hostname: '10.0.0.7' }))).toMatchObject({ code: 'guardrail' });
    expect(await refusal(byName, request({ hostname: '10.0.0.80' }))).toBeNull();
  });

  it('let in by name only whom the name was asked for', async () => {
    const byName = guardrails([{ name: 'Web', action: 'allow', targets: ['web.*'] }], { otherwise: 'deny' });
    expect(await refusal(byName, request({ hostname: 'WEB.example.org.' }))).toBeNull();
    expect((await refusal(byName, request({ hostname: '10.0.0.80' })))?.message).toBe(
      'No rule of this jump host allows SSH to 10.0.0.80.',
    );
  });

  it.each([
    ['files by SFTP beside a desktop', 'rdp', { 'enable-sftp': 'true', 'sftp-hostname': 'db.example.org' }],
    ['a gateway', 'rdp', { 'gateway-hostname': 'db.example.org' }],
    ['a repeater’s far end', 'vnc', { 'dest-host': '10.0.0.7', 'dest-port': '5900' }],
    ['a packet that wakes', 'ssh', { 'wol-send-packet': 'true', 'wol-broadcast-addr': '10.0.0.7' }],
  ])('judge every other way as well: %s', async (_, protocol, parameters) => {
    const rules = guardrails([NO_DATABASE, ALL]);
    const asked = request({ hostname: '10.0.0.80', ...parameters }, { protocol });
    expect(await refusal(rules, asked)).toMatchObject({ code: 'guardrail' });
  });

  it('know that files beside a desktop go to the same machine by SSH’s port', async () => {
    const rules = guardrails([{ name: 'No SSH', action: 'deny', targets: ['*:22'] }, ALL]);
    const parameters = { hostname: '10.0.0.80', 'enable-sftp': 'true' };
    expect(await refusal(rules, request(parameters, { protocol: 'rdp' }))).toMatchObject({
      code: 'guardrail',
    });
    const off = { ...parameters, 'enable-sftp': 'false' };
    expect(await refusal(rules, request(off, { protocol: 'rdp' }))).toBeNull();
  });

  it('judge a way that the rule itself opens', async () => {
    const rules = guardrails([NO_DATABASE, { ...ALL, parameters: { force: { 'enable-sftp': 'true' } } }]);
    const asked = request({ hostname: '10.0.0.80', 'sftp-hostname': '10.0.0.7' }, { protocol: 'rdp' });
    expect(await refusal(rules, asked)).toMatchObject({ code: 'guardrail' });
  });

  it.each(['22abc', 'ssh', '0', '65536', '-1', '0x16'])(
    'refuse a port that is written as %s',
    async (port) => {
      const error = await refusal(guardrails([NO_DATABASE, ALL]), request({ hostname: '10.0.0.80', port }));
      expect(error?.message).toContain('no port number');
    },
  );

  it('force and forbid parameters, and close every way of files that a rule closes', async () => {
    const rules = guardrails([
      {
        ...ALL,
        parameters: {
          force: { 'disable-copy': 'true', 'color-depth': '8' },
          forbid: ['Recording-*', '*name'],
        },
        files: { upload: false, names: ['*.exe'] },
      },
    ]);
    const admission = await admit(
      rules,
      request({ hostname: 'web.example.org', 'recording-path': '/x', 'color-depth': '24', username: 'root' }),
    );
    expect(values(admission)).toEqual({
      hostname: 'web.example.org',
      'disable-copy': 'true',
      'color-depth': '8',
      'rac-allow-upload': 'false',
      'disable-upload': 'true',
      'sftp-disable-upload': 'true',
    });
    expect(admission.files).toEqual({ upload: false, download: true, maxBytes: null, names: ['*.exe'] });
  });

  it('ask for the time, the person, the protocol and where the wish comes from', async () => {
    const rule = (conditions: object) => guardrails([{ name: 'One', action: 'deny', ...conditions }]);
    const monday = Date.parse('2026-01-05T09:00:00Z');
    const isRefused = async (conditions: object, rest: Partial<SessionRequest> = {}) =>
      (await refusal(rule(conditions), request({ hostname: '10.0.0.1' }, rest), { now: monday })) !== null;
    expect(await isRefused({ times: [{ days: [1], from: '08:00', to: '10:00' }] })).toBe(true);
    expect(await isRefused({ times: [{ days: [2], from: '08:00', to: '10:00' }] })).toBe(false);
    expect(await isRefused({ users: ['ALI*'] })).toBe(true);
    expect(await isRefused({ users: ['bob'] })).toBe(false);
    expect(await isRefused({ users: ['a*'] }, { user: null })).toBe(false);
    expect(await isRefused({ users: ['*'] }, { user: null })).toBe(true);
    expect(await isRefused({ protocols: ['ssh'] })).toBe(true);
    expect(await isRefused({ protocols: ['rdp'] })).toBe(false);
    expect(await isRefused({ sources: ['local'] })).toBe(false);
    expect(await isRefused({ sources: ['local'] }, { source: 'local' })).toBe(true);
  });

  it('let in no more at once than they say, and one again when one has ended', async () => {
    const rules = guardrails([{ ...ALL, targets: ['*'], most: { perMachine: 1 } }], { most: { inAll: 2 } });
    const decide = admitBy({ current: async () => rules, resolve: resolver, timezone: 'UTC' });
    const { signal } = new AbortController();
    const [first, again, second, third] = ['10.0.0.1', '0xa000001', '10.0.0.2', '10.0.0.3'].map((hostname) =>
      request({ hostname }),
    ) as [SessionRequest, SessionRequest, SessionRequest, SessionRequest];
    await decide(first, running([]), signal);
    await expect(decide(again, running([first.id]), signal)).rejects.toThrow('1 session to one machine');
    await decide(second, running([first.id]), signal);
    await expect(decide(third, running([first.id, second.id]), signal)).rejects.toThrow('2 sessions at once');
    await decide(third, running([second.id]), signal);
  });

  it.each([
    ['of one person', { most: { perUser: 1 } }, {}],
    ['to one machine, by a rule', {}, { most: { perMachine: 1 } }],
  ])('let a held session make room at a bound %s', async (_which, rest, rule) => {
    const rules = guardrails([{ ...ALL, targets: ['*'], ...rule }], rest);
    const decide = admitBy({ current: async () => rules, resolve: resolver, timezone: 'UTC' });
    const { signal } = new AbortController();
    const [left, anew, another] = [1, 2, 3].map(() => request({ hostname: '10.0.0.1' })) as [
      SessionRequest,
      SessionRequest,
      SessionRequest,
    ];
    await decide(left, running([]), signal);
    const state = new Map<string, SessionStatus['state']>([[left.id, 'held']]);
    let comesBack = true;
    const sessions: OtherSessions = {
      all: () => [...state].map(([id, now]) => ({ id, state: now }) as SessionStatus),
      makeRoom: (among) => {
        const [held] = [...state.keys()].filter((id) => among.has(id) && state.get(id) === 'held');
        if (comesBack || held === undefined) return false;
        state.set(held, 'ending');
        return true;
      },
    };
    // Somebody is just coming back to it: then it is not there to make room.
    await expect(decide(anew, sessions, signal)).rejects.toThrow('1 session');
    comesBack = false;
    await decide(anew, sessions, signal);
    expect(state.get(left.id)).toBe('ending');
    state.set(anew.id, 'live');
    await expect(decide(another, sessions, signal)).rejects.toThrow('1 session');
    expect(state.get(anew.id)).toBe('live');
  });

  it('do not let two take the last place together', async () => {
    const rules = guardrails([{ ...ALL, targets: ['*'] }], { most: { perUser: 1 } });
    const decide = admitBy({ current: async () => rules, resolve: resolver, timezone: 'UTC' });
    const { signal } = new AbortController();
    const both = [request({ hostname: '10.0.0.1' }), request({ hostname: '10.0.0.2' })];
    const results = await Promise.allSettled(
      both.map((asked) => decide(asked, running(both.map(({ id }) => id)), signal)),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('let nobody in while their file cannot be read, and count every refusal by its rule', async () => {
    const counted: (string | null)[] = [];
    let current: Guardrails | { code: 'settings-unreadable'; message: string } = {
      code: 'settings-unreadable',
      message: 'The guardrails are not valid JSON.',
    };
    const decide = admitBy({
      current: async () => current,
      resolve: resolver,
      timezone: 'UTC',
      onRefused: (rule) => counted.push(rule),
    });
    const { signal } = new AbortController();
    await expect(decide(request({ hostname: '10.0.0.1' }), running([]), signal)).rejects.toThrow(
      'lets nobody in',
    );
    current = guardrails([NO_DATABASE]);
    await expect(decide(request({ hostname: '10.0.0.7' }), running([]), signal)).rejects.toThrow(
      'No database',
    );
    expect(counted).toEqual([null, 'No database']);
  });

  it('end with the session that they are asked about', async () => {
    const gone = new AbortController();
    const decide = admitBy({
      current: async () => guardrails([NO_DATABASE]),
      resolve: () => new Promise(() => {}),
      timezone: 'UTC',
    });
    const asked = decide(request({ hostname: 'slow.example.org' }), running([]), gone.signal);
    gone.abort();
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
  });
});

/** Spellings of 10.0.0.7 that a resolver, or guacd behind one, takes for it. */
const spellings = fc.constantFrom(
  '10.0.0.7',
  '012.0.0.07',
  '0xa.0.0.0x7',
  '167772167',
  '0x0a000007',
  '::ffff:10.0.0.7',
  '::FFFF:0a00:0007',
  '::ffff:a00:7',
  '0:0:0:0:0:ffff:10.0.0.7',
  '::10.0.0.7',
  '64:ff9b::10.0.0.7',
  '2002:0a00:0007::1',
  'db.example.org',
  'DB.Example.ORG',
  'db.example.org.',
  'six.example.org',
);

/** Rules that let in, whatever they ask for, but none that reaches the forbidden machine. */
const harmless = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c'),
    action: fc.constantFrom('deny'),
    targets: fc.subarray(['10.1.0.0/16', '*.example.com', 'fd00::/8', '192.168.0.1:22'], { minLength: 1 }),
    users: fc.subarray(['bob', 'carol'], { minLength: 1 }),
  },
  { requiredKeys: ['name', 'action', 'targets'] },
);

describe('a denied target', () => {
  it('is not reached by any spelling, behind any other rules', async () => {
    await fc.assert(
      fc.asyncProperty(
        spellings,
        fc.constantFrom('10.0.0.7', '10.0.0.0/29', '::ffff:10.0.0.7', 'db.example.org', 'DB.EXAMPLE.ORG.'),
        fc.array(harmless, { maxLength: 4 }),
        fc.constantFrom('allow', 'deny'),
        fc.constantFrom(undefined, '22', '2222'),
        async (hostname, target, before, otherwise, port) => {
          const rules = guardrails([...before, { name: 'No', action: 'deny', targets: [target] }, ALL], {
            otherwise,
          });
          const asked = request({ hostname, ...(port !== undefined && { port }) });
          expect(await refusal(rules, asked)).toMatchObject({ code: 'guardrail' });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is never what guacd is told, whatever addresses a name answers with', async () => {
    const address = fc.constantFrom('10.0.0.7', '10.0.0.8', '::ffff:10.0.0.7', 'fd00::7', '64:ff9b::a00:7');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(address, { minLength: 1, maxLength: 4 }), { minLength: 1 }),
        async (answers) => {
          let turn = 0;
          const resolve: Resolve = async (name) => {
            if (name !== 'moving.example.org') return [name];
            turn += 1;
            return answers[turn % answers.length] ?? [];
          };
          const rules = guardrails([{ name: 'No', action: 'deny', targets: ['10.0.0.7/32'] }, ALL]);
          const admission = await admit(rules, request({ hostname: 'moving.example.org' }), {
            resolve,
          }).catch(() => null);
          if (admission) expect(['10.0.0.8', 'fd00::7']).toContain(values(admission)['hostname']);
        },
      ),
      { numRuns: 300 },
    );
  });
});

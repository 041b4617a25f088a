import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import type { Admission, OtherSessions } from '../../../main/core/sessions/admission.ts';
import { admitBy } from '../../../main/core/sessions/guardrails/admit.ts';
import type { Resolve } from '../../../main/core/sessions/guardrails/forbidden.ts';
import type { Guardrails } from '../../../main/core/sessions/guardrails/rule.ts';
import type { SessionRequest } from '../../../main/core/sessions/request.ts';
import type { SessionStatus } from '../../../main/core/status.ts';
import { ask, guardrails, request, running, unknownName, values } from './asked.ts';
import { aton } from './reach.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'web.example.org': ['10.0.0.80'],
  'db.example.org': ['10.0.0.7'],
  'both.example.org': ['10.0.0.7', '10.0.0.80'],
  'six.example.org': ['64:ff9b::a00:7'],
};

/** Names, and addresses in every spelling that a system reads. */
const resolver: Resolve = async (name) => {
  const found = NAMES[name.toLowerCase()] ?? (name.includes(':') ? [name] : null);
  const address = found ? null : aton(name);
  if (!found && !address) throw unknownName();
  return found ?? [(address ?? []).join('.')];
};

type Options = Partial<Parameters<typeof ask>[2]>;

async function admit(rules: Guardrails, asked: SessionRequest, options: Options = {}): Promise<Admission> {
  const answer = await ask(rules, asked, { resolve: resolver, ...options });
  if (answer instanceof SallyportError) throw answer;
  return answer;
}

async function refusal(rules: Guardrails, asked: SessionRequest, options: Options = {}) {
  const answer = await ask(rules, asked, { resolve: resolver, ...options });
  return answer instanceof SallyportError ? answer : null;
}

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
    expect(
      await refusal(rules, request({ hostname: '10.0.0.80', 'kdc-url': 'x' }, { protocol: 'rdp' })),
    ).toMatchObject({ code: 'guardrail', message: expect.stringContaining('kdc-url') });
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

  it('judge a packet that wakes everybody, where nobody says whom', async () => {
    const rules = guardrails([{ name: 'These', action: 'allow', targets: ['10.0.0.0/8'] }], {
      otherwise: 'deny',
    });
    const asked = { hostname: '10.0.0.80', 'wol-send-packet': 'true' };
    expect((await refusal(rules, request(asked)))?.message).toContain('255.255.255.255');
    expect(await refusal(rules, request({ ...asked, 'wol-send-packet': 'false' }))).toBeNull();
  });

  it('send files beside a desktop to what its name has answered once', async () => {
    let asked = 0;
    const changing: Resolve = async () => [`10.0.0.${80 + asked++}`];
    const parameters = { hostname: 'moving.example.org', 'enable-sftp': 'true' };
    const rules = guardrails([NO_DATABASE, ALL]);
    const admission = await admit(rules, request(parameters, { protocol: 'rdp' }), { resolve: changing });
    expect(values(admission)).toMatchObject({ hostname: '10.0.0.80', 'sftp-hostname': '10.0.0.80' });
  });

  it.each([
    '10.0.0.7\0.example.net',
    '10.0.0.7 x.example.net',
    'x.example.net/10.0.0.7',
    '::1%x.example.net',
  ])('let nobody in by a name that has another place in it: %j', async (hostname) => {
    const rules = guardrails([{ name: 'Web', action: 'allow', targets: ['*.example.net'] }, NO_DATABASE], {
      otherwise: 'deny',
    });
    const resolve: Resolve = async () => ['10.0.0.7'];
    expect(await refusal(rules, request({ hostname }), { resolve })).toMatchObject({ code: 'guardrail' });
  });

  it('judge by what DNS last said of a forbidden machine while it does not answer', async () => {
    let isAway = true;
    const resolve: Resolve = async (name) => {
      if (isAway && name === 'db.example.org')
        throw Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
      return resolver(name);
    };
    const rules = guardrails([{ name: 'No', action: 'deny', targets: ['db.example.org'] }, ALL]);
    const decide = admitBy({ current: async () => rules, resolve, timezone: 'UTC' });
    const { signal } = new AbortController();
    const reach = (hostname: string) => decide(request({ hostname }), running([]), signal);
    // Nobody can say which machine must not be reached.
    await expect(reach('10.0.0.80')).rejects.toMatchObject({
      code: 'dns-failed',
      message: expect.stringContaining('db.example.org'),
    });
    isAway = false;
    await reach('10.0.0.80');
    isAway = true;
    await reach('10.0.0.80');
    await expect(reach('10.0.0.7')).rejects.toMatchObject({ code: 'guardrail' });
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
      isThere: (id) => state.has(id) && state.get(id) !== 'ending',
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

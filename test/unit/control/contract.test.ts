import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { decodeIssue, type Method, NOTIFICATIONS, REQUESTS } from '../../../main/control/contract.ts';
import { decodeGreeting, decodeHello, greetingLine, helloLine } from '../../../main/control/greeting.ts';
import { outpostStatus, session as sessionSchema } from '../../../main/control/status-schema.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import type { OutpostStatus } from '../../../main/core/status.ts';
import { AT, logLine, session, status } from '../../integration/control/outpost-fixture.ts';
import { MACHINES_CASES } from './machines-cases.ts';
import { OFFLINE_CASES } from './offline-cases.ts';

interface Case {
  readonly good: readonly unknown[];
  /** What is refused, and the field that the sentence must name; empty where it is all of it. */
  readonly bad: readonly (readonly [unknown, string])[];
}

const NOTHING: Case = {
  good: [{}, { later: 1 }],
  bad: [
    [null, ''],
    ['x', ''],
    [7, ''],
  ],
};
const KEY: readonly (readonly [unknown, string])[] = [
  [{ value: 'x' }, 'key'],
  [{ key: '', value: 'x' }, 'key'],
  [{ key: 'k'.repeat(257), value: 'x' }, 'key'],
  [{ key: 1, value: 'x' }, 'key'],
];
const FILTER: Case = {
  good: [{}, { level: 'trace' }, { limit: 0 }, { limit: 1000, level: 'error' }],
  bad: [
    [{ level: 'loud' }, 'level'],
    [{ level: 3 }, 'level'],
    [{ limit: 1001 }, 'limit'],
    [{ limit: -1 }, 'limit'],
    [{ limit: 1.5 }, 'limit'],
    [{ limit: '5' }, 'limit'],
    [{ limit: Number.NaN }, 'limit'],
  ],
};

const QUESTION = { source: 'authentik', user: null, protocol: 'ssh', host: '10.0.0.7', port: null };
const AUDIT_FILTER: Case = {
  good: [{ limit: 1 }, { limit: 500, before: 7, kinds: ['session-opened'], text: 'alice' }],
  bad: [
    [{}, 'limit'],
    [{ limit: 0 }, 'limit'],
    [{ limit: 501 }, 'limit'],
    [{ limit: 1, before: 1.5 }, 'before'],
    [{ limit: 1, kinds: 'all' }, 'kinds'],
    [{ limit: 1, text: 'x'.repeat(257) }, 'text'],
  ],
};
const RECORDING = '0b6e3c1e-0000-4000-8000-000000000001';
const GUARDRAILS_TEXT: Case = {
  good: [{ text: '' }, { text: '{}' }],
  bad: [
    [{}, 'text'],
    [{ text: 'x'.repeat(1024 * 1024 + 1) }, 'text'],
  ],
};

/** One line for each request: a new one without a case does not compile. */
const CASES: Readonly<Record<Method, Case>> = {
  status: NOTHING,
  'status/subscribe': NOTHING,
  start: NOTHING,
  stop: {
    good: [{ drain: true }, { drain: false }],
    bad: [
      [{}, 'drain'],
      [{ drain: 'yes' }, 'drain'],
      [{ drain: null }, 'drain'],
    ],
  },
  retry: NOTHING,
  sessions: NOTHING,
  end: {
    good: [{ id: 'x' }, { id: 'x'.repeat(256) }],
    bad: [
      [{}, 'id'],
      [{ id: '' }, 'id'],
      [{ id: 'x'.repeat(257) }, 'id'],
      [{ id: ['x'] }, 'id'],
    ],
  },
  log: FILTER,
  'log/subscribe': FILTER,
  doctor: {
    good: [
      {},
      { proposed: {} },
      { proposed: { host: 'h'.repeat(4096), token: 't'.repeat(16_384), insecure: true } },
      { proposed: { fingerprint: 'f'.repeat(256), caPem: 'p'.repeat(65_536) } },
    ],
    bad: [
      [{ proposed: null }, 'proposed'],
      [{ proposed: { host: 'h'.repeat(4097) } }, 'proposed.host'],
      [{ proposed: { host: 7 } }, 'proposed.host'],
      [{ proposed: { token: '' } }, 'proposed.token'],
      [{ proposed: { token: 't'.repeat(16_385) } }, 'proposed.token'],
      [{ proposed: { insecure: 'yes' } }, 'proposed.insecure'],
      [{ proposed: { fingerprint: 'f'.repeat(257) } }, 'proposed.fingerprint'],
      [{ proposed: { caPem: 'p'.repeat(65_537) } }, 'proposed.caPem'],
    ],
  },
  'doctor/cancel': NOTHING,
  certificate: {
    good: [{ host: '' }, { host: 'h'.repeat(4096) }],
    bad: [
      [{}, 'host'],
      [{ host: 'h'.repeat(4097) }, 'host'],
      [{ host: ['h'] }, 'host'],
    ],
  },
  'trust/ca': {
    good: [{ pem: 'p' }, { pem: 'p'.repeat(65_536) }],
    bad: [
      [{}, 'pem'],
      [{ pem: '' }, 'pem'],
      [{ pem: 'p'.repeat(65_537) }, 'pem'],
    ],
  },
  'trust/pin': {
    good: [{ fingerprint: 'f'.repeat(256) }],
    bad: [
      [{}, 'fingerprint'],
      [{ fingerprint: '' }, 'fingerprint'],
      [{ fingerprint: 'f'.repeat(257) }, 'fingerprint'],
    ],
  },
  'token/set': {
    good: [{ token: 'x' }, { token: 'x'.repeat(16_384) }],
    bad: [
      [{}, 'token'],
      [{ token: '' }, 'token'],
      [{ token: 'x'.repeat(16_385) }, 'token'],
      [{ token: { reveal: 'x' } }, 'token'],
    ],
  },
  'token/remove': NOTHING,
  'config/show': NOTHING,
  'config/check': {
    good: [
      { key: 'k', value: '' },
      { key: 'k', value: 'x'.repeat(16_384) },
    ],
    bad: [...KEY, [{ key: 'k' }, 'value'], [{ key: 'k', value: 'x'.repeat(16_385) }, 'value']],
  },
  'config/set': {
    good: [
      { key: 'k'.repeat(256), value: '' },
      { key: 'k', value: 'x'.repeat(16_384) },
    ],
    bad: [
      ...KEY,
      [{ key: 'k' }, 'value'],
      [{ key: 'k', value: 'x'.repeat(16_385) }, 'value'],
      [{ key: 'k', value: 1 }, 'value'],
    ],
  },
  'config/unset': { good: [{ key: 'k' }], bad: KEY },
  'outpost/config': NOTHING,
  traffic: NOTHING,
  'traffic/subscribe': NOTHING,
  'guacd/output': NOTHING,
  versions: NOTHING,
  'secrets/protection': NOTHING,
  'secrets/rekey': {
    good: [{ key: null }, { key: 'k'.repeat(44) }],
    bad: [
      [{}, 'key'],
      [{ key: '' }, 'key'],
      [{ key: 'k'.repeat(43) }, 'key'],
      [{ key: 'k'.repeat(45) }, 'key'],
      [{ key: 7 }, 'key'],
    ],
  },
  'audit/recent': AUDIT_FILTER,
  'audit/subscribe': AUDIT_FILTER,
  'audit/page': {
    good: [
      { from: 0, limit: 1 },
      { from: 12_000, limit: 500 },
    ],
    bad: [
      [{ limit: 1 }, 'from'],
      [{ from: -1, limit: 1 }, 'from'],
      [{ from: 1, limit: 501 }, 'limit'],
    ],
  },
  'recordings/list': {
    good: [{ limit: 1 }, { limit: 500, offset: 7, text: 'alice' }],
    bad: [
      [{}, 'limit'],
      [{ limit: 501 }, 'limit'],
      [{ limit: 1, offset: -1 }, 'offset'],
      [{ limit: 1, text: 'x'.repeat(257) }, 'text'],
    ],
  },
  'recordings/open': {
    good: [{ id: RECORDING, purpose: 'play' }],
    bad: [
      [{ purpose: 'play' }, 'id'],
      [{ id: '../../etc/passwd', purpose: 'play' }, 'id'],
      [{ id: RECORDING, purpose: 'fun' }, 'purpose'],
    ],
  },
  'recordings/outcome': {
    good: [{ ticket: 'x'.repeat(43) }],
    bad: [
      [{}, 'ticket'],
      [{ ticket: 'x'.repeat(65) }, 'ticket'],
    ],
  },
  'recordings/remove': { good: [{ id: RECORDING }], bad: [[{ id: 'x' }, 'id']] },
  'guardrails/show': NOTHING,
  'guardrails/check': GUARDRAILS_TEXT,
  'guardrails/set': GUARDRAILS_TEXT,
  'guardrails/test': {
    good: [
      { question: QUESTION },
      { question: { ...QUESTION, user: 'alice', port: 22, at: '2026-11-29T03:00' }, text: '{}' },
    ],
    bad: [
      [{}, 'question'],
      [{ question: { ...QUESTION, source: 'nobody' } }, 'question.source'],
      [{ question: { ...QUESTION, port: 65_536 } }, 'question.port'],
      [{ question: { ...QUESTION, protocol: 'SSH!' } }, 'question.protocol'],
      [{ question: { ...QUESTION, at: 0 } }, 'question.at'],
      [{ question: { ...QUESTION, host: '' } }, 'question.host'],
      [{ question: QUESTION, text: 7 }, 'text'],
    ],
  },
  ...MACHINES_CASES,
  ...OFFLINE_CASES,
  shutdown: NOTHING,
};

const METHODS = Object.keys(CASES).filter((name): name is Method => Object.hasOwn(REQUESTS, name));

describe.each(METHODS)('what %s is asked with', (method) => {
  const { params } = REQUESTS[method];
  const { good, bad } = CASES[method];

  it('is taken at its limits', () => {
    for (const value of good) expect(v.safeParse(params, value).success).toBe(true);
  });

  it('is refused beyond them, and the field is named', () => {
    for (const [value, field] of bad) {
      const decoded = v.safeParse(params, value);
      if (decoded.success) throw new Error(`${JSON.stringify(value)} was taken`);
      const sentence = decodeIssue(decoded.issues);
      expect(sentence).toContain(field === '' ? 'Expected' : `“${field}”`);
    }
  });

  it('is decided without a crash, whatever it is', () => {
    fc.assert(fc.property(fc.anything(), (value) => void v.safeParse(params, value)));
  });
});

describe('a status on its way', () => {
  const decoded = (change: object): OutpostStatus => v.parse(outpostStatus, { ...status(), ...change });

  it('arrives as it was sent, whatever state it tells of', () => {
    const reason = { code: 'http-status', message: 'Words.', advice: 'Do.' } as const;
    const inContainer = {
      address: '127.0.0.1:41234',
      healthy: true,
      version: '1.6.0',
      sessions: 2,
      reason: null,
      container: { engine: 'docker', image: 'guacd:1' },
    } as const;
    const states: Partial<OutpostStatus>[] = [
      {},
      { link: { kind: 'waiting', attempt: 2, retryAt: AT, reason } },
      { link: { kind: 'rejected', retryAt: AT, reason } },
      { link: { kind: 'connecting', attempt: 1, since: AT } },
      { guacd: { kind: 'down', retryAt: AT, reason }, metrics: { kind: 'failed', address: 'x:1', reason } },
      { guacd: { kind: 'starting', since: AT }, metrics: { kind: 'off' }, outpost: null, host: null },
      { guacd: { kind: 'starting', since: AT, step: { kind: 'loading', image: 'guacd:1' } } },
      { guacd: { kind: 'up', since: AT, instances: [inContainer] } },
      {
        phase: 'stopped',
        wish: 'stop',
        link: { kind: 'stopped' },
        guacd: { kind: 'stopped' },
        updateFailure: reason,
      },
    ];
    for (const state of states) {
      const whole = status(state);
      expect(v.parse(outpostStatus, JSON.parse(JSON.stringify(whole)))).toEqual(whole);
    }
  });

  it('keeps options of the outpost that nobody knows', () => {
    const outpost = { ...status().outpost, config: { from_the_future: { a: [1] } } };
    expect(decoded({ outpost }).outpost?.config).toEqual({ from_the_future: { a: [1] } });
  });

  it('of a newer version is read as far as it can be: unknown words become the nearest known one', () => {
    const warnings = [{ code: 'from-the-future', message: 'Words.' }];
    expect(decoded({ warnings, novelty: 1 }).warnings).toEqual([{ code: 'internal', message: 'Words.' }]);
    expect(v.parse(sessionSchema, { ...session(), source: 'from-the-future' }).source).toBe('authentik');
    const step = { kind: 'from-the-future', image: 'guacd:1' };
    expect(decoded({ guacd: { kind: 'starting', since: AT, step } }).guacd).toMatchObject({
      step: { kind: 'fetching' },
    });
    const { state, queuedBytes, ...rest } = session();
    const ended = { ...rest, endedAt: AT, reason: 'from-the-future', failure: null };
    expect(decoded({ history: [ended] }).history[0]?.reason).toBe('failed');
  });

  it.each([
    ['link', { kind: 'dreaming' }, 'link.kind'],
    ['link', { kind: 'waiting', attempt: 1, retryAt: AT }, 'link.reason'],
    ['guacd', { kind: 'up', since: AT, instances: 'many' }, 'guacd.instances'],
    ['sessions', [{ ...session(), bytesToPeer: -1 }], 'sessions.0.bytesToPeer'],
    ['sessions', {}, 'sessions'],
    ['warnings', [{ code: 'internal' }], 'warnings.0.message'],
    ['phase', 'asleep', 'phase'],
    ['pid', '4711', 'pid'],
    ['outpost', { ...status().outpost, config: 'x' }, 'outpost.config'],
  ])('is refused with the name of what is missing or wrong: %s', (field, value, path) => {
    const result = v.safeParse(outpostStatus, { ...status(), [field]: value });
    if (result.success) throw new Error('it was taken');
    expect(decodeIssue(result.issues)).toContain(`“${path}”`);
  });

  it('is decided without a crash, whatever stands in any field', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(status())), fc.jsonValue(), (field, value) => {
        v.safeParse(outpostStatus, { ...status(), [field]: value });
      }),
    );
  });
});

describe('what an outpost tells on its own', () => {
  it('is refused where it cannot be read', () => {
    const line = logLine('Event');
    expect(v.is(NOTIFICATIONS['log/line'], { line, missed: 0 })).toBe(true);
    for (const bad of [
      {},
      { line },
      { line, missed: -1 },
      { line: { ...line, event: 1 }, missed: 0 },
      { line: { ...line, fields: [], event: null }, missed: 0 },
      null,
    ])
      expect(v.is(NOTIFICATIONS['log/line'], bad)).toBe(false);
    const step = { id: 'x', title: 'X', tookMs: 1, outcome: { kind: 'passed', detail: 'yes' } };
    expect(v.is(NOTIFICATIONS['doctor/step'], step)).toBe(true);
    for (const outcome of [{}, { kind: 'guessed' }, { kind: 'failed' }, { kind: 'passed', detail: 1 }, null])
      expect(v.is(NOTIFICATIONS['doctor/step'], { ...step, outcome })).toBe(false);
    expect(v.is(NOTIFICATIONS['status/changed'], {})).toBe(false);
  });
});

describe('the first line of a connection', () => {
  const code = (decode: () => unknown): string => {
    try {
      decode();
    } catch (error) {
      return error instanceof SallyportError ? error.code : `no error of ours: ${String(error)}`;
    }
    return 'taken';
  };

  it('is understood by the other end', () => {
    expect(decodeHello(helloLine('control', '1.2.3'))).toEqual({
      sallyport: 1,
      kind: 'control',
      version: '1.2.3',
    });
    expect(decodeGreeting(greetingLine('1.2.3', 7))).toEqual({ sallyport: 1, version: '1.2.3', pid: 7 });
    const refusal = { code: 'draining', message: 'No.', advice: 'Later.' } as const;
    expect(() => decodeGreeting(greetingLine('1.2.3', 7, refusal))).toThrow('No.');
  });

  it.each([
    ['nothing', ''],
    ['half JSON', '{"sallyport":1,'],
    ['another value', '7'],
    ['null', 'null'],
    ['no number', '{"sallyport":"1","kind":"control"}'],
    ['another generation', '{"sallyport":2,"kind":"control"}'],
    ['a kind that is no word', '{"sallyport":1,"kind":7}'],
    ['a kind that is too long', `{"sallyport":1,"kind":"${'k'.repeat(65)}"}`],
    ['a version that is too long', `{"sallyport":1,"kind":"control","version":"${'v'.repeat(65)}"}`],
  ])('is refused as a hello: %s', (_, line) => {
    expect(code(() => decodeHello(line))).toBe('control-protocol');
  });

  it.each(['', 'SSH-2.0-x', 'null', '{"sallyport":true}', '{"sallyport":9}', '{"sallyport":1,"error":"no"}'])(
    'is refused as an answer: %j',
    (line) => {
      expect(code(() => decodeGreeting(line))).toBe('control-protocol');
    },
  );

  it('is refused with our own error, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        expect(['control-protocol', 'taken']).toContain(code(() => decodeHello(line)));
        expect(['control-protocol', 'taken']).toContain(code(() => decodeGreeting(line)));
      }),
    );
  });
});

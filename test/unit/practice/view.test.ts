import { describe, expect, it } from 'vitest';
import type { OutpostStatus } from '../../../main/core/status.ts';
import { graveWords } from '../../../practice/run/outpost-line.ts';
import { introduction, outpostSentence, sceneLines } from '../../../practice/run/view.ts';

const STYLE = { colour: false, unicode: true, width: 80 };
const URL = 'http://127.0.0.1:4711/auth/';
const NOW = 1_000_000;

const STATUS: OutpostStatus = {
  version: '1.2.3',
  pid: 7,
  startedAt: NOW,
  wish: 'run',
  phase: 'running',
  host: URL,
  insecure: false,
  link: { kind: 'online', since: NOW, acknowledgedAt: NOW },
  outpost: {
    pk: 'pk',
    name: 'practice outpost',
    providers: [{ pk: 1, name: 'a' }],
    config: {},
    updatedAt: NOW,
  },
  updateFailure: null,
  guacd: {
    kind: 'up',
    since: NOW,
    instances: [{ address: '127.0.0.1:4822', healthy: true, version: '1.6.0', sessions: 0, reason: null }],
  },
  metrics: { kind: 'off' },
  sessions: [],
  history: [],
  sessionLimit: 12,
  warnings: [],
};

describe('what practice shows', () => {
  it('says first that this is practice, and why', () => {
    expect(introduction(STYLE).join(' ')).toMatch(/^No authentik is configured, so this is practice: /);
  });

  it('shows the address before everything that may not fit on the screen', () => {
    const scene = {
      url: URL,
      machines: { machines: [], missing: [{ protocol: 'vnc' as const, reason: 'Practice VNC needs Xvnc.' }] },
      outpost: { kind: 'running' as const, status: STATUS },
    };
    const lines = sceneLines(STYLE, scene, NOW);
    expect(lines[1]).toBe(`  Open in a browser:  ${URL}`);
    expect(lines).toContain('  Machines  none');
    expect(lines).toContain('▲ Practice VNC needs Xvnc.');
    expect(lines).toContain('● Online · 127.0.0.1:4711 · no sessions');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('shows sessions before warnings, which a small terminal may cut off', () => {
    const session: OutpostStatus['sessions'][number] = {
      id: 'c0ffee',
      source: 'authentik',
      protocol: 'ssh',
      user: 'practice',
      machine: '127.0.0.1:22',
      state: 'live',
      startedAt: NOW,
      setupMs: 20,
      bytesToPeer: 1,
      bytesToGuacd: 1,
      queuedBytes: 0,
      guacd: null,
      parameters: [],
    };
    const warnings = [
      { code: 'guacd-outdated', message: 'guacd is old.', advice: 'Run a newer one.' },
    ] as const;
    const status = { ...STATUS, sessions: [session], warnings };
    const outpost = { kind: 'running', status } as const;
    const lines = sceneLines(STYLE, { url: URL, machines: { machines: [], missing: [] }, outpost }, NOW);
    expect(lines.findIndex((line) => line.includes('c0ffee'))).toBeGreaterThan(0);
    expect(lines.slice(-2)).toEqual(['▲ guacd is old.', '  Run a newer one.']);
  });

  it('says in a sentence that the outpost has ended, why, and when it is started again', () => {
    const reason = { code: 'internal', message: 'The outpost is gone: it got SIGKILL.' } as const;
    expect(outpostSentence({ kind: 'waiting', retryAt: NOW + 4_000, reason }, NOW)).toBe(
      'The outpost is gone: it got SIGKILL. It is started again in 4 s.',
    );
  });
});

describe('the last words of an outpost', () => {
  it.each([
    [
      'an error with its reason',
      '{"level":"error","event":"It failed","reason":"no room"}',
      'It failed: no room',
    ],
    [
      'an error with its cause',
      '{"level":"error","event":"It failed","error":{"message":"E"}}',
      'It failed: E',
    ],
    ['an error alone', '{"level":"error","event":"It failed"}', 'It failed'],
    [
      'a line outside the log',
      'sallyport: AUTHENTIK_HOST is no URL.',
      'sallyport: AUTHENTIK_HOST is no URL.',
    ],
    ['everyday news', '{"level":"info","event":"Online"}', undefined],
    ['a warning', '{"level":"warning","event":"guacd should be updated"}', undefined],
  ])('%s', (_, line, words) => {
    expect(graveWords(line)).toBe(words);
  });
});

import { describe, expect, it } from 'vitest';
import { memberView } from '../../../main/control/member-view.ts';
import type { EndedSession, OutpostStatus, SessionStatus } from '../../../main/core/status.ts';

const session = (id: string, member?: number): SessionStatus => ({
  id,
  source: 'local',
  protocol: 'ssh',
  user: `user of ${id}`,
  ...(member !== undefined && { member }),
  machine: `machine of ${id}`,
  state: 'live',
  startedAt: 1,
  setupMs: 1,
  bytesToPeer: 1,
  bytesToGuacd: 1,
  queuedBytes: 0,
  guacd: null,
  parameters: ['hostname'],
});
const ended = (id: string, member?: number): EndedSession => {
  const { state: _, queuedBytes: __, ...rest } = session(id, member);
  return { ...rest, endedAt: 2, reason: 'user-left', failure: null };
};

/** With something to see in every part, also in those that may be left out. */
const STATUS: Required<OutpostStatus> = {
  version: '1',
  pid: 7,
  startedAt: 1,
  wish: 'run',
  phase: 'running',
  host: 'https://sso.example.org/',
  insecure: false,
  link: { kind: 'online', since: 1, acknowledgedAt: 1 },
  outpost: {
    pk: 'pk',
    name: 'out',
    providers: [{ pk: 1, name: 'SECRET provider' }],
    config: { option: 'SECRET option' },
    updatedAt: 1,
  },
  updateFailure: { code: 'http-status', message: 'SECRET failure' },
  guacd: { kind: 'stopped' },
  metrics: { kind: 'listening', address: 'SECRET address' },
  sessions: [session('mine', 1000), session('SECRET other', 1001), session('SECRET authentik')],
  history: [ended('mine', 1000), ended('SECRET other', 1001), ended('SECRET authentik')],
  sessionLimit: 5,
  offline: { mode: 'always', open: true, because: 'It is allowed.' },
  vault: { kind: 'locked', until: null },
  warnings: [{ code: 'journal-broken', message: 'SECRET warning' }],
};

describe('what a member sees of the outpost', () => {
  it('is how it is, and their own sessions', () => {
    const seen = memberView(STATUS, { uid: 1000, name: 'alice' });
    expect(seen.sessions.map(({ id }) => id)).toEqual(['mine']);
    expect(seen.history.map(({ id }) => id)).toEqual(['mine']);
    expect(seen).toMatchObject({ phase: 'running', link: STATUS.link, offline: STATUS.offline });
    expect(JSON.stringify(seen)).not.toContain('SECRET');
    // A part that the status gets one day is not shown before somebody has decided about it.
    const later = { ...STATUS, later: 'SECRET part' };
    expect(Object.keys(memberView(later, { uid: 1000, name: 'alice' }))).toEqual(Object.keys(seen));
  });

  it('is nothing of anybody for who has no session', () => {
    const seen = memberView(STATUS, { uid: 1002, name: 'carol' });
    expect([...seen.sessions, ...seen.history]).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { isNews, memberView, seenMachine } from '../../../main/control/member-view.ts';
import { EMPTY_DRAFT } from '../../../main/core/offline/machines/machine.ts';
import type { GuacdState, LinkState } from '../../../main/core/status.ts';
import { ALICE, ENDED, RUNNING, STATUS } from './member-status.ts';

const FAILURE = { code: 'file-unreadable', message: 'SECRET file', advice: 'SECRET advice' } as const;

const seen = (changes: Partial<typeof STATUS> = {}) => memberView({ ...STATUS, ...changes }, ALICE);

describe('what a member sees of the outpost', () => {
  it('is how it is, and their own sessions', () => {
    expect(seen().sessions.map(({ id }) => id)).toEqual(['mine']);
    expect(seen().history.map(({ id }) => id)).toEqual(['mine']);
    expect(seen()).toMatchObject({ phase: 'running', offline: STATUS.offline, forMember: true });
    expect(JSON.stringify(seen())).not.toContain('SECRET');
    // A part that the status gets one day is not shown before somebody has decided about it.
    const later = { ...STATUS, later: 'SECRET part' };
    expect(Object.keys(memberView(later, ALICE))).toEqual(Object.keys(seen()));
  });

  it('is of a session nothing that is not named', () => {
    const running = { ...RUNNING, later: 'SECRET part' };
    const ended = { ...ENDED, later: 'SECRET part' };
    expect(JSON.stringify(seen({ sessions: [running], history: [ended] }))).not.toContain('SECRET');
  });

  it('is nothing of anybody for who has no session', () => {
    const { sessions, history } = memberView(STATUS, { uid: 1002, name: 'carol' });
    expect([...sessions, ...history]).toEqual([]);
  });

  it('is nothing of one who had the number before, nor of one with the name', () => {
    for (const other of [
      { uid: 1000, name: 'alan' },
      { uid: 1001, name: 'alice' },
    ]) {
      const { sessions, history } = memberView({ ...STATUS, sessions: [RUNNING], history: [ENDED] }, other);
      expect([...sessions, ...history]).toEqual([]);
    }
  });

  it('says of guacd whether it is ready, and nothing of where and why', () => {
    const instance = { address: 'SECRET:4822', version: 'SECRET', sessions: 7, reason: FAILURE };
    const states: readonly [GuacdState, object][] = [
      [{ kind: 'stopped' }, { kind: 'stopped' }],
      [
        { kind: 'starting', since: 1, step: { kind: 'fetching', image: 'SECRET' } },
        { kind: 'starting', since: 1 },
      ],
      [
        { kind: 'down', retryAt: 9, reason: FAILURE },
        { kind: 'down', retryAt: 9 },
      ],
      [
        {
          kind: 'up',
          since: 1,
          instances: [
            { ...instance, healthy: false },
            { ...instance, healthy: true },
          ],
        },
        { kind: 'up', since: 1, instances: [{ healthy: true, sessions: 0, reason: null }] },
      ],
      [
        { kind: 'up', since: 1, instances: [{ ...instance, healthy: false }] },
        { kind: 'up', since: 1, instances: [{ healthy: false, sessions: 0 }] },
      ],
    ];
    for (const [guacd, expected] of states) {
      const shown = seen({ guacd }).guacd;
      expect(shown).toMatchObject(expected);
      expect(JSON.stringify(shown)).not.toMatch(/SECRET|7/);
    }
  });

  it('says of the link how it is, and nothing of why, nor when others made authentik answer', () => {
    const links: readonly LinkState[] = [
      { kind: 'stopped' },
      { kind: 'connecting', attempt: 2, since: 1 },
      { kind: 'waiting', attempt: 2, retryAt: 9, reason: FAILURE },
      { kind: 'rejected', retryAt: 9, reason: FAILURE },
    ];
    for (const link of links) {
      const shown = seen({ link }).link;
      expect(shown.kind).toBe(link.kind);
      expect(JSON.stringify(shown)).not.toContain('SECRET');
    }
    const online = (acknowledgedAt: number) => seen({ link: { kind: 'online', since: 1, acknowledgedAt } });
    expect(online(5)).toEqual(online(500));
  });

  it('is a machine without the way that this host takes to it', () => {
    const machine = {
      ...EMPTY_DRAFT,
      id: 'm',
      name: 'web',
      guacd: 'SECRET:4822',
      createdAt: 1,
      updatedAt: 1,
    };
    expect(seenMachine(machine)).toEqual({ ...machine, guacd: '' });
  });
});

describe('what a member hears of', () => {
  it('is what is another in their view, and no numbers that move by themselves', () => {
    const before = seen();
    const moved = { ...RUNNING, bytesToPeer: 99, bytesToGuacd: 99, queuedBytes: 99 };
    expect(isNews(before, seen({ sessions: [moved, { ...RUNNING, id: 'other', user: 'bob' }] }))).toBe(false);
    expect(isNews(before, seen({ sessions: [{ ...RUNNING, state: 'held' }] }))).toBe(true);
    expect(isNews(before, seen({ phase: 'draining' }))).toBe(true);
  });
});

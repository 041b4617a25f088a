import { describe, expect, it } from 'vitest';
import { healthOf, takesSessions } from '../../main/core/health.ts';
import type { OutpostStatus } from '../../main/core/status.ts';
import { AT, session, status } from '../integration/control/outpost-fixture.ts';

const REASON = { code: 'http-status', message: 'authentik answered 502.', advice: 'Wait.' } as const;
const AWAY = { link: { kind: 'waiting', attempt: 3, retryAt: AT + 4_000, reason: REASON } } as const;
const idle = (changes: Partial<OutpostStatus> = {}) => status({ sessions: [], ...changes });
const healthy = (of: OutpostStatus) => healthOf(of, AT).healthy;

describe('an outpost that sessions can go through', () => {
  it('is online and has a guacd that takes sessions', () => {
    expect(takesSessions(status())).toBe(true);
    expect(takesSessions(status({ link: { kind: 'connecting', attempt: 1, since: AT } }))).toBe(false);
    expect(takesSessions(status({ guacd: { kind: 'starting', since: AT } }))).toBe(false);
    expect(takesSessions(status({ guacd: { kind: 'up', since: AT, instances: [] } }))).toBe(false);
    expect(healthy(idle())).toBe(true);
  });
});

describe('health', () => {
  it('is lost where no session can come and none is there', () => {
    expect(healthOf(idle(AWAY), AT)).toEqual({
      healthy: false,
      sentence: 'Reconnecting in 4 s: authentik answered 502',
      advice: 'Wait.',
    });
    expect(healthy(idle({ link: { kind: 'rejected', retryAt: AT, reason: REASON } }))).toBe(false);
    expect(healthy(idle({ guacd: { kind: 'down', retryAt: AT, reason: REASON } }))).toBe(false);
    const unset = { phase: 'stopped', host: null, link: { kind: 'stopped' } } as const;
    expect(healthy(idle(unset))).toBe(false);
  });

  it('stays as long as a restart would end a session', () => {
    expect(healthy(status({ ...AWAY, sessions: [session()] }))).toBe(true);
    expect(
      healthy(status({ guacd: { kind: 'down', retryAt: AT, reason: REASON }, sessions: [session()] })),
    ).toBe(true);
  });

  it('stays where somebody wants no sessions', () => {
    for (const phase of ['draining', 'stopping'] as const)
      expect(healthy(idle({ ...AWAY, phase }))).toBe(true);
    const stopped = { phase: 'stopped', wish: 'stop', link: { kind: 'stopped' } } as const;
    expect(healthy(idle(stopped))).toBe(true);
    expect(healthy(idle({ ...stopped, wish: 'run' }))).toBe(false);
  });

  it('is not lost for what no restart mends and no session feels', () => {
    expect(healthy(idle({ metrics: { kind: 'failed', address: '127.0.0.1:9300', reason: REASON } }))).toBe(
      true,
    );
    expect(healthy(idle({ updateFailure: REASON }))).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import {
  describeAge,
  describeGuacd,
  describeLink,
  describeMetrics,
  describeStatus,
} from '../../main/core/describe.ts';
import { describeEnd, describeSession } from '../../main/core/describe-session.ts';
import type { Failure } from '../../main/core/errors.ts';
import type { OutpostStatus } from '../../main/core/status.ts';
import { AT, session, status } from '../integration/control/outpost-fixture.ts';

const reason: Failure = { code: 'http-status', message: 'authentik answered 502.', advice: 'Wait a moment.' };

function said(changes: Partial<OutpostStatus>) {
  return describeStatus(status(changes), AT);
}

describe('the outpost in one line', () => {
  it.each<[string, Partial<OutpostStatus>, ReturnType<typeof said>]>([
    ['online', {}, { state: 'online', sentence: 'Online · sso.example.org · 1 session', advice: null }],
    [
      'stopped',
      { phase: 'stopped', wish: 'stop', link: { kind: 'stopped' } },
      { state: 'stopped', sentence: 'Stopped · sso.example.org', advice: null },
    ],
    [
      'draining',
      { phase: 'draining' },
      { state: 'draining', sentence: 'Finishing 1 session, then stopping', advice: null },
    ],
    ['stopping', { phase: 'stopping' }, { state: 'draining', sentence: 'Stopping', advice: null }],
    [
      'connecting again, with a session that goes on',
      { link: { kind: 'connecting', attempt: 3, since: AT } },
      {
        state: 'connecting',
        sentence: 'Connecting · sso.example.org · try 3 · 1 session goes on',
        advice: null,
      },
    ],
    [
      'waiting, with the cause and the moment',
      { link: { kind: 'waiting', attempt: 2, retryAt: AT + 12_000, reason }, sessions: [] },
      {
        state: 'connecting',
        sentence: 'Reconnecting in 12 s: authentik answered 502',
        advice: 'Wait a moment.',
      },
    ],
    [
      'rejected',
      { link: { kind: 'rejected', retryAt: AT + 60_000, reason } },
      { state: 'failed', sentence: 'authentik answered 502', advice: 'Wait a moment.' },
    ],
    [
      'online without guacd',
      { guacd: { kind: 'down', retryAt: AT, reason } },
      {
        state: 'degraded',
        sentence: 'Online, with trouble: authentik answered 502',
        advice: 'Wait a moment.',
      },
    ],
    [
      'online with a guacd that runs again, but dies again and again',
      {
        guacd: {
          kind: 'up',
          since: AT,
          instances: [{ address: '127.0.0.1:4822', healthy: true, version: '1.6.0', sessions: 0, reason }],
        },
      },
      {
        state: 'degraded',
        sentence: 'Online, with trouble: authentik answered 502',
        advice: 'Wait a moment.',
      },
    ],
    [
      'online while guacd starts',
      { guacd: { kind: 'starting', since: AT } },
      { state: 'connecting', sentence: 'Online · sso.example.org · starting guacd', advice: null },
    ],
    [
      'online while guacd’s image is fetched',
      { guacd: { kind: 'starting', since: AT, step: { kind: 'fetching', image: 'guacamole/guacd:1.6.0' } } },
      {
        state: 'connecting',
        sentence: 'Online · sso.example.org · fetching guacamole/guacd:1.6.0',
        advice: null,
      },
    ],
  ])('says what is so when it is %s', (_, changes, expected) => {
    expect(said(changes)).toEqual(expected);
  });

  it('says which click is missing where no provider is assigned', () => {
    const { outpost } = status();
    const { state, advice } = said({ outpost: outpost && { ...outpost, providers: [] } });
    expect(state).toBe('degraded');
    expect(advice).toContain('Applications → Outposts');
  });

  it('says that it is not set up where no address is configured', () => {
    const { state, sentence } = said({ host: null, phase: 'stopped', link: { kind: 'stopped' } });
    expect(state).toBe('failed');
    expect(sentence).toContain('Not set up');
  });
});

describe('the parts in words', () => {
  it('tell the link with its age', () => {
    expect(describeLink(status().link, AT)).toBe('connected, hello answered 4 s ago');
    expect(describeLink({ kind: 'waiting', attempt: 3, retryAt: AT + 5_000, reason }, AT)).toBe(
      'waiting 5 s before try 4: authentik answered 502',
    );
  });

  it('tell guacd with its version, or how many of several are up', () => {
    const { guacd } = status();
    expect(describeGuacd(guacd, AT)).toBe('up · 127.0.0.1:4822 · version 1.6.0');
    const [one] = guacd.kind === 'up' ? guacd.instances : [];
    const instances = one ? [one, { ...one, address: '10.0.0.2:4822', healthy: false }] : [];
    expect(describeGuacd({ kind: 'up', since: AT, instances }, AT)).toBe('1 of 2 up');
  });

  it('tell a guacd in a container with its engine and image, and what it waits for', () => {
    const { guacd } = status();
    const container = { engine: 'podman', image: 'guacamole/guacd:1.6.0' } as const;
    const instances = guacd.kind === 'up' ? guacd.instances.map((one) => ({ ...one, container })) : [];
    expect(describeGuacd({ kind: 'up', since: AT, instances }, AT)).toBe(
      'up · 127.0.0.1:4822 · version 1.6.0 · in a container (podman, guacamole/guacd:1.6.0)',
    );
    const step = { kind: 'loading', image: container.image } as const;
    expect(describeGuacd({ kind: 'starting', since: AT, step }, AT)).toBe('loading guacamole/guacd:1.6.0');
    expect(describeGuacd({ kind: 'starting', since: AT }, AT)).toBe('starting');
  });

  it('tell metrics that are not served', () => {
    expect(describeMetrics({ kind: 'off' })).toBe('off');
    expect(describeMetrics({ kind: 'failed', address: '127.0.0.1:9300', reason })).toBe(
      'not available at 127.0.0.1:9300: authentik answered 502',
    );
  });

  it('take a clock that was set back for now', () => {
    expect(describeAge(-50_000)).toBe('just now');
  });

  it('tell a session in one line, and how it ended', () => {
    expect(describeSession(session(), AT)).toBe('alice → 10.0.0.7:3389 · RDP · live · 12 min · 35 MB');
    expect(describeSession(session({ user: null }), AT)).toContain('unknown user → ');
    expect(describeEnd({ reason: 'user-left', failure: null })).toBe('the user left');
    expect(describeEnd({ reason: 'failed', failure: reason })).toBe('authentik answered 502. Wait a moment.');
  });
});

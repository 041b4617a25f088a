import { afterEach, describe, expect, it } from 'vitest';
import { describeStatus } from '../../../main/core/describe.ts';
import type { Failure } from '../../../main/core/errors.ts';
import type { OutpostStatus } from '../../../main/core/status.ts';
import { NOW, STATUS, STOPPED } from '../../../renderer/console/dev/samples.ts';
import { statusText } from '../../../renderer/console/status-text.ts';
import { sayEndReason, sayStatus, toneOf } from '../../../renderer/console/words.ts';
import { setLocale } from '../../../renderer/shared/i18n/translate.ts';

const reason: Failure = {
  code: 'http-status',
  message: 'authentik answered 502.',
  advice: 'Look at the proxy.',
};

const STATES: Readonly<Record<string, OutpostStatus>> = {
  online: STATUS,
  stopped: STOPPED,
  'not set up': { ...STOPPED, host: null },
  'not set up, and wished for': { ...STOPPED, host: null, wish: 'run' },
  'failed before the link': { ...STOPPED, wish: 'run', updateFailure: reason },
  starting: { ...STATUS, link: { kind: 'stopped' }, outpost: null },
  connecting: { ...STATUS, link: { kind: 'connecting', attempt: 1, since: NOW } },
  'connecting again': { ...STATUS, link: { kind: 'connecting', attempt: 4, since: NOW } },
  waiting: { ...STATUS, link: { kind: 'waiting', attempt: 3, retryAt: NOW + 12_000, reason } },
  rejected: { ...STATUS, link: { kind: 'rejected', retryAt: NOW + 300_000, reason } },
  'guacd down': { ...STATUS, guacd: { kind: 'down', retryAt: NOW + 1000, reason } },
  'guacd starting': { ...STATUS, guacd: { kind: 'starting', since: NOW } },
  'guacd fetched': {
    ...STATUS,
    guacd: { kind: 'starting', since: NOW, step: { kind: 'fetching', image: 'guacamole/guacd:1.6.0' } },
  },
  'no provider': { ...STATUS, outpost: STATUS.outpost && { ...STATUS.outpost, providers: [] } },
  'metrics failed': { ...STATUS, metrics: { kind: 'failed', address: '127.0.0.1:9300', reason } },
  draining: { ...STATUS, phase: 'draining' },
  stopping: { ...STATUS, phase: 'stopping', sessions: [] },
};

afterEach(() => setLocale('en'));

describe('the state at the top of the overview', () => {
  it.each(Object.entries(STATES))('agrees with the one of tray and command line: %s', (_, status) => {
    const core = describeStatus(status, NOW);
    const said = sayStatus(status, NOW);
    expect(said.tone).toBe(toneOf(core.state));
    expect(said.title).toBeTruthy();
    // Whatever is wrong is said with the core's own words.
    const wrong = core.state === 'degraded' || (core.state === 'failed' && status.host !== null);
    if (wrong || status.link.kind === 'waiting') expect(said.cause).not.toBeNull();
    if (said.cause) {
      expect(core.sentence.toLowerCase()).toContain(said.cause.message.replace(/\.$/, '').toLowerCase());
      expect(said.cause.advice ?? null).toBe(core.advice);
      expect(said.cause.message).not.toMatch(/^Online/);
    }
  });

  it('counts down and names what goes on', () => {
    const said = sayStatus(STATES['waiting'] ?? STATUS, NOW);
    expect(said.title).toBe('Reconnecting in 12 s');
    expect(said.facts).toBe('sso.example.org · Jump host Frankfurt · 4 sessions');
  });

  it('is said in German, the failure’s sentence aside', () => {
    setLocale('de');
    const said = sayStatus(STATES['waiting'] ?? STATUS, NOW);
    expect(said.title).toBe('Neuer Versuch in 12 s');
    expect(said.cause?.message).toBe('authentik answered 502.');
    expect(sayEndReason('user-left')).toBe('Die Person ist gegangen');
  });
});

describe('the status as text', () => {
  it('has the sentences of the command line and the versions, in whatever language the window is', () => {
    setLocale('de');
    const app = {
      outpost: { kind: 'own', pid: 1 },
      status: STATUS,
      tray: 'there',
      practice: 'off',
      practiceUrl: null,
      practiceFailure: null,
      version: '0.1.0',
      electron: '45.4.1',
      firstRun: false,
    } as const;
    const text = statusText(app, null, NOW);
    expect(text).toContain(describeStatus(STATUS, NOW).sentence);
    expect(text).toContain('guacd: up · 127.0.0.1:4822 · version 1.6.0');
  });
});

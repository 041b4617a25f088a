import { expect, it } from 'vitest';
import type { EndedSession, SessionStatus } from '../../../main/core/status.ts';
import { aboutNothing, aboutSession } from '../../../main/desktop/viewer-about.ts';
import type { ViewerTarget } from '../../../main/desktop/viewer-display.ts';

const TARGET: ViewerTarget = { kind: 'machine', id: 'm1', name: 'build\n07', reason: null };
const SESSION = {
  id: 'first',
  source: 'local',
  protocol: 'ssh',
  user: 'alice',
  machine: 'build 07',
  startedAt: 5,
  setupMs: 1,
  bytesToPeer: 0,
  bytesToGuacd: 0,
  guacd: null,
  parameters: [],
} as const;
const LIVE: SessionStatus = { ...SESSION, state: 'live', queuedBytes: 0, recording: 'on' };
const FAILURE = { code: 'guacd-refused', message: 'It refused.' } as const;
const ENDED: EndedSession = { ...SESSION, endedAt: 9, reason: 'failed', failure: FAILURE };

it('tells of the session by the name that the opening was answered with', () => {
  const known = { machine: 'build 07', user: 'alice', protocol: 'ssh', recording: 'on', startedAt: 5 };
  const running = { sessions: [LIVE], history: [] };
  expect(aboutSession(TARGET, 'first', running)).toEqual({ kind: 'machine', ...known, ended: null });
  expect(aboutSession(TARGET, 'another', running)).toBeNull();
  expect(aboutSession(TARGET, null, running)).toBeNull();
  expect(aboutSession(TARGET, 'first', null)).toBeNull();
  expect(aboutNothing(TARGET)).toMatchObject({ machine: 'build 07', user: null, ended: null });
});

it('follows a session that was held and goes on under its old name, until its end', () => {
  const resumed = { resumedAs: 'second' };
  const running = { sessions: [{ ...LIVE, ...resumed }], history: [] };
  expect(aboutSession(TARGET, 'second', running)).toMatchObject({ recording: 'on', startedAt: 5 });
  const over = { sessions: [], history: [{ ...ENDED, ...resumed }] };
  expect(aboutSession(TARGET, 'second', over)).toMatchObject({
    recording: null,
    ended: { reason: 'failed', failure: FAILURE, endedAt: 9 },
  });
});

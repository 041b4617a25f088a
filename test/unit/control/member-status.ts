import type { EndedSession, OutpostStatus, SessionStatus } from '../../../main/core/status.ts';

/* A status with something to see in every part, also in those that may be left out. What is SECRET is no member’s. */

export const ALICE = { uid: 1000, name: 'alice' };

export const RUNNING: Required<SessionStatus> = {
  id: 'mine',
  source: 'local',
  protocol: 'ssh',
  user: 'alice',
  member: 1000,
  machine: 'web',
  state: 'live',
  startedAt: 1,
  setupMs: 1,
  bytesToPeer: 1,
  bytesToGuacd: 1,
  queuedBytes: 1,
  guacd: 'SECRET:4822',
  parameters: ['SECRET-parameter'],
  transfers: [{ path: '/a', direction: 'upload', size: 2, done: 1 }],
  heldUntil: 9,
  recording: 'on',
  watchers: 3,
  watching: 'SECRET session',
  machineId: 'machine',
  resumedAs: 'again',
};

const { state: _, queuedBytes: __, transfers: ___, heldUntil: ____, watchers: _____, ...known } = RUNNING;
export const ENDED: Required<EndedSession> = {
  ...known,
  endedAt: 2,
  reason: 'failed',
  failure: { code: 'guacd-died', message: 'It was ended.' },
  recording: 'SECRET recording',
};

const others = [
  { id: 'SECRET other', user: 'bob', member: 1001 },
  { id: 'SECRET number', user: 'alan', member: 1000 },
  { id: 'SECRET name', user: 'alice', member: 1001 },
];
const { member: _______, ...authentiks } = { ...RUNNING, id: 'SECRET authentik' };
const { member: ________, ...authentiksEnded } = { ...ENDED, id: 'SECRET authentik' };

export const STATUS: Required<Omit<OutpostStatus, 'forMember'>> = {
  version: '1',
  pid: 8,
  startedAt: 1,
  wish: 'run',
  phase: 'running',
  host: 'https://sso.example.org/',
  insecure: true,
  link: { kind: 'online', since: 1, acknowledgedAt: 2 },
  outpost: {
    pk: 'SECRET pk',
    name: 'SECRET out',
    providers: [{ pk: 1, name: 'SECRET provider' }],
    config: { option: 'SECRET option' },
    updatedAt: 1,
  },
  updateFailure: { code: 'http-status', message: 'SECRET failure' },
  guacd: {
    kind: 'up',
    since: 1,
    instances: [{ address: 'SECRET:4822', healthy: true, version: 'SECRET', sessions: 4, reason: null }],
  },
  metrics: { kind: 'listening', address: 'SECRET address' },
  sessions: [RUNNING, ...others.map((other) => ({ ...RUNNING, ...other })), authentiks],
  history: [ENDED, ...others.map((other) => ({ ...ENDED, ...other })), authentiksEnded],
  sessionLimit: 5,
  offline: { mode: 'always', open: true, because: 'It is allowed.', asksReason: true, asksPassphrase: false },
  vault: { kind: 'locked', until: null },
  warnings: [{ code: 'journal-broken', message: 'SECRET warning' }],
};

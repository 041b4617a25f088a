import type { OutpostStatus, SessionStatus } from '../../../main/core/status.ts';

export const NOW = Date.UTC(2026, 1, 3, 14, 5);

/** A running outpost that is online and has nothing to do. */
export function statusOf(part: Partial<OutpostStatus> = {}): OutpostStatus {
  return {
    version: '0.1.0',
    pid: 4711,
    startedAt: NOW - 60_000,
    wish: 'run',
    phase: 'running',
    host: 'https://sso.example.org/',
    insecure: false,
    link: { kind: 'online', since: NOW - 30_000, acknowledgedAt: NOW - 1_000 },
    outpost: {
      pk: 'pk',
      name: 'jump host',
      providers: [{ pk: 1, name: 'Machines' }],
      config: {},
      updatedAt: NOW,
    },
    updateFailure: null,
    guacd: {
      kind: 'up',
      since: NOW,
      instances: [{ address: '127.0.0.1:4822', healthy: true, version: '1.6.0', sessions: 0, reason: null }],
    },
    metrics: { kind: 'listening', address: '127.0.0.1:9300' },
    sessions: [],
    history: [],
    sessionLimit: 100,
    warnings: [],
    ...part,
  };
}

export function sessionOf(part: Partial<SessionStatus> = {}): SessionStatus {
  return {
    id: 'one',
    source: 'authentik',
    protocol: 'rdp',
    user: 'alice',
    machine: '10.0.0.7:3389',
    state: 'live',
    startedAt: NOW - 12 * 60_000,
    setupMs: 300,
    bytesToPeer: 0,
    bytesToGuacd: 0,
    queuedBytes: 0,
    guacd: '127.0.0.1:4822',
    parameters: [],
    ...part,
  };
}

export const REFUSED = {
  code: 'connect-refused',
  message: 'sso.example.org refused the connection.',
  advice: 'Is the service running there?',
} as const;

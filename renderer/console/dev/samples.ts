import type { EndedSession, OutpostStatus, SessionStatus } from '../../../main/core/status.ts';
import type { AppState, LogLine, Preferences, Traffic } from '../../../preload/contract/types.ts';

const MINUTE = 60_000;

/** Every moment of the samples hangs on this one: the page is the same each time. */
export const NOW = Date.now();

const PARAMETERS = [
  'hostname',
  'port',
  'username',
  'password',
  'security',
  'ignore-cert',
  'resize-method',
  'enable-font-smoothing',
];

function session(index: number, part: Partial<SessionStatus>): SessionStatus {
  return {
    id: `5f1c${index.toString(16).padStart(4, '0')}-92ab-4c1e-b7d0-3f2a91c0de${index.toString(16).padStart(2, '0')}`,
    source: 'authentik',
    protocol: 'rdp',
    user: 'alice',
    machine: '10.20.0.7:3389',
    state: 'live',
    startedAt: NOW - 12 * MINUTE,
    setupMs: 412,
    bytesToPeer: 35_300_000,
    bytesToGuacd: 812_000,
    queuedBytes: 0,
    guacd: '127.0.0.1:4822',
    parameters: PARAMETERS,
    ...part,
  };
}

export const SESSIONS: readonly SessionStatus[] = [
  session(1, {
    transfers: [
      { path: '/reports/Quarterly figures.xlsx', direction: 'upload', size: 48_200_000, done: 31_400_000 },
      { path: '/photos.zip', direction: 'download', size: 912_000_000, done: 101_000_000 },
    ],
  }),
  session(2, {
    user: 'Bernadette Kirchgässner-Oyelaran',
    machine: 'build-runner-03.intern.example.org:22',
    protocol: 'ssh',
    state: 'held',
    heldUntil: NOW + 42_000,
    watchers: 1,
    startedAt: NOW - 184 * MINUTE,
    bytesToPeer: 2_140_000,
    bytesToGuacd: 96_400,
    setupMs: 188,
  }),
  session(3, {
    user: 'carol',
    machine: '10.20.0.31:5900',
    protocol: 'vnc',
    startedAt: NOW - 3 * MINUTE,
    bytesToPeer: 128_700_000,
    bytesToGuacd: 44_100,
    queuedBytes: 412_000,
  }),
  session(4, {
    user: null,
    machine: '10.20.0.9:3389',
    state: 'connecting',
    startedAt: NOW - 2_000,
    setupMs: null,
    bytesToPeer: 0,
    bytesToGuacd: 900,
    guacd: null,
  }),
];

export const HISTORY: readonly EndedSession[] = Array.from({ length: 48 }, (_, index): EndedSession => {
  const {
    state: _state,
    queuedBytes: _queued,
    ...base
  } = session(100 + index, {
    user: ['alice', 'bob', 'carol', 'Bernadette Kirchgässner-Oyelaran'][index % 4] ?? null,
    machine: ['10.20.0.7:3389', 'web-01.example.org:22', '10.20.0.31:5900'][index % 3] ?? '',
    protocol: ['rdp', 'ssh', 'vnc'][index % 3] ?? 'rdp',
    startedAt: NOW - (index * 47 + 60) * MINUTE,
    bytesToPeer: 1_200_000 * (index + 1),
  });
  const reason =
    (['user-left', 'user-left', 'machine-ended', 'ended-by-authentik', 'failed', 'peer-lost'] as const)[
      index % 6
    ] ?? 'user-left';
  return {
    ...base,
    endedAt: base.startedAt + ((index * 13) % 90) * MINUTE + 9_000,
    reason,
    failure:
      reason === 'failed'
        ? {
            code: 'guacd-refused',
            message: 'guacd could not reach 10.20.0.31:5900: connection refused.',
            advice: 'Is the VNC server running there, and does a firewall let this host through?',
          }
        : null,
  };
});

export const STATUS: OutpostStatus = {
  version: '0.1.0',
  pid: 4711,
  startedAt: NOW - 26 * 60 * MINUTE,
  wish: 'run',
  phase: 'running',
  host: 'https://sso.example.org/',
  insecure: false,
  link: { kind: 'online', since: NOW - 300 * MINUTE, acknowledgedAt: NOW - 4_000 },
  outpost: {
    pk: '3f1e8a52-6a43-4df3-8a25-5d0c7a4f9b11',
    name: 'Jump host Frankfurt',
    providers: [
      { pk: 7, name: 'Servers' },
      { pk: 9, name: 'Workstations' },
    ],
    config: { log_level: 'info' },
    updatedAt: NOW - 130_000,
  },
  updateFailure: null,
  guacd: {
    kind: 'up',
    since: NOW - 26 * 60 * MINUTE,
    instances: [{ address: '127.0.0.1:4822', healthy: true, version: '1.6.0', sessions: 3, reason: null }],
  },
  metrics: { kind: 'listening', address: '127.0.0.1:9300' },
  sessions: SESSIONS,
  history: HISTORY,
  sessionLimit: 64,
  warnings: [],
};

export const STOPPED: OutpostStatus = {
  ...STATUS,
  wish: 'stop',
  phase: 'stopped',
  link: { kind: 'stopped' },
  outpost: null,
  guacd: { kind: 'stopped' },
  metrics: { kind: 'listening', address: '127.0.0.1:9300' },
  sessions: [],
  history: [],
};

export const APP: AppState = {
  outpost: { kind: 'own', pid: 4711 },
  status: STATUS,
  tray: 'there',
  practice: 'off',
  practiceUrl: null,
  practiceFailure: null,
  version: '0.1.0',
  electron: '45.4.1',
  firstRun: false,
};

export const PREFERENCES: Preferences = {
  theme: 'system',
  language: 'en',
  startAtLogin: true,
  startMinimised: false,
  notices: {
    connectionLost: true,
    tokenRejected: true,
    guacdDying: true,
    sessionStarted: false,
    sessionEnded: false,
    updateFailed: true,
    recordingFailed: true,
  },
};

/** An hour of a working day; the same numbers each time. */
export const TRAFFIC: Traffic = {
  everyMs: 5000,
  samples: Array.from({ length: 720 }, (_, index) => {
    const wave = Math.sin(index / 55) + Math.sin(index / 13) / 2 + Math.sin(index / 3.1) / 4;
    const sessions = Math.max(0, Math.round(2.6 + 2 * Math.sin(index / 130 - 3.4) + Math.sin(index / 41)));
    return {
      at: NOW - (719 - index) * 5000,
      sessions,
      toPeer: Math.round(Math.max(0, sessions * 900_000 * (1 + wave / 2))),
      toGuacd: Math.round(Math.max(0, sessions * 60_000 * (1 - wave / 3))),
    };
  }),
};

const EVENTS: readonly Omit<LogLine, 'timestamp'>[] = [
  {
    level: 'info',
    logger: 'sallyport',
    event: 'Sallyport begins',
    fields: { pid: 4711, state_dir: '/var/lib/sallyport' },
  },
  {
    level: 'info',
    logger: 'sallyport.guacd',
    event: 'guacd is up',
    fields: { address: '127.0.0.1:4822', version: '1.6.0' },
  },
  {
    level: 'info',
    logger: 'sallyport.metrics',
    event: 'Metrics are served',
    fields: { address: '127.0.0.1:9300' },
  },
  {
    level: 'info',
    logger: 'sallyport',
    event: 'Online',
    fields: { host: 'sso.example.org', outpost: 'Jump host Frankfurt' },
  },
  { level: 'debug', logger: 'sallyport.link', event: 'Hello answered', fields: { round_trip_ms: 12 } },
  {
    level: 'info',
    logger: 'sallyport.session',
    event: 'Session requested',
    fields: { user: 'alice', machine: '10.20.0.7:3389', protocol: 'rdp' },
  },
  {
    level: 'info',
    logger: 'sallyport.session',
    event: 'Session live',
    fields: { setup_ms: 412, guacd: '127.0.0.1:4822' },
  },
  {
    level: 'debug',
    logger: 'sallyport.guacd',
    event: 'guacd says',
    fields: { line: 'guacd[4720]: INFO: User "@2f1c" joined connection "$9a1e" (1 users now present)' },
  },
  {
    level: 'warning',
    logger: 'sallyport.link',
    event: 'Connection lost',
    fields: { reason: 'authentik answered 502', retry_in_s: 12 },
  },
  {
    level: 'error',
    logger: 'sallyport.session',
    event: 'Session failed',
    fields: {
      machine: '10.20.0.31:5900',
      reason: 'guacd could not reach 10.20.0.31:5900: connection refused.',
    },
  },
  {
    level: 'trace',
    logger: 'sallyport.session',
    event: 'Instruction',
    fields: { opcode: 'sync', bytes: 24 },
  },
];

/** Log lines, oldest first. */
export function logLines(count: number): LogLine[] {
  return Array.from({ length: count }, (_, index) => {
    const event =
      EVENTS[index < 4 ? index : 4 + ((index * 5 + (index >> 2)) % (EVENTS.length - 4))] ?? EVENTS[0];
    const timestamp = new Date(NOW - (count - index) * 830).toISOString();
    return { level: 'info', logger: 'sallyport', event: '', fields: {}, ...event, timestamp };
  });
}

import type { DoctorStep } from '../../../main/core/doctor/step.ts';
import type { Machine } from '../../../main/core/offline/machines/machine.ts';
import type { AppState, LogLine, SecretsState, Traffic } from '../../../preload/contract/types.ts';
import type { FakeAudit } from './fake-audit.ts';
import { manyMachines } from './fake-machines.ts';
import { HEALTHY_STEPS, NO_GUACD_STEPS, UNTRUSTED_STEPS } from './sample-settings.ts';
import { APP, logLines, NOW, STATUS, STOPPED, TRAFFIC } from './samples.ts';

/** A state of the world that the page is shown. */
export interface Scenario {
  readonly app: AppState;
  readonly traffic: Traffic;
  readonly log: readonly LogLine[];
  readonly steps: readonly DoctorStep[];
  readonly secrets: SecretsState;
  /** The address book; some samples unless told. */
  readonly machines?: readonly Machine[];
  /** The journal; a morning's entries unless told. */
  readonly audit?: FakeAudit;
  readonly guardrails?: 'sample' | 'damaged' | 'none';
}

const NO_TRAFFIC: Traffic = { everyMs: 5000, samples: [] };

const online: Scenario = {
  app: APP,
  traffic: TRAFFIC,
  log: logLines(200),
  steps: HEALTHY_STEPS,
  secrets: { protection: 'key-file', keychain: 'basic', locked: false },
};

/** By name, as the address of the harness gives it: `?scenario=degraded`. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  online,
  quiet: {
    ...online,
    app: { ...APP, status: { ...STATUS, sessions: [], history: [] } },
    log: [],
    traffic: NO_TRAFFIC,
    machines: [],
    audit: { entries: 0 },
    guardrails: 'none',
  },
  /** Thousands of machines. */
  many: { ...online, machines: manyMachines(5000), audit: { entries: 5000 } },
  /** The journal was changed, the guardrails cannot be used, and authentik takes nothing. */
  tampered: {
    ...online,
    app: {
      ...APP,
      status: {
        ...STATUS,
        warnings: [
          {
            code: 'journal-broken',
            message:
              'The journal in /var/lib/sallyport/journal is not as it was written: entry 12, or what stands before it, was changed after it was written.',
            advice:
              'Somebody or something has changed it. Keep a copy for whoever has to look into it; it goes on behind the break.',
          },
        ],
      },
    },
    audit: {
      handOver: {
        upTo: 7,
        waiting: 11,
        failure: {
          code: 'http-status',
          message: 'Telling authentik what was done here: authentik answered 403 (forbidden).',
          advice: 'May the outpost’s account add events? See Directory → Users in authentik.',
        },
      },
    },
    guardrails: 'damaged',
  },
  /** A service's outpost, as a member of its group sees it. */
  member: {
    ...online,
    app: {
      ...APP,
      status: {
        ...STATUS,
        forMember: true,
        outpost: null,
        metrics: { kind: 'off' },
        guacd: {
          kind: 'up',
          since: NOW,
          instances: [{ address: '', healthy: true, version: null, sessions: 0, reason: null }],
        },
        sessions: STATUS.sessions.slice(0, 1),
        history: [],
        warnings: [],
      },
    },
    log: [],
    traffic: NO_TRAFFIC,
  },
  /** Sessions without authentik are not allowed. */
  forbidden: {
    ...online,
    app: {
      ...APP,
      status: {
        ...STATUS,
        offline: {
          mode: 'never',
          open: false,
          because: 'The settings of this host do not allow it.',
          asksReason: false,
          asksPassphrase: false,
        },
      },
    },
  },
  stopped: { ...online, app: { ...APP, status: STOPPED }, log: [], traffic: NO_TRAFFIC },
  reconnecting: {
    ...online,
    app: {
      ...APP,
      status: {
        ...STATUS,
        link: {
          kind: 'waiting',
          attempt: 3,
          retryAt: NOW + 42_000,
          reason: {
            code: 'http-status',
            message: 'authentik at sso.example.org is not ready: the server before it answers 502.',
            advice: 'authentik may be starting or restarting; if it stays so, look at its containers.',
          },
        },
      },
    },
  },
  rejected: {
    ...online,
    app: {
      ...APP,
      status: {
        ...STATUS,
        sessions: [],
        link: {
          kind: 'rejected',
          retryAt: NOW + 280_000,
          reason: {
            code: 'token-rejected',
            message:
              'authentik at sso.example.org rejected the token (403): it is wrong, expired or revoked.',
            advice: 'Copy it again in authentik from Applications › Outposts › View Deployment Info.',
          },
        },
      },
    },
  },
  degraded: {
    ...online,
    app: {
      ...APP,
      status: {
        ...STATUS,
        sessions: [],
        guacd: {
          kind: 'down',
          retryAt: NOW + 9_000,
          reason: {
            code: 'guacd-unreachable',
            message: 'guacd at 127.0.0.1:4822 cannot be reached: it refused the connection.',
            advice: 'Is the service running there, and is the port right?',
          },
        },
        metrics: {
          kind: 'failed',
          address: '127.0.0.1:9300',
          reason: { code: 'port-taken', message: '127.0.0.1:9300 is already in use by another program.' },
        },
        warnings: [
          {
            code: 'guacd-outdated',
            message:
              'guacd is version 1.5.5, which has known weaknesses: hostile terminal output may run code in guacd (CVE-2024-35164).',
            advice:
              'Run guacd 1.6.0 or newer: the official container image, a package of your distribution, or one built from source.',
          },
        ],
      },
    },
  },
  draining: { ...online, app: { ...APP, status: { ...STATUS, phase: 'draining', wish: 'stop' } } },
  ended: {
    ...online,
    app: {
      ...APP,
      outpost: {
        kind: 'ended',
        retryAt: NOW + 8_000,
        failure: {
          code: 'connection-lost',
          message: 'The outpost ended unexpectedly (code 1). Sessions that ended with it: 3.',
          advice: 'Its log says what it did last.',
        },
      },
      status: null,
    },
  },
  locked: { ...online, app: { ...APP, outpost: { kind: 'locked' }, status: null } },
  first: {
    ...online,
    app: { ...APP, firstRun: true, status: { ...STOPPED, host: null } },
    traffic: NO_TRAFFIC,
    log: [],
    steps: UNTRUSTED_STEPS,
  },
  'no-guacd': {
    ...online,
    app: { ...APP, firstRun: true, status: { ...STOPPED, host: null } },
    traffic: NO_TRAFFIC,
    log: [],
    steps: NO_GUACD_STEPS,
  },
  container: {
    ...online,
    app: {
      ...APP,
      status: {
        ...STATUS,
        guacd: {
          kind: 'up',
          since: NOW - 3_600_000,
          instances: [
            {
              address: '127.0.0.1:41234',
              healthy: true,
              version: '1.6.0',
              sessions: 2,
              reason: null,
              container: { engine: 'podman', image: 'guacamole/guacd:1.6.0' },
            },
          ],
        },
      },
    },
  },
  fetching: {
    ...online,
    app: {
      ...APP,
      status: {
        ...STATUS,
        sessions: [],
        guacd: {
          kind: 'starting',
          since: NOW - 8_000,
          step: { kind: 'fetching', image: 'guacamole/guacd:1.6.0' },
        },
      },
    },
  },
  practice: {
    ...online,
    app: { ...APP, practice: 'running', practiceUrl: 'http://127.0.0.1:9400/' },
  },
  flood: { ...online, log: logLines(5000) },
};

import type { DoctorStep } from '../../../main/core/doctor/step.ts';
import type { CertificateReport, OutpostOptionRow, SettingRow } from '../../../preload/contract/types.ts';

function row(key: string, part: Partial<SettingRow>): SettingRow {
  return {
    key,
    value: null,
    origin: 'default',
    originKind: 'default',
    locked: false,
    secret: false,
    description: key,
    environment: [`SALLYPORT_${key.toUpperCase().replace('.', '_')}`],
    flag: `--${key.replace('.', '-')} <value>`,
    default: null,
    expects: 'a value',
    unit: null,
    applies: 'restart',
    kind: 'text',
    choices: [],
    ...part,
  };
}

const file = { origin: 'settings.json', originKind: 'file' } as const;
const environment = { origin: 'environment', originKind: 'environment', locked: true } as const;
const next = { applies: 'next-connection' } as const;

export const ROWS: readonly SettingRow[] = [
  row('authentik.host', {
    ...file,
    ...next,
    kind: 'url',
    value: 'https://sso.example.org/',
    description: 'Address of authentik, with the sub-path and query it may have',
  }),
  row('authentik.token', {
    ...file,
    ...next,
    secret: true,
    locked: true,
    value: '***',
    description: 'Token of the outpost; the flag names a file that holds it',
  }),
  row('authentik.insecure', {
    ...next,
    kind: 'yes-no',
    value: 'false',
    description: 'Talk to authentik without checking who it is: a last resort, never for production',
  }),
  row('authentik.hostBrowser', {
    ...next,
    kind: 'url',
    description: 'Address of authentik as browsers reach it, where that is another one',
  }),
  row('trust.caFile', {
    ...environment,
    ...next,
    kind: 'path',
    value: '/etc/ssl/example-root.pem',
    environment: ['SALLYPORT_CA_FILE'],
    description: 'PEM file of authorities to trust beside the system’s',
  }),
  row('trust.fingerprint', {
    ...next,
    description: 'SHA-256 of the only certificate that authentik may show',
  }),
  row('trust.clientCertificate', {
    ...next,
    kind: 'path',
    description: 'Client certificate to show, as PEM or PKCS#12',
  }),
  row('trust.clientKey', {
    ...next,
    kind: 'path',
    description: 'Key of the client certificate, where it lies in a file of its own',
  }),
  row('trust.clientPassphraseFile', {
    ...next,
    kind: 'path',
    description: 'File with the passphrase of the client certificate’s key',
  }),
  row('proxy.url', {
    ...next,
    value: 'environment',
    default: 'environment',
    description: 'Proxy on the way to authentik: a URL, none, or environment (HTTPS_PROXY and the like)',
  }),
  row('guacd.target', {
    value: 'managed',
    default: 'managed',
    description:
      'guacd to use: managed starts one, container runs one out of an image, host:port[,host:port…] uses those',
  }),
  row('guacd.path', { kind: 'path', description: 'guacd’s program, where it is not found by itself' }),
  row('guacd.image', {
    value: 'guacamole/guacd:1.6.0',
    default: 'guacamole/guacd:1.6.0',
    description: 'Image that guacd’s container is made of',
  }),
  row('guacd.imageFile', {
    kind: 'path',
    description: 'File to load the image from where it is missing; where not set, it is fetched',
  }),
  row('guacd.engine', {
    kind: 'path',
    value: 'auto',
    default: 'auto',
    description: 'What runs guacd’s container: podman, docker or a path; auto takes Podman before Docker',
  }),
  row('guacd.network', {
    kind: 'choice',
    value: 'bridge',
    default: 'bridge',
    choices: ['bridge', 'host'],
    description:
      'Network of guacd’s container: bridge hides this host’s own services, host shares all it has',
  }),
  row('guacd.tls', { kind: 'yes-no', value: 'false', description: 'Speak TLS with an external guacd' }),
  row('guacd.caFile', {
    kind: 'path',
    description: 'PEM file of the authority that signed guacd’s certificate',
  }),
  row('metrics.listen', {
    value: '127.0.0.1:9300',
    default: '127.0.0.1:9300',
    description: 'Where metrics and health checks are served: host:port, or off',
  }),
  row('log.level', {
    origin: 'authentik',
    originKind: 'authentik',
    applies: 'live',
    kind: 'choice',
    value: 'info',
    choices: ['trace', 'debug', 'info', 'warning', 'error'],
    description: 'Least important level that is logged: trace, debug, info, warning or error',
  }),
  row('log.file', { kind: 'yes-no', value: 'true', description: 'Keep a log in the state directory' }),
  row('log.fileBytes', {
    kind: 'bytes',
    value: '10 MiB',
    default: '10 MiB',
    unit: 'bytes',
    description: 'Size at which a new log file is begun',
  }),
  row('log.files', {
    kind: 'number',
    value: '5',
    default: '5',
    unit: 'files',
    description: 'Log files that are kept, the current one included',
  }),
  row('journal.handOver', {
    kind: 'yes-no',
    value: 'true',
    default: 'true',
    applies: 'live',
    description: 'Tell authentik, as events, what was done on this host without it',
  }),
  row('journal.bytes', {
    kind: 'bytes',
    value: '256 MiB',
    default: '256 MiB',
    unit: 'bytes',
    description: 'Size of the journal at which its oldest part is removed',
  }),
  row('recording.mode', {
    kind: 'choice',
    choices: ['never', 'always'],
    value: 'never',
    default: 'never',
    applies: 'live',
    description: 'Which sessions are recorded where no guardrail says anything of it: never or always',
  }),
  row('recording.keys', {
    kind: 'yes-no',
    value: 'false',
    default: 'false',
    applies: 'live',
    description: 'Record the keys that people press as well, passwords among them',
  }),
  row('recording.bytes', {
    kind: 'bytes',
    value: '10 GiB',
    default: '10 GiB',
    unit: 'bytes',
    applies: 'live',
    description: 'Size of all recordings together at which the oldest are removed',
  }),
  row('offline.mode', {
    ...file,
    applies: 'live',
    kind: 'choice',
    choices: ['never', 'unreachable', 'always'],
    value: 'unreachable',
    default: 'never',
    description:
      'When sessions may be opened on this host, unchecked by authentik’s policies: never, unreachable or always',
  }),
  row('offline.afterSeconds', {
    applies: 'live',
    kind: 'number',
    unit: 'seconds',
    value: '60',
    default: '60',
    description: 'With unreachable: how long authentik must have been out of reach',
  }),
  row('offline.askReason', {
    applies: 'live',
    kind: 'yes-no',
    value: 'false',
    default: 'false',
    description: 'Ask for a reason before a session is opened on this host, and keep it in the journal',
  }),
  row('vault.minutes', {
    applies: 'live',
    kind: 'number',
    unit: 'minutes',
    value: '15',
    default: '15',
    description: 'How long the vault stays unlocked',
  }),
  row('limits.sessions', {
    ...file,
    kind: 'number',
    value: '64',
    unit: 'sessions',
    description: 'Sessions at once; where not set, what free memory carries',
  }),
  row('limits.setupSeconds', {
    kind: 'number',
    value: '20',
    default: '20',
    unit: 'seconds',
    description: 'Time a session may take until it is live',
  }),
  row('hold.seconds', {
    kind: 'number',
    value: '60',
    default: '60',
    unit: 'seconds',
    description:
      'How long a session waits for whoever has left (authentik tells reload and logout alike); 0: not at all',
  }),
  row('watch.tell', {
    kind: 'yes-no',
    value: 'true',
    default: 'true',
    description: 'Let guacd tell people that somebody watches their session, where it can',
  }),
  row('limits.queueBytes', {
    kind: 'bytes',
    value: '1 MiB',
    default: '1 MiB',
    unit: 'bytes',
    description: 'What may wait in each direction of a session before its sender is held back',
  }),
  row('limits.instructionBytes', {
    kind: 'bytes',
    value: '16 MiB',
    default: '16 MiB',
    unit: 'bytes',
    description: 'Longest single instruction',
  }),
  row('limits.frameBytes', {
    kind: 'bytes',
    value: '16 MiB',
    default: '16 MiB',
    unit: 'bytes',
    description: 'Longest websocket message that is taken from authentik',
  }),
  row('timezone', { description: 'Time zone that machines are told; where not set, this host’s' }),
  row('drive.dir', {
    kind: 'path',
    description: 'Where the drives of sessions lie; where not set, in the state directory',
  }),
  row('keyFile', {
    kind: 'path',
    description: 'File with the key that secrets are encrypted with; where not set, in the state directory',
  }),
  row('stateDir', {
    kind: 'path',
    locked: true,
    value: '/var/lib/sallyport',
    environment: ['SALLYPORT_STATE_DIR'],
    flag: '--state-dir <path>',
    description: 'Directory of settings, secrets, log and control socket',
  }),
];

function option(name: string, value: unknown, part: Partial<OutpostOptionRow> = {}): OutpostOptionRow {
  return {
    name,
    value: JSON.stringify(value),
    given: true,
    meaning: 'How deployed objects are named.',
    here: 'Not used: it tells authentik how to deploy an outpost of its own; this one runs where you started it.',
    applies: false,
    problem: null,
    ...part,
  };
}

export const OPTIONS: readonly OutpostOptionRow[] = [
  option('log_level', 'info', {
    meaning: 'How much the outpost logs: trace, debug, info, warning or error.',
    here: 'Used at once, unless a level is set on this host.',
    applies: true,
  }),
  option('refresh_interval', 'minutes=5', {
    meaning: 'How often the outpost asks authentik for its configuration.',
    here: 'Used, as the seconds that authentik makes of it (refresh_interval_s).',
    applies: true,
  }),
  option('authentik_host', 'https://sso.example.org/', {
    meaning: 'The address under which outposts reach authentik.',
    here: 'Not used: this outpost must know the address before it can ask for it (AUTHENTIK_HOST).',
  }),
  option('object_naming_template', 'ak-outpost-%(name)s'),
  option('docker_network', null, {
    given: false,
    meaning: 'The Docker network of a deployed outpost.',
    here: 'Not used: it tells authentik how to deploy an outpost with Docker; this one runs on this host.',
  }),
  option('kubernetes_replicas', 1, {
    meaning: 'How many replicas are deployed.',
    here: 'Not used: it tells authentik how to deploy an outpost into Kubernetes; this one runs on this host.',
  }),
];

const TITLES: readonly (readonly [id: string, title: string, detail: string])[] = [
  ['settings', 'Settings can be read', 'all 28 settings are good'],
  ['state-dir', 'State directory is safe', '/var/lib/sallyport'],
  ['token', 'Token is set', 'a token is set'],
  ['address', 'authentik’s address is good', 'https://sso.example.org/'],
  ['dns', 'Name is resolved', 'sso.example.org is 203.0.113.10'],
  ['tcp', 'TCP connection', '203.0.113.10:443 answers'],
  ['tls', 'TLS and certificate', 'TLS 1.3, certificate for sso.example.org until 1 March 2027'],
  ['api', 'API answers', 'authentik 2026.8.3'],
  ['clock', 'Clocks agree', 'within 1 s'],
  ['token-accepted', 'Token is accepted', 'authentik takes it'],
  ['outpost', 'Outpost is a RAC outpost', 'Jump host Frankfurt'],
  ['providers', 'Providers are assigned', 'Servers, Workstations'],
  ['websocket', 'Websocket is opened', 'open within 84 ms'],
  ['guacd', 'guacd is there', 'guacd 1.6.0 at /usr/sbin/guacd'],
  ['metrics', 'Metrics port is free', '127.0.0.1:9300'],
];

export const HEALTHY_STEPS: readonly DoctorStep[] = TITLES.map(([id, title, detail]) => ({
  id,
  title,
  tookMs: 20,
  outcome:
    id === 'guacd'
      ? {
          kind: 'warned',
          failure: {
            code: 'guacd-outdated',
            message: 'guacd 1.3.0 has known weaknesses.',
            advice: 'Use 1.6.0 or newer for production.',
          },
        }
      : { kind: 'passed', detail },
}));

/** There is no guacd on this host; all else is well. */
export const NO_GUACD_STEPS: readonly DoctorStep[] = HEALTHY_STEPS.map((step) =>
  step.id === 'guacd'
    ? {
        ...step,
        outcome: {
          kind: 'failed',
          failure: {
            code: 'guacd-missing',
            message: 'guacd was not found on this host, neither on the PATH nor where packages put it.',
            advice: 'Install guacd, run it in a container, or name one elsewhere.',
          },
        },
      }
    : step,
);

/** The server’s certificate is not trusted: what hangs on it is not tried. */
export const UNTRUSTED_STEPS: readonly DoctorStep[] = TITLES.map(([id, title, detail], index) => {
  const tls = TITLES.findIndex(([name]) => name === 'tls');
  if (index === tls)
    return {
      id,
      title,
      tookMs: 31,
      outcome: {
        kind: 'failed',
        failure: {
          code: 'tls-untrusted',
          message:
            'The certificate of sso.example.org is signed by an authority that this host does not trust: Example Root CA.',
          advice: 'Trust the authority, or pin the certificate.',
        },
      },
    };
  const depends = index > tls && id !== 'guacd' && id !== 'metrics';
  return {
    id,
    title,
    tookMs: 5,
    outcome: depends
      ? { kind: 'skipped', because: 'there is no safe connection' }
      : { kind: 'passed', detail },
  };
});

export const CERTIFICATES: CertificateReport = {
  trusted: false,
  failure: null,
  chain: [
    {
      subject: 'sso.example.org',
      issuer: 'Example Root CA',
      names: ['sso.example.org', 'authentik.example.org'],
      validFrom: '2025-03-01T00:00:00.000Z',
      validTo: '2027-03-01T00:00:00.000Z',
      fingerprint:
        '6A:0F:4C:19:77:E2:B1:5D:90:3E:2C:88:41:FA:C6:0B:7D:52:9E:13:AB:64:D8:F0:35:CE:71:02:9B:48:E7:1C',
      selfSigned: false,
      isCa: false,
      pem: 'leaf',
    },
    {
      subject: 'Example Root CA',
      issuer: 'Example Root CA',
      names: [],
      validFrom: '2020-01-01T00:00:00.000Z',
      validTo: '2040-01-01T00:00:00.000Z',
      fingerprint:
        '11:22:4C:19:77:E2:B1:5D:90:3E:2C:88:41:FA:C6:0B:7D:52:9E:13:AB:64:D8:F0:35:CE:71:02:9B:48:E7:FF',
      selfSigned: true,
      isCa: true,
      pem: 'authority',
    },
  ],
};

import type { LogLevel } from '../base/logger.ts';
import type { Secret } from '../base/secret.ts';
import { optional } from './kind.ts';
import { type GuacdTarget, guacdTarget, type MetricsListen, metricsListen } from './kinds/address.ts';
import {
  type ContainerNetwork,
  containerEngine,
  containerImage,
  containerNetwork,
} from './kinds/container.ts';
import { byteCount, wholeNumber } from './kinds/number.ts';
import { type OfflineMode, offlineMode, systemGroup } from './kinds/offline.ts';
import { path } from './kinds/path.ts';
import { fingerprint, logLevel, timezone, yesOrNo } from './kinds/plain.ts';
import { type RecordingMode, recordingMode } from './kinds/recording.ts';
import { type ProxySetting, proxy, webAddress } from './kinds/url.ts';
import { type Setting, setting } from './setting.ts';
import { token } from './token.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

/** Every setting there is: flags, environment, settings file, help and documentation all come from here. */
export const SETTINGS = {
  'authentik.host': setting(optional(webAddress), {
    description: 'Address of authentik, with the sub-path and query it may have',
    environment: 'AUTHENTIK_HOST',
    flag: '--authentik-host <url>',
    default: null,
    applies: 'next-connection',
  }),
  'authentik.token': setting<Secret | null>(optional(token), {
    description: 'Token of the outpost; the flag names a file that holds it',
    environment: 'AUTHENTIK_TOKEN',
    flag: '--token-file <path>',
    flagFromFile: true,
    default: null,
    secret: true,
    inFile: false,
    applies: 'next-connection',
  }),
  'authentik.insecure': setting(yesOrNo, {
    description: 'Talk to authentik without checking who it is: a last resort, never for production',
    environment: 'AUTHENTIK_INSECURE',
    flag: '--authentik-insecure [yes|no]',
    default: false,
    applies: 'next-connection',
  }),
  'authentik.hostBrowser': setting(optional(webAddress), {
    description: 'Address of authentik as browsers reach it, where that is another one',
    environment: 'AUTHENTIK_HOST_BROWSER',
    flag: '--authentik-host-browser <url>',
    default: null,
  }),

  'trust.caFile': setting(optional(path), {
    description: 'PEM file of authorities to trust beside the system’s',
    environment: 'SALLYPORT_CA_FILE',
    flag: '--ca-file <path>',
    default: null,
    applies: 'next-connection',
  }),
  'trust.fingerprint': setting(optional(fingerprint), {
    description: 'SHA-256 of the only certificate that authentik may show',
    environment: 'SALLYPORT_FINGERPRINT',
    flag: '--fingerprint <sha256>',
    default: null,
    applies: 'next-connection',
  }),
  'trust.clientCertificate': setting(optional(path), {
    description: 'Client certificate to show, as PEM or PKCS#12',
    environment: 'SALLYPORT_CLIENT_CERTIFICATE',
    flag: '--client-certificate <path>',
    default: null,
    applies: 'next-connection',
  }),
  'trust.clientKey': setting(optional(path), {
    description: 'Key of the client certificate, where it lies in a file of its own',
    environment: 'SALLYPORT_CLIENT_KEY',
    flag: '--client-key <path>',
    default: null,
    applies: 'next-connection',
  }),
  'trust.clientPassphraseFile': setting(optional(path), {
    description: 'File with the passphrase of the client certificate’s key',
    environment: 'SALLYPORT_CLIENT_PASSPHRASE_FILE',
    flag: '--client-passphrase-file <path>',
    default: null,
    applies: 'next-connection',
  }),
  'proxy.url': setting<ProxySetting>(proxy, {
    description: 'Proxy on the way to authentik: a URL, none, or environment (HTTPS_PROXY and the like)',
    environment: 'SALLYPORT_PROXY',
    flag: '--proxy <url>',
    default: { kind: 'environment' },
    applies: 'next-connection',
  }),

  'guacd.target': setting<GuacdTarget>(guacdTarget, {
    description:
      'guacd to use: managed starts one, container runs one out of an image, host:port[,host:port…] uses those',
    environment: 'SALLYPORT_GUACD',
    flag: '--guacd <target>',
    default: { kind: 'managed' },
  }),
  'guacd.path': setting(optional(path), {
    description: 'guacd’s program, where it is not found by itself',
    environment: 'SALLYPORT_GUACD_PATH',
    flag: '--guacd-path <path>',
    default: null,
  }),
  'guacd.image': setting(containerImage, {
    description: 'Image that guacd’s container is made of',
    environment: 'SALLYPORT_GUACD_IMAGE',
    flag: '--guacd-image <image>',
    default: 'guacamole/guacd:1.6.0',
  }),
  'guacd.imageFile': setting(optional(path), {
    description: 'File to load the image from where it is missing; where not set, it is fetched',
    environment: 'SALLYPORT_GUACD_IMAGE_FILE',
    flag: '--guacd-image-file <path>',
    default: null,
  }),
  'guacd.engine': setting(containerEngine, {
    description: 'What runs guacd’s container: podman, docker or a path; auto takes Podman before Docker',
    environment: 'SALLYPORT_GUACD_ENGINE',
    flag: '--guacd-engine <engine>',
    default: 'auto',
  }),
  'guacd.network': setting<ContainerNetwork>(containerNetwork, {
    description:
      'Network of guacd’s container: bridge hides this host’s own services, host shares all it has',
    environment: 'SALLYPORT_GUACD_NETWORK',
    flag: '--guacd-network <network>',
    default: 'bridge',
  }),
  'guacd.tls': setting(yesOrNo, {
    description: 'Speak TLS with an external guacd',
    environment: 'SALLYPORT_GUACD_TLS',
    flag: '--guacd-tls [yes|no]',
    default: false,
  }),
  'guacd.caFile': setting(optional(path), {
    description: 'PEM file of the authority that signed guacd’s certificate',
    environment: 'SALLYPORT_GUACD_CA_FILE',
    flag: '--guacd-ca-file <path>',
    default: null,
  }),

  'metrics.listen': setting<MetricsListen>(metricsListen, {
    description: 'Where metrics and health checks are served: host:port, or off',
    environment: 'AUTHENTIK_LISTEN__METRICS',
    flag: '--listen-metrics <host:port>',
    default: { kind: 'on', host: '127.0.0.1', port: 9300 },
  }),
  'log.level': setting<LogLevel>(logLevel, {
    description: 'Least important level that is logged: trace, debug, info, warning or error',
    environment: 'AUTHENTIK_LOG_LEVEL',
    flag: '--log-level <level>',
    default: 'info',
    applies: 'live',
  }),
  'log.file': setting(yesOrNo, {
    description: 'Keep a log in the state directory',
    environment: 'SALLYPORT_LOG_FILE',
    flag: '--log-file [yes|no]',
    default: true,
  }),
  'log.fileBytes': setting(byteCount({ min: 256 * KIB, max: GIB }), {
    description: 'Size at which a new log file is begun',
    environment: 'SALLYPORT_LOG_FILE_BYTES',
    flag: '--log-file-bytes <size>',
    default: 10 * MIB,
    unit: 'bytes',
  }),
  'log.files': setting(wholeNumber({ min: 2, max: 100, of: 'files' }), {
    description: 'Log files that are kept, the current one included',
    environment: 'SALLYPORT_LOG_FILES',
    flag: '--log-files <number>',
    default: 5,
    unit: 'files',
  }),

  'journal.handOver': setting(yesOrNo, {
    description: 'Tell authentik, as events, what was done on this host without it',
    environment: 'SALLYPORT_JOURNAL_HAND_OVER',
    flag: '--journal-hand-over [yes|no]',
    default: true,
    applies: 'live',
  }),
  'journal.bytes': setting(byteCount({ min: 16 * MIB, max: 16 * GIB }), {
    description: 'Size of the journal at which its oldest part is removed',
    environment: 'SALLYPORT_JOURNAL_BYTES',
    flag: '--journal-bytes <size>',
    default: 256 * MIB,
    unit: 'bytes',
  }),

  'recording.mode': setting<RecordingMode>(recordingMode, {
    description: 'Which sessions are recorded where no guardrail says anything of it: never or always',
    environment: 'SALLYPORT_RECORDING_MODE',
    flag: '--recording-mode <mode>',
    default: 'never',
    applies: 'live',
  }),
  'recording.keys': setting(yesOrNo, {
    description: 'Record the keys that people press as well, passwords among them',
    environment: 'SALLYPORT_RECORDING_KEYS',
    flag: '--recording-keys [yes|no]',
    default: false,
    applies: 'live',
  }),
  'recording.sealed': setting(yesOrNo, {
    description: 'Encrypt recordings so that only the unlocked vault can play them',
    environment: 'SALLYPORT_RECORDING_SEALED',
    flag: '--recording-sealed [yes|no]',
    default: false,
    applies: 'live',
  }),
  'recording.dir': setting(optional(path), {
    description: 'Where recordings lie; where not set, in the state directory',
    environment: 'SALLYPORT_RECORDING_DIR',
    flag: '--recording-dir <path>',
    default: null,
  }),
  'recording.bytes': setting(byteCount({ min: 64 * MIB, max: 16 * TIB }), {
    description: 'Size of all recordings together at which the oldest are removed',
    environment: 'SALLYPORT_RECORDING_BYTES',
    flag: '--recording-bytes <size>',
    default: 10 * GIB,
    unit: 'bytes',
    applies: 'live',
  }),
  'recording.days': setting(wholeNumber({ min: 0, max: 3_650, of: 'days' }), {
    description: 'How long a recording is kept; 0 keeps it as long as there is room',
    environment: 'SALLYPORT_RECORDING_DAYS',
    flag: '--recording-days <number>',
    default: 30,
    unit: 'days',
    applies: 'live',
  }),
  'recording.sessionBytes': setting(byteCount({ min: MIB, max: TIB }), {
    description: 'Largest size of one recording, which stops there',
    environment: 'SALLYPORT_RECORDING_SESSION_BYTES',
    flag: '--recording-session-bytes <size>',
    default: GIB,
    unit: 'bytes',
    applies: 'live',
  }),
  'recording.reserveBytes': setting(byteCount({ min: 0, max: TIB }), {
    description: 'Free space on the disk below which recordings stop',
    environment: 'SALLYPORT_RECORDING_RESERVE_BYTES',
    flag: '--recording-reserve-bytes <size>',
    default: 500 * MIB,
    unit: 'bytes',
    applies: 'live',
  }),

  'offline.mode': setting<OfflineMode>(offlineMode, {
    description:
      'When sessions may be opened on this host, unchecked by authentik’s policies: never, unreachable or always',
    environment: 'SALLYPORT_OFFLINE_MODE',
    flag: '--offline-mode <mode>',
    default: 'never',
    applies: 'live',
  }),
  'offline.afterSeconds': setting(wholeNumber({ min: 0, max: 86_400, of: 'seconds' }), {
    description: 'With unreachable: how long authentik must have been out of reach',
    environment: 'SALLYPORT_OFFLINE_AFTER_SECONDS',
    flag: '--offline-after-seconds <number>',
    default: 60,
    unit: 'seconds',
    applies: 'live',
  }),
  'offline.askReason': setting(yesOrNo, {
    description: 'Ask for a reason before a session is opened on this host, and keep it in the journal',
    environment: 'SALLYPORT_OFFLINE_ASK_REASON',
    flag: '--offline-ask-reason [yes|no]',
    default: false,
    applies: 'live',
  }),
  'offline.record': setting(yesOrNo, {
    description: 'Record every session that is opened on this host, whatever else is set',
    environment: 'SALLYPORT_OFFLINE_RECORD',
    flag: '--offline-record [yes|no]',
    default: false,
    applies: 'live',
  }),
  'offline.requirePassphrase': setting(yesOrNo, {
    description: 'Ask for the vault’s passphrase before each session that is opened on this host',
    environment: 'SALLYPORT_OFFLINE_REQUIRE_PASSPHRASE',
    flag: '--offline-require-passphrase [yes|no]',
    default: false,
    applies: 'live',
  }),
  'offline.group': setting(optional(systemGroup), {
    description: 'Group of this system whose members may open sessions through a service, and nobody else',
    environment: 'SALLYPORT_OFFLINE_GROUP',
    flag: '--offline-group <group>',
    default: null,
  }),
  'vault.minutes': setting(wholeNumber({ min: 1, max: 1_440, of: 'minutes' }), {
    description: 'How long the vault stays unlocked',
    environment: 'SALLYPORT_VAULT_MINUTES',
    flag: '--vault-minutes <number>',
    default: 15,
    unit: 'minutes',
    applies: 'live',
  }),

  'limits.sessions': setting(optional(wholeNumber({ min: 1, max: 10_000, of: 'sessions' })), {
    description: 'Sessions at once; where not set, what free memory carries',
    environment: 'SALLYPORT_SESSIONS',
    flag: '--sessions <number>',
    default: null,
    unit: 'sessions',
  }),
  'limits.setupSeconds': setting(wholeNumber({ min: 1, max: 300, of: 'seconds' }), {
    description: 'Time a session may take until it is live',
    environment: 'SALLYPORT_SETUP_SECONDS',
    flag: '--setup-seconds <number>',
    default: 20,
    unit: 'seconds',
  }),
  'hold.seconds': setting(wholeNumber({ min: 0, max: 3600, of: 'seconds' }), {
    description:
      'How long a session waits for whoever has left (authentik tells reload and logout alike); 0: not at all',
    environment: 'SALLYPORT_HOLD_SECONDS',
    flag: '--hold-seconds <number>',
    default: 60,
    unit: 'seconds',
  }),
  'watch.tell': setting(yesOrNo, {
    description: 'Let guacd tell people that somebody watches their session, where it can',
    environment: 'SALLYPORT_WATCH_TELL',
    flag: '--watch-tell [yes|no]',
    default: true,
  }),
  'limits.queueBytes': setting(byteCount({ min: 64 * KIB, max: 256 * MIB }), {
    description: 'What may wait in each direction of a session before its sender is held back',
    environment: 'SALLYPORT_QUEUE_BYTES',
    flag: '--queue-bytes <size>',
    default: MIB,
    unit: 'bytes',
  }),
  'limits.instructionBytes': setting(byteCount({ min: 64 * KIB, max: 64 * MIB }), {
    description: 'Longest single instruction',
    environment: 'SALLYPORT_INSTRUCTION_BYTES',
    flag: '--instruction-bytes <size>',
    default: 16 * MIB,
    unit: 'bytes',
  }),
  'limits.frameBytes': setting(byteCount({ min: 64 * KIB, max: 64 * MIB }), {
    description: 'Longest websocket message that is taken from authentik',
    environment: 'SALLYPORT_FRAME_BYTES',
    flag: '--frame-bytes <size>',
    default: 16 * MIB,
    unit: 'bytes',
  }),

  timezone: setting(optional(timezone), {
    description: 'Time zone that machines are told; where not set, this host’s',
    environment: 'SALLYPORT_TIMEZONE',
    flag: '--timezone <zone>',
    default: null,
  }),
  'drive.dir': setting(optional(path), {
    description: 'Where the drives of sessions lie; where not set, in the state directory',
    environment: 'SALLYPORT_DRIVE_DIR',
    flag: '--drive-dir <path>',
    default: null,
  }),
  keyFile: setting(optional(path), {
    description: 'File with the key that secrets are encrypted with; where not set, in the state directory',
    environment: 'SALLYPORT_KEY_FILE',
    flag: '--key-file <path>',
    default: null,
  }),
  stateDir: setting(optional(path), {
    description: 'Directory of settings, secrets, log and control socket',
    environment: 'SALLYPORT_STATE_DIR',
    flag: '--state-dir <path>',
    default: null,
    inFile: false,
  }),
};

export type SettingKey = keyof typeof SETTINGS;

/** The values of all settings, by key. */
export type SettingsValues = {
  readonly [K in SettingKey]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};

/** The table as a function of the key, for those who take any setting. */
export const SETTING: { readonly [K in SettingKey]: Setting<SettingsValues[K]> } = SETTINGS;

export function isSettingKey(text: string): text is SettingKey {
  return Object.hasOwn(SETTINGS, text);
}

/** All keys, in the table's order. */
export const SETTING_KEYS: readonly SettingKey[] = Object.keys(SETTINGS).filter(isSettingKey);

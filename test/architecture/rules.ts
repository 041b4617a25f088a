/** Files with one purpose, and what they may know of the others. */
export interface Layer {
  readonly name: string;
  /** `folder/` with all below it, `folder/*` without its folders, or single files. */
  readonly at: readonly string[];
  /** Layers that it may import, by name. Its own files may always import each other. */
  readonly imports: readonly string[] | 'everything';
  /** Layers of which it may import types only. */
  readonly types?: readonly string[];
  /** The only modules of Node that it may use; left out where any will do. */
  readonly node?: readonly string[];
  readonly why: string;
}

const IN_CORE = [
  'words',
  'base',
  'guacamole',
  'guacd',
  'outpost options',
  'authentik',
  'ssh',
  'sessions',
  'settings',
  'telemetry',
  'doctor',
  'machine words',
  'offline',
  'outpost',
];

/** Who may import whom; what is below never knows what is above. A new arrow is a decision and a line here. */
export const LAYERS: readonly Layer[] = [
  {
    name: 'words',
    at: [
      'main/core/errors.ts',
      'main/core/errno.ts',
      'main/core/status.ts',
      'main/core/version.ts',
      'main/core/audit-event.ts',
      'main/core/audit-for-authentik.ts',
      'main/core/audit-kinds.ts',
      'main/core/audit-search.ts',
      'main/core/describe.ts',
      'main/core/describe-audit.ts',
      'main/core/describe-session.ts',
      'main/core/describe-units.ts',
      'main/core/health.ts',
    ],
    imports: [],
    node: [],
    why: 'Failures and states, and how they are said: everyone speaks them, so they know nobody.',
  },
  {
    name: 'base',
    at: ['main/core/base/'],
    imports: ['words'],
    why: 'What has nothing to do with authentik or guacd: files, lists of listeners, lifetimes, secrets.',
  },
  {
    name: 'guacamole',
    at: ['main/core/guacamole/'],
    imports: ['words', 'base'],
    node: ['node:buffer'],
    why: 'A language, without input and output: it can be tested with bytes alone.',
  },
  {
    name: 'guacd',
    at: ['main/core/guacd/'],
    imports: ['words', 'base', 'guacamole'],
    why: 'Finds, runs and dials guacd; knows nothing of authentik.',
  },
  {
    name: 'outpost options',
    at: ['main/core/authentik/outpost-config.ts', 'main/core/authentik/outpost-config-options.ts'],
    imports: ['words', 'base'],
    node: [],
    why: 'What authentik’s options of an outpost mean: a table, which the command line explains as well.',
  },
  {
    name: 'authentik',
    at: ['main/core/authentik/'],
    imports: ['words', 'base', 'outpost options'],
    why: 'Reaches authentik; what a session’s websocket carries is bytes to it.',
  },
  {
    name: 'ssh',
    at: ['main/core/ssh/'],
    imports: ['words', 'base'],
    node: ['node:crypto', 'node:util'],
    why: 'Keys and certificates of OpenSSH: bytes of SSH’s own, and what authentik’s agent reads in them.',
  },
  {
    name: 'sessions',
    at: ['main/core/sessions/'],
    imports: ['words', 'base', 'guacamole', 'guacd', 'ssh'],
    why: 'Joins guacd and a peer; that the peer is authentik’s tunnel is not its business, for viewers are peers too.',
  },
  {
    name: 'settings',
    at: ['main/core/settings/'],
    imports: ['words', 'base'],
    why: 'Says what holds; what is done with it is for those who compose the process.',
  },
  {
    name: 'telemetry',
    at: ['main/core/telemetry/'],
    imports: ['words', 'base'],
    why: 'Log and metrics hear of everything and know nothing: events come as words, counts and the status.',
  },
  {
    name: 'doctor',
    at: ['main/core/doctor.ts', 'main/core/doctor/'],
    imports: ['words', 'base', 'guacd', 'authentik', 'telemetry'],
    why: 'Looks at the same parts that the outpost uses, so that it finds and says what the outpost would.',
  },
  {
    name: 'machine words',
    at: [
      'main/core/offline/machines/machine.ts',
      'main/core/offline/machines/shapes.ts',
      'main/core/offline/machines/parameter-table.ts',
    ],
    imports: ['words'],
    node: [],
    why: 'What a machine is, without the book that keeps it: pages and the command line speak of machines too.',
  },
  {
    name: 'offline',
    at: ['main/core/offline/'],
    imports: ['words', 'base', 'guacamole', 'ssh', 'sessions', 'settings', 'machine words'],
    types: ['authentik'],
    why: 'What works without authentik: machines, credentials, journal. What is asked of authentik is handed in.',
  },
  {
    name: 'outpost',
    at: ['main/core/outpost.ts'],
    imports: ['words', 'base', 'guacamole', 'guacd', 'outpost options', 'authentik', 'sessions'],
    why: 'The façade: joins the parts below. Settings, log and metrics are handed in.',
  },
  {
    name: 'control',
    at: ['main/control/'],
    imports: ['words', 'base', 'outpost options', 'settings', 'telemetry', 'doctor'],
    types: ['sessions', 'offline', 'machine words'],
    why: 'Drives whatever has the façade’s shape, so that clients of the contract need not load the outpost.',
  },
  {
    name: 'cli',
    at: ['main/cli/'],
    imports: [
      'words',
      'base',
      'outpost options',
      'settings',
      'telemetry',
      'doctor',
      'machine words',
      'control',
    ],
    types: ['offline'],
    why: 'Knows the contract and the words; what it runs without an outpost is handed in.',
  },
  {
    name: 'process',
    at: ['main/process/'],
    imports: [...IN_CORE, 'control'],
    types: ['cli'],
    why: 'The one place where everything is composed; the command line says in which shape it wants its parts.',
  },
  {
    name: 'entries',
    at: ['main/outpost.ts', 'main/cli.ts'],
    imports: [...IN_CORE, 'control', 'cli', 'process'],
    why: 'Where a program begins: arguments, signals, exit codes.',
  },
  {
    name: 'preload contract',
    at: ['preload/contract/'],
    imports: [],
    types: ['words', 'doctor', 'offline', 'machine words'],
    node: [],
    why: 'What a window may ask the app, and what the app tells it: a table that both sides derive from.',
  },
  {
    name: 'preload',
    at: ['preload/*'],
    imports: ['preload contract'],
    node: [],
    why: 'Hands a window its client, and nothing else.',
  },
  {
    name: 'german',
    at: ['main/german/'],
    imports: [],
    node: [],
    why: 'What the core says, for those who show it in German: pages, tray and notifications say it the same.',
  },
  {
    name: 'desktop',
    at: ['main/index.ts', 'main/desktop/'],
    imports: ['words', 'base', 'german', 'settings', 'control', 'preload contract'],
    types: ['doctor'],
    why: 'The tray app drives an outpost over the contract, its own or a service’s; it never contains one.',
  },
  {
    name: 'renderer',
    at: ['renderer/'],
    // The one thing of the main side that it runs: how states are said, so that they are said the same everywhere.
    imports: ['words', 'machine words', 'german'],
    types: ['control', 'doctor', 'preload contract', 'offline'],
    node: [],
    why: 'A page in a sandbox: of the main side it knows words and shapes only.',
  },
  {
    name: 'practice page',
    at: ['practice/page/'],
    imports: [],
    types: ['practice authentik'],
    node: [],
    why: 'Runs in a browser.',
  },
  {
    name: 'practice authentik',
    at: ['practice/authentik/'],
    imports: ['words', 'base', 'guacamole'],
    why: 'Stands in for the other side: it must not share the outpost’s idea of authentik’s protocol.',
  },
  {
    name: 'practice machines',
    at: ['practice/machines/'],
    imports: ['words', 'base', 'guacd'],
    why: 'Real servers. Of guacd they know the mark by which a killed run’s is found.',
  },
  {
    name: 'practice',
    at: ['practice/'],
    imports: [...IN_CORE, 'control', 'cli', 'process', 'practice authentik', 'practice machines'],
    why: 'Starts a whole outpost beside its own authentik and machines. The outpost never knows of practice.',
  },
  {
    name: 'practice desktop',
    at: ['practice/desktop/'],
    imports: [
      'words',
      'machine words',
      'base',
      'settings',
      'offline',
      'control',
      'cli',
      'practice authentik',
      'practice machines',
      'practice',
    ],
    types: ['preload contract'],
    why: 'Drives the built app as a person does, for its self-test and its tests; practice itself does without.',
  },
  { name: 'scripts', at: ['scripts/'], imports: [], why: 'Run before anything is built or installed.' },
  { name: 'tests', at: ['test/'], imports: 'everything', why: 'Nothing imports a test.' },
];

/** Where a package may be imported. */
export interface Door {
  readonly at: readonly string[];
  readonly why: string;
}

/** Every package's doors: to replace one, these files are all that must change. */
export const DOORS: Readonly<Record<string, Door>> = {
  '@goauthentik/api': { at: ['main/core/authentik/api.ts'], why: 'names of operations and arguments' },
  'http-proxy-agent': { at: ['main/core/authentik/endpoint-agent.ts'], why: 'plain requests by a proxy' },
  'https-proxy-agent': { at: ['main/core/authentik/endpoint-agent.ts'], why: 'tunnels through a proxy' },
  'proxy-from-env': { at: ['main/core/authentik/proxy.ts'], why: 'HTTPS_PROXY, NO_PROXY and the like' },
  'system-ca': { at: ['main/core/authentik/trust.ts'], why: 'whom the system trusts' },
  'ipaddr.js': { at: ['main/core/sessions/guardrails/'], why: 'ranges of addresses' },
  'node-forge': {
    at: ['main/core/authentik/trust-pkcs12.ts', 'practice/authentik/certificates.ts', 'test/'],
    why: 'reads PKCS#12, makes certificates for practice and tests; never verifies',
  },
  ws: { at: ['main/core/authentik/', 'practice/authentik/', 'test/'], why: 'websockets' },
  valibot: {
    at: [
      'main/control/',
      'main/core/authentik/api-decode.ts',
      'main/core/authentik/messages.ts',
      'main/core/authentik/rac-catalogue.ts',
      'main/core/guacd/container/engine-info.ts',
      'main/core/guacd/orphan.ts',
      'main/core/offline/',
      'main/core/sessions/drive/messages.ts',
      'main/core/sessions/drive/frames.ts',
      'main/core/sessions/guardrails/',
      'main/core/sessions/recording/',
      'main/core/settings/',
      'main/desktop/ipc-decode.ts',
      'main/desktop/key-wrap.ts',
      'main/desktop/practice-host.ts',
      'main/desktop/preferences.ts',
      'preload/contract/',
      'practice/',
      'test/',
    ],
    why: 'decodes what comes over a border, and nothing that has come through one',
  },
  'vscode-jsonrpc': { at: ['main/control/'], why: 'requests and answers on the control socket' },
  pino: { at: ['main/core/telemetry/log.ts'], why: 'JSON lines' },
  'rotating-file-stream': { at: ['main/core/telemetry/log.ts'], why: 'log files' },
  'prom-client': { at: ['main/core/telemetry/metrics.ts'], why: 'metrics' },
  commander: { at: ['main/cli/', 'main/outpost.ts', 'test/'], why: 'flags and commands' },
  electron: { at: ['main/index.ts', 'main/desktop/', 'preload/*'], why: 'the outpost runs without it' },
  'electron-store': { at: ['main/desktop/window-store.ts'], why: 'keeps what belongs to the window side' },
  fflate: { at: ['main/desktop/diagnostics.ts', 'test/'], why: 'packs diagnostics' },
  'dbus-next': { at: ['practice/desktop/', 'test/'], why: 'reads the tray as a desktop does' },
  'guacamole-common-js': {
    at: ['practice/page/', 'renderer/viewer/', 'renderer/console/recordings/', 'test/'],
    why: 'draws a session',
  },
  esbuild: { at: ['scripts/build/', 'test/'], why: 'bundles' },
  preact: { at: ['renderer/'], why: 'draws the pages' },
  '@preact/signals': { at: ['renderer/'], why: 'draws again what changed' },
  uplot: { at: ['renderer/shared/plot.tsx'], why: 'lines over time' },
  i18next: { at: ['renderer/shared/i18n/'], why: 'texts that count' },
  'axe-core': { at: ['test/'], why: 'finds what keeps people out' },
  vite: { at: ['scripts/build/', 'renderer/vite.page.ts'], why: 'bundles pages' },
  'electron-builder': { at: ['scripts/package/'], why: 'packs the app' },
  '@electron/fuses': { at: ['scripts/package/', 'test/lab/'], why: 'switches of the packaged runtime' },
  'oxc-parser': { at: ['test/architecture/'], why: 'reads imports, and the texts of the core' },
  vitest: { at: ['test/', 'vitest.config.ts'], why: 'runs tests' },
  'fast-check': { at: ['test/'], why: 'makes up input' },
  'playwright-core': {
    at: ['practice/desktop/', 'test/', 'scripts/icons.mjs'],
    why: 'drives a real browser, and the app',
  },
  ajv: { at: ['test/'], why: 'checks practice against authentik’s own schema' },
  'ajv-formats': { at: ['test/'], why: 'the same' },
  yaml: {
    at: ['test/', 'scripts/package/'],
    why: 'reads authentik’s schema, the alert rules and what is packed',
  },
};

/** Parts of a path, the file's name included: `main/core/settings/kinds/url.ts` has five. */
export const DEEPEST = 5;

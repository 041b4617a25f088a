import type { SettingRow } from '../../../preload/contract/types.ts';

/** The parts of the settings, each with the keys that are shown in it, card by card. */
export const SECTIONS = {
  connection: {
    authentik: ['authentik.host', 'authentik.hostBrowser'],
    trust: [
      'trust.caFile',
      'trust.fingerprint',
      'trust.clientCertificate',
      'trust.clientKey',
      'trust.clientPassphraseFile',
      'authentik.insecure',
    ],
    proxy: ['proxy.url'],
  },
  guacd: {
    guacd: ['guacd.target', 'guacd.path'],
    container: ['guacd.image', 'guacd.imageFile', 'guacd.engine', 'guacd.network'],
    external: ['guacd.tls', 'guacd.caFile'],
  },
  offline: {
    opening: [
      'offline.mode',
      'offline.afterSeconds',
      'offline.askReason',
      'offline.record',
      'offline.requirePassphrase',
      'offline.group',
    ],
    unlocked: ['vault.minutes'],
  },
  recordings: {
    recorded: ['recording.mode', 'recording.keys', 'recording.sealed'],
    kept: [
      'recording.bytes',
      'recording.days',
      'recording.sessionBytes',
      'recording.reserveBytes',
      'recording.dir',
    ],
  },
  limits: {
    sessions: ['limits.sessions', 'limits.setupSeconds', 'hold.seconds', 'watch.tell'],
    memory: ['limits.queueBytes', 'limits.instructionBytes', 'limits.frameBytes'],
  },
  monitoring: {
    metrics: ['metrics.listen'],
    journal: ['journal.handOver', 'journal.bytes'],
    log: ['log.level', 'log.file', 'log.fileBytes', 'log.files'],
  },
  places: { places: ['timezone', 'drive.dir', 'keyFile', 'stateDir'] },
} as const;

export type SectionName = keyof typeof SECTIONS;
/** What settings that belong together stand on; each has a title and a lead. */
export type CardName = { [S in SectionName]: keyof (typeof SECTIONS)[S] }[SectionName] | 'more';

/** The cards of a section in order, with the keys on each. */
export function cardsOf(section: SectionName): readonly { card: CardName; keys: readonly string[] }[] {
  const cards = SECTIONS[section];
  return Object.entries(cards).map(([card, keys]: [string, readonly string[]]) => ({
    // The compiler forgets what the keys of an object are.
    card: card as CardName,
    keys,
  }));
}

/** Parts that are no list of settings of the outpost. */
export const OTHER_SECTIONS = ['guardrails', 'app', 'secrets', 'options'] as const;
export type TabName = SectionName | (typeof OTHER_SECTIONS)[number];

/** In the order of the tabs. */
export const TAB_ORDER: readonly TabName[] = [
  'connection',
  'guacd',
  'offline',
  'guardrails',
  'recordings',
  'limits',
  'monitoring',
  'places',
  'app',
  'secrets',
  'options',
];

/** Shown by a form of its own. */
export const TOKEN_KEY = 'authentik.token';

const PLACED = new Set<string>([
  TOKEN_KEY,
  ...Object.values(SECTIONS).flatMap((cards) =>
    Object.values(cards).flatMap((keys: readonly string[]) => keys),
  ),
]);

/** Settings of an outpost that is newer than this window: shown, with the outpost's own words. */
export function unplaced(rows: readonly SettingRow[]): readonly SettingRow[] {
  return rows.filter(({ key }) => !PLACED.has(key));
}

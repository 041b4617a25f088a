import type { EN_RECORDINGS } from './en-recordings.ts';

/** The same in German. */
export const DE_RECORDINGS: Readonly<Record<keyof typeof EN_RECORDINGS, string>> = {
  'recordings.tab': 'Aufzeichnungen',
  'recordings.loading-list': 'Aufzeichnungen werden gesucht …',
  'recordings.failed': 'Die Aufzeichnungen lassen sich nicht auflisten',
  'recordings.none': 'Keine Aufzeichnungen',
  'recordings.none-why':
    'Sitzungen werden aufgezeichnet, wo die Einstellungen oder eine Regel dieses Rechners es sagen.',
  'recordings.size_one': '{{count}} Aufzeichnung, {{size}}',
  'recordings.size_other': '{{count}} Aufzeichnungen, {{size}}',
  'recordings.table': 'Aufzeichnungen',
  'recordings.began': 'Beginn',
  'recordings.length': 'Länge',
  'recordings.bytes': 'Größe',
  'recordings.sealed': 'Verschlüsselt',
  'recordings.state-running': 'Läuft',
  'recordings.state-whole': 'Vollständig',
  'recordings.state-broken-off': 'Abgebrochen',
  'recordings.play': 'Abspielen',
  'recordings.play-label': 'Aufzeichnung von {{user}} auf {{machine}} abspielen',
  'recordings.export-label': 'Aufzeichnung von {{user}} auf {{machine}} exportieren',
  'recordings.remove': 'Entfernen',
  'recordings.remove-label': 'Aufzeichnung von {{user}} auf {{machine}} entfernen',
  'recordings.remove-title': 'Diese Aufzeichnung entfernen?',
  'recordings.remove-words':
    'Was {{user}} auf {{machine}} getan hat, ist dann nicht mehr zu sehen. Im Journal steht, dass sie entfernt wurde.',
  'recordings.removed': 'Die Aufzeichnung ist entfernt.',
  'recordings.player-title': '{{user}} auf {{machine}}',
  'recordings.screen': 'Bildschirm der aufgezeichneten Sitzung',
  'recordings.pause': 'Anhalten',
  'recordings.seek': 'Stelle',
  'recordings.at': '{{at}} von {{of}}',
  'recordings.speed': 'Tempo',
  'recordings.skip-idle': 'Leerlauf überspringen',
  'recordings.full-screen': 'Vollbild',
  'recordings.loading': 'Wird gelesen …',
  'recordings.too-long':
    'Die Aufzeichnung ist zu lang, um hier bis zum Ende gespielt zu werden. Exportieren Sie sie, und spielen Sie sie mit den Werkzeugen von Guacamole.',
  'recordings.changed':
    'Die Aufzeichnung wurde nachträglich verändert. Was vor der Änderung liegt, lässt sich abspielen.',
  'recordings.broken': 'Die Aufzeichnung lässt sich nicht weiter lesen.',
};

import { signal } from '@preact/signals';
import { createInstance } from 'i18next';
import { coreGerman } from '../../../main/german/core-german.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { isolated } from './isolate.ts';

export type Locale = 'en' | 'de';

type Keys = keyof typeof en;
type Base<K extends string> = K extends `${infer B}_one` | `${infer B}_other` ? B : K;
/** A text's name; one that counts is named without its ending. */
export type TextKey = Base<Keys>;

export type TextValues = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, values?: TextValues) => string;

/** The catalogues, for the check that none lacks a text. */
export const CATALOGUES = { en, de } as const;

const i18n = createInstance({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en }, de: { translation: de } },
  // Keys are flat, and texts are put on the page as texts.
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  initAsync: false,
});
// At once: the texts are in the bundle.
void i18n.init();

const current = signal<Locale>('en');

/** The language of the page; whoever reads it while drawing is drawn again when it changes. */
export function locale(): Locale {
  return current.value;
}

export function setLocale(next: Locale): void {
  void i18n.changeLanguage(next);
  current.value = next;
}

/** A text in the language of the page, with its `{{values}}`. */
export const t: Translate = (key, values = {}) => {
  const said: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values))
    said[name] = typeof value === 'string' ? isolated(value) : value;
  return i18n.t(key, { ...said, lng: current.value });
};

/** A sentence of the core in the language of the page; null where it has none. */
export function coreText(sentence: string): string | null {
  return current.value === 'en' ? sentence : coreGerman(sentence);
}

/** What the person's system speaks, as far as we do. */
export function systemLocale(languages: readonly string[]): Locale {
  const known = languages.map((language) => language.toLowerCase().slice(0, 2));
  return known.find((language): language is Locale => language === 'de' || language === 'en') ?? 'en';
}

import type { Language } from '../../../preload/contract/types.ts';
import { DE } from './de.ts';
import { EN } from './en.ts';
import type { Words } from './words.ts';

/** The words of the language that was chosen, else of the system's (`de-AT` is German), else English. */
export function wordsFor(chosen: Language, systemLocale: string): Words {
  const language = chosen === 'system' ? systemLocale.slice(0, 2).toLowerCase() : chosen;
  return language === 'de' ? DE : EN;
}

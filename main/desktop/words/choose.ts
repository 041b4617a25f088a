import type { Language } from '../../../preload/contract/types.ts';
import { DE } from './de.ts';
import { EN } from './en.ts';
import type { Words } from './words.ts';

/**
 * The words of the language that was chosen, else of the first that the system's person reads and we speak, as the pages
 * choose it (`de-AT` is German), else English. `system`: what the system prefers, in its order.
 */
export function wordsFor(chosen: Language, system: readonly string[]): Words {
  const languages = (chosen === 'system' ? system : [chosen]).map((one) => one.slice(0, 2).toLowerCase());
  return languages.find((one) => one === 'de' || one === 'en') === 'de' ? DE : EN;
}

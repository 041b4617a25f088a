import { CORE_DE } from './de-core.ts';
import { SENTENCES_DE } from './de-sentences.ts';
import { Sentences } from './sentences.ts';

const sentences = new Sentences(SENTENCES_DE);

/**
 * A sentence of the core in German, such as what a setting is for or why authentik cannot be reached; null where there
 * is none. The core, the command line and the log speak English, so that whoever looks for a sentence finds it.
 */
export function coreGerman(sentence: string): string | null {
  return CORE_DE[sentence] ?? sentences.say(sentence);
}

/** A failure with its advice in German; as it is where it, or one part of it, has none: half of each helps nobody. */
export function failureGerman({ message, advice }: { message: string; advice?: string }): string {
  const parts = advice === undefined ? [message] : [message, advice];
  const said = parts.map(coreGerman);
  return (said.includes(null) ? parts : said).join(' ');
}

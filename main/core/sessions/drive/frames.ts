import * as v from 'valibot';

/** Longest piece of a file in one frame, in bytes. */
export const FRAME_BYTES = 256 * 1024;
/** What may be on its way before some of it was acknowledged, in bytes. */
export const WINDOW_BYTES = 512 * 1024;
/** Longest part of a file that is announced at once, in bytes. */
export const PART_BYTES = 4 * 1024 * 1024;
/** A word about the transfer, as JSON; more is none. */
const MAX_WORD_BYTES = 1024;

/** What is said on a transfer's websocket beside the file's own bytes. */
export type Word =
  | { readonly type: 'start'; readonly offset: number; readonly length: number }
  | { readonly type: 'credit'; readonly bytes: number; readonly offset: number }
  | { readonly type: 'complete'; readonly offset: number };

/** authentik leaves out what is 0. */
const count = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0);
const Word: v.GenericSchema<unknown, Word> = v.variant('type', [
  v.object({ type: v.literal('start'), offset: count, length: count }),
  v.object({ type: v.literal('credit'), bytes: count, offset: count }),
  v.object({ type: v.literal('complete'), offset: count }),
]);

/** A text frame, decoded; undefined where it is no word that is known. */
export function decodeWord(frame: Buffer): Word | undefined {
  if (frame.length > MAX_WORD_BYTES) return undefined;
  try {
    const word = v.safeParse(Word, JSON.parse(frame.toString('utf8')));
    return word.success ? word.output : undefined;
  } catch {
    return undefined;
  }
}

export function encodeWord(word: Word): string {
  return JSON.stringify(word);
}

import { FileStreams } from '../../guacamole/file-streams.ts';
import { splitInstructions } from '../../guacamole/framer.ts';

/** What a stream that is left out begins with; found anywhere in a piece, it is worth a closer look. */
const BEGINNINGS = ['4.file,', '4.body,', '9.clipboard,'].map((beginning) => Buffer.from(beginning));

/**
 * What of guacd's belongs into a recording: what was seen and heard. Files that are downloaded, and what the machine
 * puts into the clipboard, do not: both may be secret, and files may be larger than all the rest.
 */
export class SeenAndHeard {
  readonly #left = new FileStreams({ withClipboard: true });

  /** The pieces of it, in order. Most pieces hold nothing else, and are handed on as they are. */
  of(complete: Buffer): readonly Buffer[] {
    // A search of the system's own is a small part of what looking at every instruction would cost.
    const isPlain = !this.#left.isOpen && BEGINNINGS.every((beginning) => !complete.includes(beginning));
    if (isPlain) return [complete];
    return splitInstructions(complete).filter((instruction) => !this.#left.takes(instruction));
  }
}

/** Opcodes that open a stream whose index is their first value. */
const OPENERS = new Set(['argv', 'audio', 'clipboard', 'img', 'pipe', 'video']);

/**
 * Tells which instructions belong to Guacamole's own file transfer, which newest authentik does not use. Blobs of
 * clipboard and sound use the same opcodes and are none of it.
 */
export class FileStreams {
  readonly #open = new Set<string>();

  /** Whether newest authentik keeps this instruction from the browser. */
  takes([opcode, first = '', second = '']: readonly string[]): boolean {
    switch (opcode) {
      case 'filesystem':
        return true;
      case 'file':
        this.#open.add(first);
        return true;
      case 'body':
        this.#open.add(second);
        return true;
      case 'blob':
      case 'ack':
        return this.#open.has(first);
      case 'end':
        return this.#open.delete(first);
      default:
        if (opcode !== undefined && OPENERS.has(opcode)) this.#open.delete(first);
        return false;
    }
  }
}

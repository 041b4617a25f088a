import { performance } from 'node:perf_hooks';
import { decode, encode } from '../guacamole/instruction.ts';

/** What a person does with hands. */
export const INPUT_OPCODES: readonly string[] = ['key', 'mouse', 'touch'];

/** More than any keyboard has, and all that a hostile page may make us remember. */
const MAX_KEYS = 256;

/** What the person holds down at this moment, and when anything was done last. */
export class Input {
  readonly #keys = new Set<string>();
  /** Where the mouse was when a button was last pressed or held; undefined while none is. */
  #dragging: { readonly x: string; readonly y: string } | undefined;
  #at = performance.now();

  /** Milliseconds without a key, a touch or a movement of the mouse. */
  get idleMs(): number {
    return performance.now() - this.#at;
  }

  /** Takes a complete instruction with one of `INPUT_OPCODES`. */
  hear(instruction: Buffer): void {
    this.#at = performance.now();
    const [opcode, ...args] = decode(instruction);
    if (opcode === 'key') this.#key(args[0], args[1]);
    else if (opcode === 'mouse') this.#mouse(args[0], args[1], args[2]);
  }

  /**
   * Lets go of everything that is held down, for a person who has left with a hand on the keyboard: reloading a page
   * by Ctrl+R is enough. Null where nothing is.
   */
  release(): Buffer | null {
    const released = [...this.#keys].map((keysym) => encode('key', keysym, '0'));
    if (this.#dragging) released.push(encode('mouse', this.#dragging.x, this.#dragging.y, '0'));
    this.#keys.clear();
    this.#dragging = undefined;
    return released.length === 0 ? null : Buffer.from(released.join(''));
  }

  #key(keysym = '', pressed = ''): void {
    if (!/^\d{1,10}$/.test(keysym)) return;
    if (pressed === '0') this.#keys.delete(keysym);
    else if (this.#keys.size < MAX_KEYS) this.#keys.add(keysym);
  }

  #mouse(x = '', y = '', buttons = '0'): void {
    if (!/^\d{1,6}$/.test(x) || !/^\d{1,6}$/.test(y)) return;
    this.#dragging = /^0*$/.test(buttons) ? undefined : { x, y };
  }
}

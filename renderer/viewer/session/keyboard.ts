import Guacamole from 'guacamole-common-js';

const CTRL = [0xffe3, 0xffe4];
const ALT = [0xffe9, 0xffea];
const SHIFT = [0xffe1, 0xffe2];
const ESCAPE = [CTRL, ALT, SHIFT];

export interface KeyboardOptions {
  /** Where keys are typed: a text field, for dead keys and input methods write into one. */
  readonly field: HTMLTextAreaElement;
  readonly key: (pressed: boolean, keysym: number) => void;
  /** Ctrl+Alt+Shift, the way out. */
  readonly onEscape: () => void;
}

/**
 * Keys of a session, for as long as its field has the focus and its window too. What is held down is released as
 * soon as either is lost: a key that goes up elsewhere is never heard of again.
 */
export class SessionKeyboard {
  readonly #keyboard: Guacamole.Keyboard;
  readonly #field: HTMLTextAreaElement;
  readonly #release = () => this.release();

  constructor({ field, key, onEscape }: KeyboardOptions) {
    this.#field = field;
    const keyboard = new Guacamole.Keyboard(field);
    this.#keyboard = keyboard;
    keyboard.onkeydown = (keysym) => {
      if (!document.hasFocus()) return false;
      key(true, keysym);
      if (isEscape(keyboard.pressed, keysym)) {
        this.release();
        onEscape();
      }
      return false;
    };
    keyboard.onkeyup = (keysym) => key(false, keysym);
    field.addEventListener('blur', this.#release);
    field.addEventListener('input', this.#clear);
    addEventListener('blur', this.#release);
  }

  release(): void {
    this.#keyboard.reset();
  }

  end(): void {
    this.release();
    this.#keyboard.onkeydown = null;
    this.#keyboard.onkeyup = null;
    this.#field.removeEventListener('blur', this.#release);
    this.#field.removeEventListener('input', this.#clear);
    removeEventListener('blur', this.#release);
  }

  /** What an input method has written was sent as keys. */
  readonly #clear = () => {
    this.#field.value = '';
  };
}

/** Whether Ctrl, Alt and Shift are all held, whichever of each pair. */
export function isEscape(pressed: Readonly<Record<number, boolean>>, keysym: number): boolean {
  return ESCAPE.every((pair) => pair.some((key) => pressed[key] === true || key === keysym));
}

import { signal } from '@preact/signals';
import { t } from '../../shared/i18n/translate.ts';
import { MAX_TEXT_BYTES, textBytes } from './text-stream.ts';

/** Who tells the person. */
interface Teller {
  warn(sentence: string): void;
}

/** The person's clipboard and the machine's, kept the same while both may be read. */
export class Clipboard {
  /** Whether anything goes either way by itself. */
  readonly on = signal(true);
  /** The newest text, whichever side it is from. */
  readonly text = signal('');
  readonly #notes: Teller;
  readonly #send: (text: string) => void;
  /** From the machine, for when the window may write. */
  #waiting: string | null = null;
  /** What both sides have. */
  #both: string | null = null;
  /** What this computer's clipboard was last seen with. */
  #here: string | null = null;

  constructor(notes: Teller, send: (text: string) => void) {
    this.#notes = notes;
    this.#send = send;
  }

  turn(on: boolean): void {
    this.on.value = on;
    this.#waiting = null;
    if (on) void this.offer();
  }

  /** The machine has put something on its clipboard; null where it is too much. */
  receive(text: string | null): void {
    if (!this.on.peek()) return;
    if (text === null) return this.#notes.warn(t('viewer.clipboard-too-much-there'));
    this.text.value = text;
    this.#both = text;
    this.#waiting = text;
    void this.#write();
  }

  /** The window has the focus: each side gets what the other has that is new. */
  async offer(): Promise<void> {
    if (!this.on.peek() || !document.hasFocus()) return;
    // Where the system refuses, or there is no text on it.
    const text = await navigator.clipboard.readText().catch(() => '');
    const isNew = text !== '' && this.#here !== null && text !== this.#here;
    if (text !== '') this.#here = text;
    // What was copied in another window meanwhile is what the person means now.
    if (this.#waiting !== null && !isNew) return this.#write();
    this.#waiting = null;
    if (text !== '' && text !== this.#both) this.send(text);
  }

  /** Puts a text on the machine's clipboard. */
  send(text: string): boolean {
    // Known from now on, so that it is refused once and not at each look.
    this.#both = text;
    if (textBytes(text) > MAX_TEXT_BYTES) {
      this.#notes.warn(t('viewer.clipboard-too-much-here'));
      return false;
    }
    this.text.value = text;
    this.#send(text);
    return true;
  }

  /** A new session knows nothing of it yet. */
  forget(): void {
    this.#both = null;
  }

  async #write(): Promise<void> {
    const text = this.#waiting;
    if (text === null || !document.hasFocus()) return;
    this.#waiting = null;
    const written = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (written) this.#here = text;
  }
}

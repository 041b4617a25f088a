import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PracticeBrowser } from '../../../practice/authentik/browser.ts';
import { isPicture } from '../../../practice/check/picture.ts';
import type { Machine, MachineProtocol } from '../../../practice/machines/machine.ts';
import { eventually, type Lab, type LabSessionOptions } from './lab.ts';

/** X11 keysyms of keys that type no character. */
export const KEYS = { control: 0xffe3, shift: 0xffe1 } as const;
const LEFT_BUTTON = 1;
/**
 * A machine that is only just coming up, or that changes its size, may swallow keys: they are pressed again then, with
 * twice the patience.
 */
const PATIENCE_MS = 1_500;
const TRIES = 6;
/** For what comes at once on a machine that is not busy. */
const LONG_MS = 60_000;

/** How a session was ended, as the browser heard it. */
export interface LastWord {
  readonly sentence: string;
  readonly status: number;
}

let count = 0;

/** What a person does in front of a session, and what comes of it on the machine. */
export class Person {
  readonly browser: PracticeBrowser;
  readonly #machine: Machine;

  private constructor(browser: PracticeBrowser, machine: Machine) {
    this.browser = browser;
    this.#machine = machine;
  }

  /** Somebody who has just opened a session. */
  static async arrive(lab: Lab, protocol: MachineProtocol, options?: LabSessionOptions): Promise<Person> {
    return new Person(await lab.open(protocol, options), lab.machine(protocol));
  }

  /** Somebody who sees the machine already: before that, a terminal may have no ear for keys. */
  static async atWork(lab: Lab, protocol: MachineProtocol, options?: LabSessionOptions): Promise<Person> {
    const person = await Person.arrive(lab, protocol, options);
    await person.seesPicture();
    return person;
  }

  /** Resolves when a part of a picture has come since `from`; rejects with the last word where there is one first. */
  async seesPicture(from = 0): Promise<void> {
    const found = await this.browser.waitFor(
      (instruction) => isPicture(instruction) || instruction[0] === 'error',
      { from, timeoutMs: LONG_MS, what: 'a picture reaches the browser' },
    );
    if (found[0] === 'error') throw new Error(`The session ended: ${found[1]}`);
  }

  /** Types a command of the shell and resolves with what it printed. */
  async runs(command: string): Promise<string> {
    count += 1;
    const id = count;
    for (let tries = 1; ; tries += 1) {
      // A line that was typed in part goes first: with an open bracket in it, it would take all that is typed after it
      // for more of itself. Once, the command may only be slow, and is let be.
      if (tries > 2) this.presses(KEYS.control, 'c'.charCodeAt(0));
      // Renamed when it is complete: nobody reads half of it.
      this.browser.type(
        `${tries > 1 ? '\n' : ''}(${command}) > part-${id} 2>&1; mv part-${id} printed-${id}\n`,
      );
      try {
        return await this.#content(`printed-${id}`, PATIENCE_MS * 2 ** (tries - 1));
      } catch (error) {
        if (tries === TRIES || !this.browser.open) throw error;
      }
    }
  }

  /** Types a command and does not wait for what comes of it. */
  starts(command: string): void {
    this.browser.type(`${command}\n`);
  }

  /** Presses keys one after the other and releases them the other way round. */
  presses(...keysyms: readonly number[]): void {
    for (const keysym of keysyms) this.browser.send('key', String(keysym), '1');
    for (const keysym of [...keysyms].reverse()) this.browser.send('key', String(keysym), '0');
  }

  /** Puts `text` on the clipboard, pastes it into the terminal, and resolves with what the machine got. */
  async pastes(text: string): Promise<string> {
    const { browser } = this;
    // What is typed below is typed once: somebody has to listen.
    await this.runs('true');
    count += 1;
    const id = count;
    browser.type(`touch reading-${id}; read -r l; printf %s "$l" > part-${id}; mv part-${id} pasted-${id}\n`);
    // Only then is the terminal in the state in which a command reads: the shell itself edits lines in another one.
    await this.#content(`reading-${id}`);
    // With the line's end in it: a machine that fetches the clipboard takes keys that come after it first.
    browser.copy(`${text}\n`);
    for (let tries = 1; ; tries += 1) {
      this.presses(KEYS.control, KEYS.shift, 'V'.charCodeAt(0));
      try {
        return await this.#content(`pasted-${id}`, PATIENCE_MS * 2 ** (tries - 1));
      } catch (error) {
        // The clipboard had not come to the machine yet.
        if (tries === TRIES || !browser.open) throw error;
      }
    }
  }

  /** Fills the screen with `text` in every line, marks a line with the mouse, and resolves with what came of it. */
  async marks(text: string): Promise<string> {
    const { browser } = this;
    // In octal, so that nothing hangs on which characters can be typed.
    const octal = [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    await this.runs(
      `printf '\\033[H\\033[2J' > $(tty); for i in 1 2 3 4 5 6 7 8; do printf '${octal}\\n'; done > $(tty)`,
    );
    let seen = browser.clipboards.length;
    // Again where the terminal had not drawn yet: then nothing was marked, or the command itself.
    for (const until = Date.now() + LONG_MS; Date.now() < until; ) {
      this.#drags([3, 60], [500, 60]);
      const found = await browser
        .until(() => browser.clipboards.slice(seen).find((clipboard) => clipboard.trim() !== ''), {
          timeoutMs: 1_000,
        })
        .catch(() => '');
      seen = browser.clipboards.length;
      if (found !== '' && !found.includes('printf')) return found.trimEnd();
    }
    throw new Error('Nothing that was marked has reached the browser’s clipboard.');
  }

  /** Resolves with the sentence that the session was ended with, when the word behind it has come as well. */
  async hearsLastWord(timeoutMs = LONG_MS): Promise<LastWord> {
    const [, sentence = '', status = ''] = await this.browser.waitFor('error', { timeoutMs });
    await this.browser.waitFor('disconnect', { timeoutMs });
    return { sentence, status: Number(status) };
  }

  #drags([fromX, fromY]: readonly [number, number], [toX, toY]: readonly [number, number]): void {
    const middle = Math.round((fromX + toX) / 2);
    const mouse = (x: number, y: number, buttons: number) =>
      this.browser.send('mouse', String(x), String(y), String(buttons));
    mouse(fromX, fromY, 0);
    mouse(fromX, fromY, LEFT_BUTTON);
    mouse(middle, toY, LEFT_BUTTON);
    mouse(toX, toY, LEFT_BUTTON);
    mouse(toX, toY, 0);
  }

  /** What is in a file of the machine's home as soon as it is there. */
  async #content(name: string, patienceMs = LONG_MS): Promise<string> {
    const file = join(this.#machine.home, name);
    let content: string | undefined;
    await eventually(async () => {
      content = await readFile(file, 'utf8').catch(() => undefined);
      if (content === undefined && !this.browser.open) throw new Error('The session has ended.');
      return content !== undefined;
    }, patienceMs);
    return content ?? '';
  }
}

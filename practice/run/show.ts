import { type Output, styleOf } from '../../main/cli/io.ts';
import { Redraw } from '../../main/cli/redraw.ts';
import {
  addressLines,
  machineLines,
  outpostSentence,
  type PracticeScene,
  sceneLines,
  warningLines,
  warningsOf,
} from './view.ts';

/** Ages on the screen move once a second. */
const TICK_MS = 1000;

/** Shows practice until it is ended. */
export interface Show {
  show(scene: PracticeScene): void;
  end(): void;
}

/** A live screen on a terminal; elsewhere the address once, and a line for each change of what matters. */
export function createShow(output: Output, env: NodeJS.ProcessEnv): Show {
  return output.isTTY ? new Screen(output, env) : new Lines(output, env);
}

class Screen implements Show {
  readonly #output: Output;
  readonly #env: NodeJS.ProcessEnv;
  readonly #redraw: Redraw;
  readonly #timer: NodeJS.Timeout;
  #scene: PracticeScene | undefined;

  constructor(output: Output, env: NodeJS.ProcessEnv) {
    this.#output = output;
    this.#env = env;
    this.#redraw = new Redraw(output);
    this.#timer = setInterval(() => this.#draw(), TICK_MS);
  }

  show(scene: PracticeScene): void {
    this.#scene = scene;
    this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#redraw.end();
  }

  #draw(): void {
    if (!this.#scene) return;
    // Asked anew each time: the terminal may have been resized.
    const style = styleOf({ env: this.#env }, this.#output);
    this.#redraw.draw(sceneLines(style, this.#scene, Date.now()));
  }
}

class Lines implements Show {
  readonly #output: Output;
  readonly #env: NodeJS.ProcessEnv;
  readonly #warned = new Set<string>();
  #introduced = false;
  #said = '';

  constructor(output: Output, env: NodeJS.ProcessEnv) {
    this.#output = output;
    this.#env = env;
  }

  show({ url, machines, outpost }: PracticeScene): void {
    const style = styleOf({ env: this.#env }, this.#output);
    if (!this.#introduced) this.#write([...addressLines(style, url), ...machineLines(style, machines), '']);
    this.#introduced = true;
    const sentence = outpostSentence(outpost, Date.now());
    // Without its numbers: a countdown is no change.
    const news = `${outpost.kind} ${sentence.replace(/\d+ (s|min)\b/g, '')}`;
    if (news !== this.#said) this.#write([`${new Date().toISOString()} ${sentence}`]);
    this.#said = news;
    for (const warning of warningsOf(outpost)) {
      if (!this.#warned.has(warning.message)) this.#write(warningLines(style, warning));
      this.#warned.add(warning.message);
    }
  }

  end(): void {}

  #write(lines: readonly string[]): void {
    this.#output.write(lines.map((line) => `${line}\n`).join(''));
  }
}

import type { Logger, LogLevel } from '../base/logger.ts';
import { Ring } from '../base/ring.ts';

const KEPT_LINES = 20;
/** How many of the last lines an error text quotes. */
const QUOTED_LINES = 3;
const MAX_QUOTED = 500;

const LEVELS: Readonly<Record<string, LogLevel>> = {
  // What guacd calls an error is mostly a machine's, such as a wrong password.
  ERROR: 'warning',
  WARNING: 'warning',
  INFO: 'info',
  DEBUG: 'debug',
  TRACE: 'trace',
};

/** What one guacd prints: all of it goes to the log, the last lines are kept for error texts. */
export class GuacdOutput {
  readonly #lines = new Ring<string>(KEPT_LINES);
  readonly #logger: Logger;
  #probing = false;
  #quietUntil = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** A probe has begun or ended: what guacd says of it would bury what matters. */
  set probing(probing: boolean) {
    this.#probing = probing;
    this.#quietUntil = Date.now() + 1_000;
  }

  readonly take = (line: string): void => {
    const text = line.replace(/^guacd\[\d+\]:\s*/, '').replace(/\s+/g, ' ');
    const word = /^([A-Z]+):/.exec(text)?.[1] ?? '';
    const level = LEVELS[word] ?? 'info';
    const ofProbe = word === 'INFO' || word === 'DEBUG' || text.includes('Handshake failed');
    if (ofProbe && (this.#probing || Date.now() < this.#quietUntil)) {
      this.#logger.log('trace', 'guacd printed', { line: text });
      return;
    }
    this.#lines.push(text);
    this.#logger.log(level, 'guacd printed', { line: text });
  };

  /** The last lines, oldest first; at most 20. */
  lastLines(): string[] {
    return this.#lines.toArray();
  }

  /** The last words as a sentence to put behind another one; empty where there are none. */
  lastWords(): string {
    const words = this.lastLines().slice(-QUOTED_LINES).join(' / ');
    return words === '' ? '' : ` It last said: “${words.slice(-MAX_QUOTED)}”`;
  }

  /** Whether it ended because somebody else has its port. */
  get couldNotListen(): boolean {
    return this.lastLines().some((line) =>
      /unable to bind|address already in use|port is already allocated/i.test(line),
    );
  }
}

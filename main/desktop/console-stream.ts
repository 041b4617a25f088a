import type { EventName, Events } from '../../preload/contract/console.ts';
import type { LogLine } from '../../preload/contract/types.ts';
import { type ControlClient, connectControl } from '../control/client.ts';
import { hashed } from './journal-line.ts';

/** So many lines of the log are told in a second; a console cannot show more, and `missed` says how many there were. */
const LINES_PER_SECOND = 200;

export interface ConsoleStreamOptions {
  readonly address: string;
  readonly tell: <E extends EventName>(name: E, value: Events[E]) => void;
}

/**
 * What only an open console needs: log lines, traffic and the journal, over a connection of its own. With the console closed
 * there is none, and nothing wakes this process up for it.
 */
export class ConsoleStream {
  readonly #options: ConsoleStreamOptions;
  #client: ControlClient | null = null;
  #over = false;
  #allowed = LINES_PER_SECOND;
  #second = 0;
  #missed = 0;

  private constructor(options: ConsoleStreamOptions) {
    this.#options = options;
  }

  /** Never rejects: without an outpost there is nothing to tell, and the next one gets a stream of its own. */
  static open(options: ConsoleStreamOptions): ConsoleStream {
    const stream = new ConsoleStream(options);
    void stream.#begin();
    return stream;
  }

  close(): void {
    this.#over = true;
    this.#client?.close();
  }

  async #begin(): Promise<void> {
    const { address, tell } = this.#options;
    try {
      const client = await connectControl(address);
      if (this.#over) {
        client.close();
        return;
      }
      this.#client = client;
      client.on('log/line', ({ line, missed }) => this.#line(line, missed));
      client.on('traffic/sample', (sample) => tell('traffic/sample', sample));
      client.on('machines/changed', (change) => tell('machines/changed', change));
      client.on('audit/entry', ({ entry, ...rest }) =>
        tell('audit/entry', { entry: hashed(entry), ...rest }),
      );
      client.on('audit/hand-over', (handOver) => tell('audit/hand-over', handOver));
      await Promise.all([
        // Members of a group are shown neither the log of a service nor what others move.
        client.request('log/subscribe', { limit: 0 }).catch(() => {}),
        client.request('traffic/subscribe', {}).catch(() => {}),
        // An older service has no machines and no journal; its log is worth having all the same.
        client.request('machines/subscribe', {}).catch(() => {}),
        client.request('audit/subscribe', { limit: 1 }).catch(() => {}),
      ]);
    } catch {
      this.#client?.close();
    }
  }

  #line(line: LogLine, missed: number): void {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#allowed = LINES_PER_SECOND;
    }
    this.#missed += missed;
    if (this.#allowed === 0) {
      this.#missed += 1;
      return;
    }
    this.#allowed -= 1;
    this.#options.tell('log/line', { line, missed: this.#missed });
    this.#missed = 0;
  }
}

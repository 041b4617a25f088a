import type { Logger } from '../base/logger.ts';
import type { SessionLimits } from './limits.ts';
import { type OpenPeer, sayGoodbye } from './peer.ts';
import { type Ending, lastWord } from './words.ts';

export interface RefusalsOptions {
  readonly limits: SessionLimits;
  readonly logger: Logger;
}

/** Tells people why there is no session for them; at most so many at a time. */
export class Refusals {
  readonly #options: RefusalsOptions;
  /** Those that are being told, each with what drops it. */
  readonly #telling = new Map<Promise<void>, AbortController>();

  constructor(options: RefusalsOptions) {
    this.#options = options;
  }

  /** Returns at once. */
  tell(how: Ending, openPeer: OpenPeer): void {
    const { limits, logger } = this.#options;
    if (this.#telling.size >= limits.refusals) return drop(openPeer);
    const giveUp = new AbortController();
    const told = tellOne(how, openPeer, limits, giveUp)
      .catch((failure: unknown) => logger.log('debug', 'A refusal could not be told', { error: failure }))
      .finally(() => this.#telling.delete(told));
    this.#telling.set(told, giveUp);
  }

  /** Whoever has not been reached yet is not told any more; resolves when nothing is open. */
  async giveUp(): Promise<void> {
    for (const giveUp of this.#telling.values()) giveUp.abort();
    await Promise.all(this.#telling.keys());
  }
}

/** Whoever cannot even be told is let go: an end that is there already would stay open for ever. */
function drop(openPeer: OpenPeer): void {
  const gone = new AbortController();
  gone.abort();
  void openPeer({ onFrame: () => {}, onClosed: () => {} }, gone.signal).catch(() => {});
}

async function tellOne(
  how: Ending,
  openPeer: OpenPeer,
  { setupMs, farewellMs }: SessionLimits,
  giveUp: AbortController,
): Promise<void> {
  const timer = setTimeout(() => giveUp.abort(), setupMs);
  try {
    const peer = await openPeer({ onFrame: () => {}, onClosed: () => {} }, giveUp.signal);
    await sayGoodbye(peer, lastWord(how), farewellMs);
  } finally {
    clearTimeout(timer);
  }
}

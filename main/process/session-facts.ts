import { factsOfRequest, type SessionFacts } from '../core/offline/machines/from-session.ts';
import type { SessionRequest } from '../core/sessions/request.ts';

/** As many as the history has. */
const KEPT = 200;

/**
 * What sessions leave for the address book, also after they have ended. Of each only what is no secret is kept, and
 * only in memory.
 */
export class SessionFactsKeeper {
  readonly #facts = new Map<string, SessionFacts | null>();
  readonly #requestOf: (id: string) => SessionRequest | undefined;

  /** `requestOf`: what a session that is open was opened with. */
  constructor(requestOf: (id: string) => SessionRequest | undefined) {
    this.#requestOf = requestOf;
  }

  /** Learns of sessions that are open now. */
  see(ids: Iterable<string>): void {
    for (const id of ids) {
      if (this.#facts.has(id)) continue;
      const request = this.#requestOf(id);
      if (request === undefined) continue;
      this.#facts.set(id, factsOfRequest(request));
      const [oldest] = this.#facts.keys();
      if (this.#facts.size > KEPT && oldest !== undefined) this.#facts.delete(oldest);
    }
  }

  of(id: string): SessionFacts | null {
    this.see([id]);
    return this.#facts.get(id) ?? null;
  }
}

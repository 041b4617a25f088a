import { randomUUID } from 'node:crypto';
import type { Secret } from '../core/base/secret.ts';
import { SallyportError } from '../core/errors.ts';

const KEPT_MS = 15 * 60_000;
const MAX_KEPT = 8;

/** Tokens out of pasted snippets, by names of no meaning: pages name them, and never see them again. */
export class PastedTokens {
  readonly #tokens = new Map<string, { readonly token: Secret; readonly at: number }>();

  keep(token: Secret): string {
    const id = randomUUID();
    this.#tokens.set(id, { token, at: Date.now() });
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > MAX_KEPT && oldest !== undefined) this.#tokens.delete(oldest);
    return id;
  }

  /** Throws `token-missing` for one that was forgotten. */
  reveal(id: string): string {
    const kept = this.#tokens.get(id);
    if (kept && Date.now() - kept.at < KEPT_MS) return kept.token.reveal();
    this.#tokens.delete(id);
    throw new SallyportError('token-missing', 'The pasted token is not kept any longer.', {
      advice: 'Paste the snippet again.',
    });
  }

  forget(): void {
    this.#tokens.clear();
  }
}

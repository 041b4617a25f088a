import type { Secret } from '../core/base/secret.ts';
import type { Log } from '../core/telemetry/log.ts';

/** Keeps every token that this process has used out of its log, whoever might write it there. */
export class TokenConcealer {
  readonly #log: Pick<Log, 'conceal'>;
  #last = '';

  constructor(log: Pick<Log, 'conceal'>) {
    this.#log = log;
  }

  /** Earlier tokens stay concealed: a server may still complain about them. */
  conceal(token: Secret): void {
    if (token.reveal() === this.#last) return;
    this.#last = token.reveal();
    this.#log.conceal(token);
  }
}

import type { Logger } from '../base/logger.ts';
import { SallyportError } from '../errors.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import type { GuacdConnection } from '../guacd/guacd.ts';
import { hangUp } from './hang-up.ts';
import type { Seat } from './seat.ts';
import { type Ending, ending, lastWord, NOP } from './words.ts';

/** What became of somebody who wanted to go on with a held session. */
export type Resumption =
  /** It is theirs again. */
  | { readonly kind: 'resumed' }
  /** guacd does not hold it any more; nothing has been said to anybody. */
  | { readonly kind: 'gone' }
  /** Their own end could not be reached, or has been told why not. */
  | { readonly kind: 'unreached' }
  /** It is not theirs any more; nothing has been said to anybody. */
  | { readonly kind: 'refused'; readonly error: SallyportError };

/** guacd gives up whoever joins and says nothing for 15 s; dialling the person's end may take longer. */
const ALIVE_MS = 5_000;

export interface ReturnOptions {
  /** A place on the connection that guacd still holds. */
  readonly join: (signal: AbortSignal) => Promise<GuacdConnection>;
  /** The person's new end, not dialled yet. */
  readonly seat: Seat;
  readonly logger: Logger;
}

/** What a return brings: both ends, or why there are none. */
export type Returned =
  | { readonly kind: 'back'; readonly joined: GuacdConnection }
  | Exclude<Resumption, { kind: 'resumed' }>;

/** One person's way back to a held session. Whoever comes later takes the place of whoever has not arrived yet. */
export class Return {
  readonly #options: ReturnOptions;
  readonly #aborted = new AbortController();
  #why: Ending | undefined;

  constructor(options: ReturnOptions) {
    this.#options = options;
  }

  /** It leads nowhere any more: the session ends, or another one is on the way. */
  stop(how: Ending): void {
    this.#why ??= how;
    this.#aborted.abort();
  }

  /** guacd first, which takes no time: where it holds nothing any more, the person gets a new session instead. */
  async run(): Promise<Returned> {
    const { join, seat, logger } = this.#options;
    let joined: GuacdConnection;
    try {
      joined = await join(this.#aborted.signal);
    } catch (error) {
      seat.hush();
      if (this.#why && !isGuacds(this.#why)) return { kind: 'refused', error: refusalOf(this.#why) };
      logger.log('warning', 'guacd does not hold the session any more', { error });
      return { kind: 'gone' };
    }
    const alive = setInterval(() => joined.socket.write(NOP), ALIVE_MS);
    try {
      await seat.open();
    } catch (error) {
      logger.log('warning', 'The person could not be brought back', { error });
    } finally {
      clearInterval(alive);
    }
    if (seat.peer && !this.#why) return { kind: 'back', joined };
    await Promise.all([hangUp(joined), this.#why ? seat.leave(lastWord(this.#why)) : undefined]);
    return { kind: 'unreached' };
  }
}

/** What the earlier of two is told. */
export const OVERTAKEN = ending(
  'refused',
  new SallyportError('aborted', 'This session is shown in another window now.', {
    advice: 'Close this one, or open the machine anew.',
  }).toFailure(),
  GuacamoleStatus.sessionConflict,
);

/** Nobody has wanted it to end: a new session is as good. */
function isGuacds({ reason }: Ending): boolean {
  return reason === 'guacd-lost' || reason === 'machine-ended' || reason === 'failed';
}

function refusalOf({ failure, status }: Ending): SallyportError {
  const { code, message, advice } = failure ?? { code: 'aborted', message: 'The session has ended.' };
  return new SallyportError(code, message, { advice, status });
}

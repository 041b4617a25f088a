import { randomBytes } from 'node:crypto';
import type { PracticeMachine } from './machine.ts';

/** What a connection token stands for: a user who may open a session on a machine. */
export interface SessionWish {
  readonly machine: PracticeMachine;
  /** The user's name; it reaches the outpost in `client-name` only. */
  readonly user: string;
  /** The id of the session; one of authentik's form is made where none is given. */
  readonly destChannelId?: string | undefined;
  /** Changes the arguments of instruction 3 just before they are sent; for tests of bad ones. */
  readonly alter?: ((args: Readonly<Record<string, unknown>>) => unknown) | undefined;
}

const MAX_TOKENS = 10_000;

/** The connection tokens of a run; the oldest is forgotten when there are too many. */
export class ConnectionTokens {
  readonly #wishes = new Map<string, SessionWish>();

  create(wish: SessionWish): string {
    const token = randomBytes(24).toString('hex');
    this.#wishes.set(token, wish);
    const [oldest] = this.#wishes.keys();
    if (this.#wishes.size > MAX_TOKENS && oldest !== undefined) this.#wishes.delete(oldest);
    return token;
  }

  get(token: string): SessionWish | undefined {
    return this.#wishes.get(token);
  }
}

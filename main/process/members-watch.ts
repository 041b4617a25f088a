import type { Logger } from '../core/base/logger.ts';
import type { MembersSessions } from './members-sessions.ts';

export interface MembersWatchOptions {
  /** Numbers of those who are connected. */
  readonly connected: () => Iterable<number>;
  /** Cuts all connections of one. */
  readonly dismiss: (member: number) => void;
  readonly sessions: MembersSessions;
  /** Whether one has been taken out of the group. */
  readonly isOut: (member: number) => Promise<boolean>;
  readonly everyMs: number;
  readonly logger: Logger;
}

/**
 * Looks again and again whether those who are in still are members. The kernel looks at the group once, when somebody logs
 * in: who is taken out of it later is let through to the door as before.
 */
export class MembersWatch {
  readonly #options: MembersWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(options: MembersWatchOptions) {
    this.#options = options;
    this.#begin();
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #begin(): void {
    if (this.#over) return;
    this.#timer = setTimeout(() => void this.#look().finally(() => this.#begin()), this.#options.everyMs);
    this.#timer.unref();
  }

  /** One after the other: each costs processes. Never rejects. */
  async #look(): Promise<void> {
    const { connected, dismiss, sessions, isOut, logger } = this.#options;
    try {
      for (const member of new Set([...connected(), ...sessions.members()])) {
        if (!(await isOut(member)) || this.#over) continue;
        logger.log('warning', 'A member was taken out of the group', { uid: member });
        dismiss(member);
        sessions.end(member);
      }
    } catch (error) {
      logger.log('error', 'Whether members still are could not be looked at', { error });
    }
  }
}

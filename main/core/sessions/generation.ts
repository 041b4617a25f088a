import type { SessionRequest } from './request.ts';

/** Parameters that only newest authentik sets. */
const NEWEST_NAMES = ['rac-allow-upload', 'rac-allow-download'];

/**
 * What is known of authentik's generation. The newest has a file browser of its own, and wants none of Guacamole's
 * file streams; an older one needs them. Nobody tells which it is: it shows in what is asked. Until it has shown,
 * everything is passed on, for newest authentik drops by itself what it does not want. See docs/decisions/0015.
 */
export class Generation {
  #isNewest = false;

  /** Whether the session `request` belongs to newest authentik, as far as anything has shown. */
  isNewest({ parameters }: Pick<SessionRequest, 'parameters'>): boolean {
    return this.#isNewest || NEWEST_NAMES.some((name) => parameters.has(name));
  }

  /** Something has come that only newest authentik says. */
  learnNewest(): void {
    this.#isNewest = true;
  }

  /** authentik has gone away: another one may come back. */
  forget(): void {
    this.#isNewest = false;
  }
}

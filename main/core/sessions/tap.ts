import { type Failure, SallyportError } from '../errors.ts';
import type { Admission } from './admission.ts';
import type { SessionRequest } from './request.ts';
import type { Ending } from './words.ts';

/** Hears everything that a session moves, while it moves it. What is handed over is never changed later. */
export interface Tap {
  /** Complete instructions on their way to the person; while the session is held, those that nobody sees. */
  fromGuacd(complete: Buffer): void;
  /** Complete instructions on their way to guacd. */
  fromPeer(complete: Buffer): void;
  /** The session is over. Resolves with the recording's id, or null where there is none. */
  end(how: Ending): Promise<string | null>;
  /** Why it hears no more. */
  readonly failed: Failure | null;
}

/**
 * Begins to hear a session that is about to be opened; null where there is nothing to hear it for. A rejection ends
 * the session before it begins. `onFailed` is called once, when the tap stops by itself.
 */
export type OpenTap = (
  request: SessionRequest,
  admission: Admission,
  onFailed: (failure: Failure) => void,
) => Promise<Tap | null>;

export const NO_TAP: OpenTap = async () => null;

/** The same tap, whose faults harm nobody else: one that throws has failed, and hears no more. */
export function harmless(tap: Tap, onFailed: (failure: Failure) => void): Tap {
  let broken: Failure | null = null;
  const guard = (hear: () => void) => {
    if (broken !== null) return;
    try {
      hear();
    } catch (error) {
      broken = SallyportError.from(error, 'The recording').toFailure();
      onFailed(broken);
    }
  };
  return {
    fromGuacd: (complete) => guard(() => tap.fromGuacd(complete)),
    fromPeer: (complete) => guard(() => tap.fromPeer(complete)),
    end: (how) => tap.end(how),
    get failed() {
      return broken ?? tap.failed;
    },
  };
}

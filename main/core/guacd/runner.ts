import type { LogFields } from '../base/logger.ts';
import type { GuacdContainer, StartingStep } from '../status.ts';
import type { Exit } from './process.ts';

/** A guacd that has been started; whether it answers is another question. */
export interface StartedGuacd {
  /** Resolves when it has ended and its last words have been read. */
  readonly exited: Promise<Exit>;
  /** Its exact version, such as `1.6.0`, as soon as it has told; null where it has ended without. Never rejects. */
  readonly version: Promise<string | null>;
  /** What it runs in; null for a program of this host. */
  readonly container: GuacdContainer | null;
  /** What tells it from others, for the log. */
  readonly facts: LogFields;
  /** Resolves when nothing is left of it, or could not be ended, which the log says then. Never rejects. */
  end(): Promise<void>;
  /** Ends it in this very moment: no waiting, no tidying up. */
  killNow(): void;
}

/** What is there to be started, again and again until one listens. */
export interface ReadyGuacd {
  /** On this port of 127.0.0.1. Rejects with why it cannot be started. `onLine` takes what it prints. */
  start(port: number, onLine: (line: string) => void): Promise<StartedGuacd>;
}

export interface PrepareOptions {
  /** What a killed outpost left is ended first: so once, before the first start. */
  readonly endLeftovers: boolean;
  readonly signal: AbortSignal;
  /** Hears of what takes long, and null when that is over. */
  readonly onStep: (step: StartingStep | null) => void;
}

/** One way to have a guacd of one's own: as a program of this host, or in a container. */
export interface GuacdRunner {
  /** Whether guacd sees the files of this host that it is told of. */
  readonly sharesFiles: boolean;
  /**
   * Finds what is to be started, and brings here what is missing. Rejects with `guacd-missing` or `guacd-container`
   * where there is nothing to start.
   */
  prepare(options: PrepareOptions): Promise<ReadyGuacd>;
}

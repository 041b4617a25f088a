import type { AppState, OutpostLink } from '../../preload/contract/types.ts';
import { Emitter } from '../core/base/emitter.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import type { OutpostStatus } from '../core/status.ts';
import type { OutpostHost } from './outpost-host.ts';
import type { RunningPractice } from './practice-host.ts';

export interface OutpostDeskOptions {
  /** The outpost that the settings of this machine describe. */
  readonly host: OutpostHost;
  readonly practice: () => Promise<RunningPractice>;
  /** The outpost for a practice that runs. */
  readonly practiceHost: (practice: RunningPractice) => OutpostHost;
}

/** Which outpost the app shows and drives: the real one, or practice's for as long as that runs. */
export class OutpostDesk {
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.on;
  readonly #options: OutpostDeskOptions;
  #practice: { readonly running: RunningPractice; readonly host: OutpostHost } | null = null;
  #practiceState: AppState['practice'] = 'off';
  #practiceFailure: Failure | null = null;
  /** Changes of practice, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: OutpostDeskOptions) {
    this.#options = options;
    options.host.onChange(() => this.#practice === null && this.#changed.emit());
  }

  begin(): void {
    this.#options.host.begin();
  }

  get host(): OutpostHost {
    return this.#practice?.host ?? this.#options.host;
  }

  get link(): OutpostLink {
    return this.host.link;
  }

  get status(): OutpostStatus | null {
    return this.host.status;
  }

  get practice(): Pick<AppState, 'practice' | 'practiceUrl' | 'practiceFailure'> {
    return {
      practice: this.#practiceState,
      practiceUrl: this.#practice?.running.url ?? null,
      practiceFailure: this.#practiceFailure,
    };
  }

  /**
   * Starts practice and its outpost beside the real one, which goes on with what it does. Rejects in words where
   * practice cannot start; nothing has changed then.
   */
  startPractice(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#practice) return;
      this.#say('starting', null);
      try {
        const running = await this.#options.practice();
        const host = this.#options.practiceHost(running);
        this.#practice = { running, host };
        host.onChange(() => this.#practice?.host === host && this.#changed.emit());
        host.begin();
        this.#say('running', null);
        void running.ended.then((error) => this.#lost(running, error));
      } catch (error) {
        const known = SallyportError.from(error, 'Practice');
        this.#say('off', known.toFailure());
        throw known;
      }
    });
  }

  /** Ends practice with its outpost, and shows the real one again. */
  stopPractice(): Promise<void> {
    return this.#inTurn(() => this.#endPractice(null));
  }

  /** Ends every outpost that was started here, and practice. A service goes on. */
  async end(): Promise<void> {
    await this.stopPractice();
    await this.#options.host.end();
  }

  killNow(): void {
    this.#practice?.host.killNow();
    this.#options.host.killNow();
  }

  #lost(running: RunningPractice, error: SallyportError): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#practice?.running === running) await this.#endPractice(error.toFailure());
    });
  }

  async #endPractice(failure: Failure | null): Promise<void> {
    const practice = this.#practice;
    if (practice === null) return;
    await practice.host.end();
    await practice.running.stop();
    this.#practice = null;
    this.#say('off', failure);
  }

  #say(state: AppState['practice'], failure: Failure | null): void {
    this.#practiceState = state;
    this.#practiceFailure = failure;
    this.#changed.emit();
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(change);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

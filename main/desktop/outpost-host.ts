import { setTimeout as delay } from 'node:timers/promises';
import type { OutpostLink } from '../../preload/contract/types.ts';
import { type ControlClient, connectControl } from '../control/client.ts';
import { Emitter } from '../core/base/emitter.ts';
import { countSessions } from '../core/describe-session.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import type { OutpostStatus } from '../core/status.ts';

/** A process of the outpost that this app has started. */
export interface OutpostChild {
  readonly pid: number | undefined;
  /** Resolves when it is gone. `words`: the sentences it left, where it had to say something. */
  readonly ended: Promise<{ readonly code: number | null; readonly words: string }>;
  /** Asks it to end, as a service manager does. */
  end(): void;
  /** Ends it in this moment. */
  kill(): void;
}

export interface OutpostHostOptions {
  /** Where an outpost answers: path of its socket, or name of its pipe. */
  readonly address: string;
  /** Starts one; rejects where its secrets cannot be opened. */
  readonly launch: () => Promise<OutpostChild>;
  /** Null where the outpost's secrets can be opened; else resolves when they can. */
  readonly locked?: () => Promise<void> | null;
  readonly pauses?: Partial<typeof PAUSES>;
}

/** What is waited for, in milliseconds. */
const PAUSES = {
  /** Before an outpost is started again: the first time, doubling up to the last. */
  first: 1_000,
  last: 30_000,
  /**
   * For a service that was restarted to be back, before one of our own takes its place: systemd itself waits for 5 s
   * (`RestartSec` in `docs/sallyport.service`), and then it has to start.
   */
  service: 15_000,
  /** From a start to the first answer. */
  start: 20_000,
  /** From asking it to end to ending it. The outpost gives itself 4.5 s. */
  end: 6_000,
  /** Between two looks for a socket. */
  look: 100,
} as const;
/** An outpost that lived as long did not end for what ended the one before. */
const STEADY_MS = 60_000;

/** How one life of an outpost ended. */
interface Ending {
  readonly failure: Failure;
  readonly kind: 'attached' | 'own' | 'none';
}

/**
 * Keeps an outpost at hand: attaches to a service that runs, else starts one, and starts it again when it dies.
 * `begin` once, `end` once.
 */
export class OutpostHost {
  readonly #changed = new Emitter<void>();
  /** Hears that `link` or `status` is another. */
  readonly onChange = this.#changed.on;
  readonly #options: OutpostHostOptions;
  readonly #pauses: typeof PAUSES;
  readonly #over = new AbortController();
  #hurry = new AbortController();
  #link: OutpostLink = { kind: 'starting' };
  #status: OutpostStatus | null = null;
  #client: ControlClient | null = null;
  #child: OutpostChild | null = null;
  #wantsRestart = false;
  #run: Promise<void> | undefined;

  constructor(options: OutpostHostOptions) {
    this.#options = options;
    this.#pauses = { ...PAUSES, ...options.pauses };
  }

  get link(): OutpostLink {
    return this.#link;
  }

  get status(): OutpostStatus | null {
    return this.#status;
  }

  get address(): string {
    return this.#options.address;
  }

  /** The connection to the outpost. Throws `not-running` where there is none. */
  get control(): ControlClient {
    if (this.#client) return this.#client;
    throw new SallyportError('not-running', 'The outpost is not running.', {
      advice: 'It is started again in a moment; its failure is shown above.',
    });
  }

  begin(): void {
    this.#run ??= this.#keep();
  }

  /** Ends the wait before the next try, where there is one. */
  retryNow(): void {
    this.#hurry.abort();
  }

  /** Ends the outpost that was started here, and starts it anew. Throws `not-running` for a service. */
  async restart(): Promise<void> {
    if (this.#link.kind !== 'own')
      throw new SallyportError(
        'not-running',
        'The outpost runs as a service that Sallyport has not started.',
        {
          advice: 'Restart the service, such as with `systemctl restart sallyport`.',
        },
      );
    this.#wantsRestart = true;
    await this.#endChild();
  }

  /** Leaves a service alone, and ends an outpost that was started here. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#over.abort();
    this.#hurry.abort();
    await this.#endChild();
    this.#client?.close();
    await this.#run;
  }

  /** For an app that must go in this very moment. */
  killNow(): void {
    this.#child?.kill();
  }

  async #keep(): Promise<void> {
    for (let ends = 0; !this.#over.signal.aborted; ) {
      const began = performance.now();
      this.#tell({ kind: 'starting' }, null);
      const { failure, kind } = await this.#live();
      this.#child = null;
      if (this.#over.signal.aborted) return;
      if (this.#wantsRestart) {
        this.#wantsRestart = false;
        ends = 0;
        continue;
      }
      ends = performance.now() - began > STEADY_MS ? 1 : ends + 1;
      if (kind === 'attached') await this.#awaitService(failure);
      else
        await this.#pause(
          failure,
          Math.min(this.#pauses.last, this.#pauses.first * 2 ** Math.min(ends - 1, 10)),
        );
    }
  }

  /** One life of an outpost, ours or a service's, until it is over. */
  async #live(): Promise<Ending> {
    try {
      const service = await this.#attach();
      if (service) return { failure: await this.#follow(service, 'attached'), kind: 'attached' };
      await this.#unlocked();
      return await this.#ownLife();
    } catch (error) {
      return { failure: SallyportError.from(error, 'The outpost').toFailure(), kind: 'none' };
    }
  }

  /** The service that answers; null where nothing does. Rejects where something else or another version answers. */
  async #attach(): Promise<ControlClient | null> {
    try {
      return await connectControl(this.#options.address, { timeoutMs: 5_000 });
    } catch (error) {
      // One of another user's, or of another version: a second one could not listen there either.
      const known = SallyportError.from(error);
      if (known.code === 'control-unreachable' && !/another user/.test(known.message)) return null;
      throw known;
    }
  }

  async #unlocked(): Promise<void> {
    const locked = this.#options.locked?.();
    if (!locked) return;
    this.#tell({ kind: 'locked' }, null);
    await Promise.race([locked, aborted(this.#over.signal)]);
    if (!this.#over.signal.aborted) this.#tell({ kind: 'starting' }, null);
  }

  async #ownLife(): Promise<Ending> {
    if (this.#over.signal.aborted) return { failure: ENDED, kind: 'own' };
    const child = await this.#options.launch();
    this.#child = child;
    let gone = false;
    const ended = child.ended.then(({ code, words }) => {
      gone = true;
      return { failure: this.#death(code, words), kind: 'own' } as const;
    });
    const client = await this.#firstAnswer(() => gone);
    if (client) {
      await Promise.race([this.#follow(client, 'own'), ended]);
      // Its socket closes just before it ends; one that lives on without is of no use.
      await Promise.race([ended, delay(this.#pauses.end)]);
    }
    if (!gone) await this.#endChild();
    return ended;
  }

  async #firstAnswer(gone: () => boolean): Promise<ControlClient | null> {
    const deadline = Date.now() + this.#pauses.start;
    while (!gone() && Date.now() < deadline && !this.#over.signal.aborted) {
      const client = await this.#attach().catch(() => null);
      if (client) return client;
      await delay(this.#pauses.look);
    }
    return null;
  }

  /** Resolves with why the connection ended. */
  async #follow(client: ControlClient, kind: 'attached' | 'own'): Promise<Failure> {
    this.#client = client;
    const closed = new Promise<SallyportError | undefined>((resolve) => client.onClose(resolve));
    const hear = (status: OutpostStatus) => this.#tell(this.#link, status);
    const leave = client.on('status/changed', hear);
    this.#tell({ kind, pid: client.serverPid }, null);
    client.request('status/subscribe', {}).then(hear, () => client.close());
    const violation = await closed;
    leave();
    this.#client = null;
    if (violation) return violation.toFailure();
    const message = `The service that runs the outpost has ended.${sessionsLost(this.#status)}`;
    return { code: 'connection-lost', message };
  }

  #death(code: number | null, words: string): Failure {
    if (words !== '') return { code: 'connection-lost', message: words };
    const ended =
      code === null || code === 0
        ? 'The outpost ended unexpectedly.'
        : `The outpost ended unexpectedly (code ${code}).`;
    return {
      code: 'connection-lost',
      message: `${ended}${sessionsLost(this.#status)}`,
      advice: 'Its log says what it did last.',
    };
  }

  /** A service that is restarted is back in seconds: until then none of our own takes its place. */
  async #awaitService(failure: Failure): Promise<void> {
    const deadline = Date.now() + this.#pauses.service;
    this.#hurry = new AbortController();
    this.#tell({ kind: 'ended', failure, retryAt: deadline }, null);
    while (Date.now() < deadline && !this.#hurry.signal.aborted && !this.#over.signal.aborted) {
      const back = await this.#attach().catch(() => null);
      if (back) {
        back.close();
        return;
      }
      await delay(Math.min(500, this.#pauses.service));
    }
  }

  async #pause(failure: Failure, pauseMs: number): Promise<void> {
    this.#hurry = new AbortController();
    this.#tell({ kind: 'ended', failure, retryAt: Date.now() + pauseMs }, null);
    await delay(pauseMs, undefined, { signal: this.#hurry.signal }).catch(() => undefined);
  }

  async #endChild(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    // A utility process on Windows hears no signal: the control socket asks on every system.
    const asked = await this.#client?.request('shutdown', {}, { timeoutMs: 2_000 }).then(
      () => true,
      () => false,
    );
    if (!asked) child.end();
    const gone = await Promise.race([child.ended.then(() => true), delay(this.#pauses.end, false)]);
    if (!gone) child.kill();
    await child.ended;
  }

  #tell(link: OutpostLink, status: OutpostStatus | null): void {
    this.#link = link;
    this.#status = status;
    this.#changed.emit();
  }
}

const ENDED: Failure = { code: 'aborted', message: 'It was ended.' };

function sessionsLost(status: OutpostStatus | null): string {
  const count = countSessions(status?.sessions ?? []);
  return count === 0 ? '' : ` Sessions that ended with it: ${count}.`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

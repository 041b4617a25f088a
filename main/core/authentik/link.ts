import { type BackoffOptions, backoff } from '../base/backoff.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { type ErrorCode, type Failure, SallyportError } from '../errors.ts';
import type { LinkState } from '../status.ts';
import { decodeEventMessage, type EventMessage, encodeHello, type Hello } from './messages.ts';
import type { AuthentikSocket } from './websocket-socket.ts';

export interface LinkOptions {
  /** Opens the event websocket; `attempt` counts from 1 since the link was last online. */
  readonly dial: (attempt: number, signal: AbortSignal) => Promise<AuthentikSocket>;
  /** What is said in the next hello. */
  readonly hello: () => Hello;
  /** Called for what authentik asks for; acknowledgements are the link's own affair. */
  readonly onMessage: (message: Exclude<EventMessage, { kind: 'ack' }>) => void;
  readonly logger: Logger;
  /** A hello goes out this often, in milliseconds. authentik forgets an instance after 15 s of silence. */
  readonly helloMs?: number;
  readonly backoff?: BackoffOptions;
  /** How long to wait after authentik refused the token, in milliseconds. */
  readonly rejectedMs?: number;
}

/** Failures that trying again does not cure: an admin has to do something first. */
const REJECTIONS: ReadonlySet<ErrorCode> = new Set([
  'settings-invalid',
  'token-missing',
  'token-unreadable',
  'token-rejected',
  'no-outpost',
  'wrong-outpost-type',
]);

/** The event websocket: keeps it open, says hello in time, and tells what authentik asks for. */
export class Link {
  readonly #options: LinkOptions;
  readonly #helloMs: number;
  readonly #backoff: BackoffOptions;
  readonly #rejectedMs: number;
  readonly #changed = new Emitter<LinkState>();
  #state: LinkState = { kind: 'stopped' };
  #socket: AuthentikSocket | undefined;
  #dialling: AbortController | undefined;
  #attempt = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #helloTimer: NodeJS.Timeout | undefined;
  #helloSoon = false;

  readonly onState = this.#changed.on;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#helloMs = options.helloMs ?? 10_000;
    this.#backoff = options.backoff ?? { first: 1_000, cap: 60_000 };
    this.#rejectedMs = options.rejectedMs ?? 60_000;
  }

  get state(): LinkState {
    return this.#state;
  }

  start(): void {
    if (this.#state.kind !== 'stopped') return;
    this.#attempt = 0;
    void this.#connect();
  }

  /** Closes the websocket with a word; sessions are not touched. */
  stop(): void {
    clearTimeout(this.#retryTimer);
    clearInterval(this.#helloTimer);
    this.#dialling?.abort();
    this.#dialling = undefined;
    this.#socket?.close(1000, 'outpost stopped');
    this.#socket = undefined;
    this.#setState({ kind: 'stopped' });
  }

  /** Tries at once instead of waiting; does nothing while connecting or online. */
  retry(): void {
    if (this.#state.kind !== 'waiting' && this.#state.kind !== 'rejected') return;
    clearTimeout(this.#retryTimer);
    void this.#connect();
  }

  /** Says hello now, because something in it has changed; several calls in one turn make one hello. */
  helloSoon(): void {
    if (this.#helloSoon) return;
    this.#helloSoon = true;
    setImmediate(() => {
      this.#helloSoon = false;
      this.#sayHello();
    });
  }

  async #connect(): Promise<void> {
    this.#attempt += 1;
    const dialling = new AbortController();
    this.#dialling = dialling;
    this.#setState({ kind: 'connecting', attempt: this.#attempt, since: Date.now() });
    try {
      const socket = await this.#options.dial(this.#attempt, dialling.signal);
      if (dialling.signal.aborted) return socket.terminate();
      this.#online(socket);
    } catch (error) {
      if (!dialling.signal.aborted)
        this.#wait(SallyportError.from(error, 'The connection to authentik').toFailure());
    }
  }

  #online(socket: AuthentikSocket): void {
    this.#socket = socket;
    this.#setState({ kind: 'online', since: Date.now(), acknowledgedAt: null });
    socket.onClose(({ failure, code }) => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      clearInterval(this.#helloTimer);
      this.#wait(failure ?? closedFailure(code));
    });
    socket.onMessage((frame) => this.#receive(frame));
    this.#sayHello();
    this.#helloTimer = setInterval(() => this.#sayHello(), this.#helloMs);
  }

  #wait(reason: Failure): void {
    const rejected = REJECTIONS.has(reason.code);
    const delay = rejected ? this.#rejectedMs : backoff(Math.max(1, this.#attempt), this.#backoff);
    const retryAt = Date.now() + delay;
    this.#retryTimer = setTimeout(() => void this.#connect(), delay);
    this.#setState(
      rejected
        ? { kind: 'rejected', retryAt, reason }
        : { kind: 'waiting', attempt: this.#attempt, retryAt, reason },
    );
    this.#options.logger.log(rejected ? 'error' : 'warning', 'The link to authentik is down', {
      code: reason.code,
      reason: reason.message,
      advice: reason.advice,
      retry_in_ms: delay,
    });
  }

  #sayHello(): void {
    this.#socket?.send(encodeHello(this.#options.hello()));
  }

  #receive(frame: Buffer): void {
    const message = decodeEventMessage(frame);
    if (message.kind !== 'ack') {
      this.#options.onMessage(message);
      return;
    }
    // Only now is it known that somebody listens: a proxy that accepts and cuts must not reset the backoff.
    this.#attempt = 0;
    if (this.#state.kind === 'online') this.#setState({ ...this.#state, acknowledgedAt: Date.now() });
  }

  #setState(state: LinkState): void {
    const before = this.#state.kind;
    this.#state = state;
    if (before !== state.kind)
      this.#options.logger.log('debug', 'Link changed', { from: before, to: state.kind });
    this.#changed.emit(state);
  }
}

function closedFailure(code: number): Failure {
  return {
    code: 'connection-lost',
    message: `authentik closed the connection (code ${code}).`,
    advice: 'It usually restarts; the outpost tries again by itself.',
  };
}

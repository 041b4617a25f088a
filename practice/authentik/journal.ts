import { Emitter, type Unsubscribe } from '../../main/core/base/emitter.ts';
import { Ring } from '../../main/core/base/ring.ts';

/** A hello as it came over an event websocket. */
export interface JournalHello {
  readonly instanceUuid: string;
  /** `attempt` of the websocket's query; how often this instance had tried before. */
  readonly attempt: string | null;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A request to the API, or a request for a websocket. */
export interface JournalRequest {
  readonly method: string;
  /** Path and query as they stood in the request, sub-path included. */
  readonly target: string;
  readonly userAgent: string | undefined;
  /** Whether it carried the outpost's token. */
  readonly authorized: boolean;
  readonly upgrade: boolean;
  /** What it was answered with; 0 where a fault left it without an answer. */
  readonly status: number;
}

/** An event as it was posted to `/api/v3/events/events/`. */
export interface JournalEvent {
  readonly pk: string;
  readonly action: string;
  readonly app: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly client_ip: string | null;
  readonly created: string;
}

/** What practice authentik has received, for whoever checks; each list keeps its newest 10 000 entries. */
export class Journal {
  readonly #hellos = new Ring<JournalHello>(10_000);
  readonly #requests = new Ring<JournalRequest>(10_000);
  readonly #events = new Ring<JournalEvent>(10_000);
  readonly #oddities = new Ring<string>(10_000);
  readonly #changed = new Emitter<void>();

  get hellos(): readonly JournalHello[] {
    return this.#hellos.toArray();
  }

  get requests(): readonly JournalRequest[] {
    return this.#requests.toArray();
  }

  get events(): readonly JournalEvent[] {
    return this.#events.toArray();
  }

  /** What an outpost did that authentik would not have understood, one sentence each. */
  get oddities(): readonly string[] {
    return this.#oddities.toArray();
  }

  addHello(hello: JournalHello): void {
    this.#hellos.push(hello);
    this.touch();
  }

  addRequest(request: JournalRequest): void {
    this.#requests.push(request);
    this.touch();
  }

  addEvent(event: JournalEvent): void {
    this.#events.push(event);
    this.touch();
  }

  addOddity(sentence: string): void {
    this.#oddities.push(sentence);
    this.touch();
  }

  /** Says that something has changed that somebody may be waiting for. */
  touch(): void {
    this.#changed.emit();
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changed.on(listener);
  }
}

/** Where an outpost reaches authentik: the API, the event websocket, the websockets of sessions. */
export const PARTS = ['api', 'events', 'sessions'] as const;
export type Part = (typeof PARTS)[number];

/**
 * How requests are answered. `http502`, `http503`: a reverse proxy's HTML page; `html200`: HTML with status 200;
 * `halfJson`: a body that breaks off (API only); `endless`: a body that never ends (API only); `revoked401`,
 * `revoked403`: as with a token that is no longer valid; `rst`: the TCP connection is reset.
 */
export type Answer =
  | 'normal'
  | 'http502'
  | 'http503'
  | 'html200'
  | 'halfJson'
  | 'endless'
  | 'revoked401'
  | 'revoked403'
  | 'rst';

export interface Faults {
  /** Nothing listens, and what was open is closed; this one holds for all parts and the page. */
  readonly down: boolean;
  /** Connections are taken and nothing is answered; open websockets stop reading, also pings. */
  readonly blackHole: boolean;
  /** Milliseconds before anything is answered. */
  readonly slowMs: number;
  readonly answer: Answer;
  /** A proxy that does not pass `Upgrade` on: it answers with this status instead. */
  readonly noUpgrade: null | 200 | 400;
  /** Milliseconds between a browser's leaving and the word to the outpost. */
  readonly lateDisconnectMs: number;
  /** Which parts suffer. The browser's end never does, unless authentik is down. */
  readonly parts: readonly Part[];
}

export const NO_FAULTS: Faults = {
  down: false,
  blackHole: false,
  slowMs: 0,
  answer: 'normal',
  noUpgrade: null,
  lateDisconnectMs: 0,
  parts: PARTS,
};

/** Frames that authentik never sends: an outpost logs and ignores each of them. */
export const MALFORMED_FRAMES: readonly (string | Buffer)[] = [
  '',
  'not json',
  '{"instruction":',
  'null',
  '[]',
  '42',
  '"text"',
  '{}',
  '{"instruction":"3"}',
  '{"instruction":3}',
  '{"instruction":3,"args":null}',
  '{"instruction":3,"args":{}}',
  '{"instruction":3,"args":{"dest_channel_id":7,"protocol":[],"params":"x"}}',
  '{"instruction":3,"args":{"dest_channel_id":"","protocol":"","params":{}}}',
  '{"instruction":3,"args":{"dest_channel_id":"../../x","protocol":"telnet\\u0000","params":{"a":{"b":1}}}}',
  '{"instruction":4,"args":{"session_id":{}}}',
  '{"instruction":99,"args":{}}',
  '{"instruction":-1,"args":{}}',
  '{"instruction":1e999,"args":{}}',
  '{"__proto__":{"instruction":2},"args":{}}',
  `${'['.repeat(10_000)}`,
  Buffer.from([0x00, 0xff, 0xfe, 0x80]),
];

/** The faults of a moment, and a gate that those who suffer from them pass through. */
export class FaultSwitch {
  #faults: Faults = NO_FAULTS;
  #waiting: (() => void)[] = [];

  get current(): Faults {
    return this.#faults;
  }

  set(faults: Faults): void {
    this.#faults = faults;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  /** The faults that hold for `part` now. */
  for(part: Part): Faults {
    return this.#faults.parts.includes(part) ? this.#faults : { ...NO_FAULTS, down: this.#faults.down };
  }

  /** Resolves when a request to `part` may be answered: after the delay, and not while there is a black hole. */
  async admit(part: Part): Promise<void> {
    const { slowMs } = this.for(part);
    if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs).unref());
    while (this.for(part).blackHole) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

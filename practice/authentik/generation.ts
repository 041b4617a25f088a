import type { Frame } from './channel.ts';
import { FileStreams } from './file-streams.ts';
import { GuacamoleTextError, TextParser, writeInstruction } from './guacamole-text.ts';

/** Which authentik is practised: those that pass frames on, or those that read them (file browser, 2026). */
export type Generation = 'older' | 'newest';

/** Where a relay sends to. */
export interface RelayEnds {
  toBrowser(data: string | Buffer, binary?: boolean): void;
  /** Before an outpost has come, what the browser says is lost, as it is in authentik. */
  toOutpost(data: string | Buffer, binary?: boolean): void;
  closeBrowser(): void;
  /** The outpost has answered on authentik's own control channel, `0.authentik.…`. */
  control(message: string): void;
  /** One of the ends does not speak Guacamole's language: authentik ends the session. */
  fail(sentence: string): void;
}

export interface RelayCounts {
  readonly pingsAnswered: number;
  /** Instructions of file streams that were kept from the browser; an outpost need not leave that to authentik. */
  readonly filtered: number;
  /** Frames from the outpost that ended inside an instruction. */
  readonly cutFrames: number;
  /** Answers on authentik's own control channel, `0.authentik.…`, newest 1000. */
  readonly controls: readonly string[];
}

/** What a generation of authentik does with the frames of one session. */
export interface Relay {
  fromBrowser(frame: Frame): void;
  fromOutpost(frame: Frame): void;
  outpostClosed(): void;
  readonly counts: RelayCounts;
}

export function createRelay(generation: Generation, ends: RelayEnds): Relay {
  return generation === 'older' ? new OlderRelay(ends) : new NewestRelay(ends);
}

/** Passes every frame on as it is, and does not tell the browser that the outpost has gone. */
class OlderRelay implements Relay {
  readonly counts: RelayCounts = { pingsAnswered: 0, filtered: 0, cutFrames: 0, controls: [] };
  readonly #ends: RelayEnds;

  constructor(ends: RelayEnds) {
    this.#ends = ends;
  }

  fromBrowser({ data, binary }: Frame): void {
    this.#ends.toOutpost(data, binary);
  }

  fromOutpost({ data, binary }: Frame): void {
    this.#ends.toBrowser(data, binary);
  }

  outpostClosed(): void {}
}

const MAX_CONTROLS = 1000;

class NewestRelay implements Relay {
  readonly #ends: RelayEnds;
  /** Limits as authentik sets them for browsers, whose lengths count UTF-16 units. */
  readonly #browser = new TextParser({ lengths: 'utf16', maxInstruction: 8192, maxElements: 64 });
  readonly #outpost = new TextParser({
    lengths: 'code-points',
    maxInstruction: 16 * 1024 * 1024,
    maxElements: Number.POSITIVE_INFINITY,
  });
  readonly #files = new FileStreams();
  readonly #controls: string[] = [];
  #pingsAnswered = 0;
  #filtered = 0;
  #cutFrames = 0;

  constructor(ends: RelayEnds) {
    this.#ends = ends;
  }

  get counts(): RelayCounts {
    return {
      pingsAnswered: this.#pingsAnswered,
      filtered: this.#filtered,
      cutFrames: this.#cutFrames,
      controls: [...this.#controls],
    };
  }

  fromBrowser({ data }: Frame): void {
    const passed: string[] = [];
    for (const elements of this.#read('The browser', this.#browser, data)) {
      if (elements[0] !== '') passed.push(writeInstruction(elements, 'code-points'));
      else if (elements.length >= 3 && elements[1] === 'ping') {
        this.#pingsAnswered += 1;
        this.#ends.toBrowser(writeInstruction(elements, 'utf16'));
      }
    }
    if (passed.length > 0) this.#ends.toOutpost(passed.join(''));
  }

  fromOutpost({ data }: Frame): void {
    const control = '0.authentik.';
    if (data.subarray(0, control.length).toString() === control) {
      if (this.#controls.length < MAX_CONTROLS) this.#controls.push(data.toString());
      this.#ends.control(data.toString());
      return;
    }
    const passed: string[] = [];
    for (const elements of this.#read('The outpost', this.#outpost, data)) {
      if (this.#files.takes(elements)) this.#filtered += 1;
      else passed.push(writeInstruction(elements, 'utf16'));
    }
    if (this.#outpost.pending > 0) this.#cutFrames += 1;
    if (passed.length > 0) this.#ends.toBrowser(passed.join(''));
  }

  outpostClosed(): void {
    this.#ends.closeBrowser();
  }

  #read(who: string, parser: TextParser, data: Buffer): string[][] {
    try {
      return parser.feed(data.toString());
    } catch (error) {
      if (!(error instanceof GuacamoleTextError)) throw error;
      this.#ends.fail(`${who} sent an instruction that authentik does not take: ${error.message}`);
      return [];
    }
  }
}

import { BoundedPipe, type PipeLimits } from './bounded-pipe.ts';
import type { BulkPipes } from './bulk-pipes.ts';
import type { Channel } from './channel.ts';
import { FileDesk } from './file-desk.ts';
import { createRelay, type Generation, type Relay, type RelayCounts } from './generation.ts';

/** The word to an outpost whose user has left; not an instruction of Guacamole's. */
const DISCONNECT = '0.authentik.disconnect';

export interface RacSessionOptions {
  /** The `dest_channel_id` that the outpost was told. */
  readonly id: string;
  readonly machine: string;
  readonly pipes: BulkPipes;
  readonly generation: Generation;
  readonly limits: PipeLimits;
  /** Milliseconds between the browser's leaving and the word to the outpost, asked when it leaves. */
  readonly lateDisconnectMs: () => number;
  readonly onOddity: (sentence: string) => void;
  readonly onChange: () => void;
}

/** A session as it stands. */
export interface SessionView extends RelayCounts {
  readonly id: string;
  readonly machine: string;
  /** `waiting`: for an outpost; `paired`: an outpost's websocket is joined to the browser's. */
  readonly state: 'waiting' | 'paired' | 'outpost-gone' | 'browser-gone';
  /** Further websockets that an outpost opened for the same id; authentik lets them be. */
  readonly extras: number;
  readonly bytesToBrowser: number;
  readonly framesToBrowser: number;
  /** The most bytes that ever waited for the browser. */
  readonly peakQueuedBytes: number;
  readonly bytesToOutpost: number;
}

/** A browser's websocket, and the outpost's as soon as it comes. */
export class RacSession {
  readonly #options: RacSessionOptions;
  readonly #browser: Channel;
  readonly #toBrowser: BoundedPipe;
  readonly #relay: Relay;
  /** What is asked about the files of its drive. */
  readonly files: FileDesk;
  #outpost: Channel | undefined;
  #toOutpost: BoundedPipe | undefined;
  #state: SessionView['state'] = 'waiting';
  #extras = 0;

  constructor(browser: Channel, options: RacSessionOptions) {
    this.#options = options;
    this.#browser = browser;
    this.#toBrowser = new BoundedPipe('to browser', browser, options.limits);
    this.files = new FileDesk({
      tell: (frame) => this.tellOutpost(frame),
      pipes: options.pipes,
      onOddity: options.onOddity,
    });
    this.#relay = createRelay(options.generation, {
      toBrowser: (data, binary) => this.#toBrowser.send(data, binary),
      toOutpost: (data, binary) => this.#toOutpost?.send(data, binary),
      closeBrowser: () => browser.close(),
      control: (message) => this.files.hear(message),
      fail: (sentence) => {
        options.onOddity(sentence);
        browser.close(1008, 'protocol');
      },
    });
    browser.onFrame((frame) => this.#relay.fromBrowser(frame));
    browser.onClose(() => this.#browserGone());
  }

  get view(): SessionView {
    const { id, machine } = this.#options;
    return {
      id,
      machine,
      state: this.#state,
      extras: this.#extras,
      bytesToBrowser: this.#toBrowser.bytes,
      framesToBrowser: this.#toBrowser.frames,
      peakQueuedBytes: this.#toBrowser.peakQueuedBytes,
      bytesToOutpost: this.#toOutpost?.bytes ?? 0,
      ...this.#relay.counts,
    };
  }

  /** An outpost has dialled for this session; the first is paired, a further one is neither used nor ended. */
  attach(outpost: Channel): void {
    if (this.#outpost) {
      this.#extras += 1;
      this.#options.onOddity(`A second websocket was opened for session ${this.#options.id}.`);
      // Older authentik looks at nothing but the id, so what an extra one says reaches the browser as well.
      if (this.#options.generation === 'older') this.#listen(outpost);
      this.#options.onChange();
      return;
    }
    this.#outpost = outpost;
    this.#state = 'paired';
    this.#toOutpost = new BoundedPipe('to outpost', outpost, this.#options.limits);
    this.#toOutpost.addSource(this.#browser);
    this.#listen(outpost);
    outpost.onClose(() => {
      if (this.#state === 'paired') this.#state = 'outpost-gone';
      this.#relay.outpostClosed();
      this.#options.onChange();
    });
    this.#options.onChange();
  }

  /** Sends a frame to the outpost, whatever it is. */
  tellOutpost(data: string | Buffer): void {
    this.#outpost?.send(data, Buffer.isBuffer(data));
  }

  /** Closes the browser's websocket, as authentik does when the login it belongs to ends. */
  closeBrowser(): void {
    this.#browser.close();
  }

  #listen(outpost: Channel): void {
    this.#toBrowser.addSource(outpost);
    outpost.onFrame((frame) => {
      if (this.#browser.open) this.#relay.fromOutpost(frame);
    });
  }

  #browserGone(): void {
    this.#state = 'browser-gone';
    const outpost = this.#outpost;
    if (outpost?.open) {
      const tell = () => {
        outpost.send(DISCONNECT);
        outpost.close();
      };
      const late = this.#options.lateDisconnectMs();
      if (late > 0) setTimeout(tell, late).unref();
      else tell();
    }
    this.#options.onChange();
  }
}

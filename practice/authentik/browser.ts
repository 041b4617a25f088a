import { WebSocket } from 'ws';
import { Emitter } from '../../main/core/base/emitter.ts';
import { BrowserClipboard } from './browser-clipboard.ts';
import { type LengthUnit, TextParser, writeInstruction } from './guacamole-text.ts';
import { keysymOf } from './keysym.ts';
import { Retained } from './retained.ts';
import { type UntilOptions, until } from './until.ts';

export interface PracticeBrowserOptions {
  /** The websocket's address, connection token included. */
  readonly url: string;
  /** An authority to trust beside the system's. */
  readonly caPem?: string;
  /** In pixels; a browser may say fractions, and anything. */
  readonly screenWidth?: number | string;
  readonly screenHeight?: number | string;
  readonly screenDpi?: number | string;
  /** Audio types, separated by commas. */
  readonly audio?: string;
  /** What its lengths count. A real browser knows only UTF-16 units. */
  readonly lengths?: LengthUnit;
  /** Whether it answers `sync` and says `nop` every 5 s, as Guacamole's client does; yes unless told. */
  readonly responds?: boolean;
}

/** How the browser's websocket was closed. */
export interface BrowserEnd {
  readonly code: number;
  readonly reason: string;
}

/** What is kept of what was received, in characters. */
const MAX_RETAINED = 16 * 1024 * 1024;
const KEEP_ALIVE_MS = 5000;

/** A browser with an open session, without a screen: the smallest client that guacd is content with. */
export class PracticeBrowser {
  /** Resolves when its websocket has been closed, by whomever. */
  readonly ended: Promise<BrowserEnd>;

  readonly #socket: WebSocket;
  readonly #options: PracticeBrowserOptions;
  readonly #parser: TextParser;
  readonly #clipboard: BrowserClipboard;
  readonly #frames = new Retained<string>(MAX_RETAINED);
  readonly #instructions = new Retained<readonly string[]>(MAX_RETAINED);
  readonly #changed = new Emitter<void>();
  #bytes = 0;
  #over = false;
  #failure: string | undefined;

  private constructor(socket: WebSocket, options: PracticeBrowserOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#parser = new TextParser({
      lengths: options.lengths ?? 'utf16',
      maxInstruction: 64 * 1024 * 1024,
      maxElements: Number.POSITIVE_INFINITY,
    });
    this.#clipboard = new BrowserClipboard((...elements) => this.send(...elements));
    const keepAlive = setInterval(() => this.#respond('nop'), KEEP_ALIVE_MS);
    keepAlive.unref();
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => this.#receive(data));
    this.ended = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        clearInterval(keepAlive);
        this.#over = true;
        resolve({ code, reason: reason.toString() });
        this.#changed.emit();
      });
    });
  }

  /** Resolves when the websocket is open; rejects when authentik does not take it. */
  static connect(options: PracticeBrowserOptions): Promise<PracticeBrowser> {
    const query = new URLSearchParams({
      screen_width: String(options.screenWidth ?? 1024),
      screen_height: String(options.screenHeight ?? 768),
      screen_dpi: String(options.screenDpi ?? 96),
      audio: options.audio ?? 'audio/L8,audio/L16',
    });
    const socket = new WebSocket(`${options.url}?${query}`, 'guacamole', {
      perMessageDeflate: false,
      ...(options.caPem === undefined ? {} : { ca: options.caPem }),
    });
    // Made before the socket opens, so that nothing that comes with the opening is missed.
    const browser = new PracticeBrowser(socket, options);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(browser));
      socket.once('error', reject);
    });
  }

  get open(): boolean {
    return !this.#over;
  }

  /** The frames as they came, the newest of them when there were very many. */
  get frames(): readonly string[] {
    return this.#frames.since(0);
  }

  /** The instructions in those frames. */
  get instructions(): readonly (readonly string[])[] {
    return this.#instructions.since(0);
  }

  /** Bytes of all frames that have come. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Texts that the machine has put on the clipboard, oldest first. */
  get clipboards(): readonly string[] {
    return this.#clipboard.received;
  }

  /** Why it could not read what came; undefined where it could. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** How many instructions have come; `waitFor` takes it as the point from which to look. */
  get mark(): number {
    return this.#instructions.count;
  }

  /** Sends an instruction, its lengths counted as this browser counts. */
  send(...elements: readonly string[]): void {
    this.sendRaw(writeInstruction(elements, this.#options.lengths ?? 'utf16'));
  }

  /** Sends a frame as it is. */
  sendRaw(frame: string | Buffer): void {
    if (this.#socket.readyState === WebSocket.OPEN)
      this.#socket.send(frame, { binary: Buffer.isBuffer(frame) });
  }

  /** Presses and releases a key for every character; a line's end is Return. */
  type(text: string): void {
    for (const character of text) {
      const keysym = keysymOf(character);
      this.send('key', keysym, '1');
      this.send('key', keysym, '0');
    }
  }

  /** Puts a text on the machine's clipboard. */
  copy(text: string): void {
    this.#clipboard.send(text);
  }

  /** The first instruction of this opcode, or that this holds for, also among those that have come since `from`. */
  waitFor(
    match: string | ((instruction: readonly string[]) => boolean),
    { from = 0, ...options }: UntilOptions & { readonly from?: number } = {},
  ): Promise<readonly string[]> {
    const fits = typeof match === 'string' ? (elements: readonly string[]) => elements[0] === match : match;
    const what = typeof match === 'string' ? `"${match}" reaches the browser` : undefined;
    let looked = from;
    return this.until(
      () => {
        const found = this.#instructions.since(looked).find(fits);
        looked = Math.max(looked, this.mark);
        if (!found && this.#over) throw new Error('The session ended before what was waited for had come.');
        return found;
      },
      { ...(what === undefined ? {} : { what }), ...options },
    );
  }

  /** Resolves with what `look` finds, which is asked with every frame. */
  until<T>(look: () => T | undefined | false, options?: UntilOptions): Promise<T> {
    return until(look, (listener) => this.#changed.on(listener), options);
  }

  /** Stops reading: what comes fills the buffers of TCP and then waits at the sender. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Leaves as a page does that is closed: with a word to the machine. */
  async close(): Promise<BrowserEnd> {
    this.resume();
    this.send('disconnect');
    this.#socket.close(1000);
    return this.ended;
  }

  /** Goes away without a word. */
  kill(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    this.#bytes += data.length;
    const text = data.toString();
    this.#frames.push(text, text.length);
    for (const elements of this.#read(text)) {
      this.#instructions.push(elements, elements.join().length);
      this.#clipboard.take(elements);
      if (elements[0] === 'sync') this.#respond('sync', elements[1] ?? '0');
    }
    this.#changed.emit();
  }

  /** A real page gives up at what it cannot read; so does this one. */
  #read(text: string): string[][] {
    try {
      return this.#parser.feed(text);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error.message : String(error);
      this.kill();
      return [];
    }
  }

  #respond(...elements: readonly string[]): void {
    if (this.#options.responds !== false) this.send(...elements);
  }
}

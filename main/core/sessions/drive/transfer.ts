import { SallyportError } from '../../errors.ts';
import type { BulkSocket, OpenBulkSocket } from './bulk-socket.ts';
import type { FileStatus } from './messages.ts';
import type { Work, WorkOutput } from './work.ts';

/** How a transfer ended: well, because somebody wanted that, or with why not. */
export type TransferEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: SallyportError };

export interface TransferOptions {
  readonly id: string;
  readonly tenant: string;
  readonly openBulk: OpenBulkSocket;
  /** Without any frame for this long it ends, in milliseconds. */
  readonly idleMs: number;
  /** Called in the moment in which it ends; things are put in order after that. */
  readonly onEnd: () => void;
}

/** One transfer from the moment its file is open: its websocket, its time-out, and its one end. */
export class Transfer {
  readonly #work: Work;
  readonly #options: TransferOptions;
  readonly #dialling = new AbortController();
  readonly #idle: NodeJS.Timeout;
  readonly #ended: Promise<TransferEnd>;
  #end: TransferEnd | undefined;
  #resolveEnd: (end: TransferEnd) => void = () => {};

  constructor(work: Work, options: TransferOptions) {
    this.#work = work;
    this.#options = options;
    this.#ended = new Promise((resolve) => {
      this.#resolveEnd = resolve;
    });
    this.#idle = setTimeout(() => this.fail(idle(options.idleMs)), options.idleMs);
  }

  /** Bytes that are done with. */
  get done(): number {
    return this.#work.done;
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** Dials and moves the file; resolves with how that ended, when nothing of it is left. Never rejects. */
  async run(): Promise<TransferEnd> {
    let socket: BulkSocket | undefined;
    const closed = { over: Promise.resolve() };
    try {
      const { id, tenant, openBulk } = this.#options;
      socket = await openBulk(id, tenant, this.#dialling.signal);
      closed.over = this.#join(socket);
    } catch (error) {
      this.fail(error);
    }
    const end = await this.#ended;
    clearTimeout(this.#idle);
    await this.#work.discard();
    socket?.close();
    await closed.over;
    return end;
  }

  /** The other end says that all is there. An upload that is not complete ends with this. */
  async finish(): Promise<FileStatus> {
    const status = await this.#work.finish();
    if (status === 200) this.#finish({ kind: 'finished' });
    else this.fail(new SallyportError('drive-failed', 'The upload could not be put in its place.'));
    return status;
  }

  cancel(): void {
    this.#finish({ kind: 'cancelled' });
  }

  fail(error: unknown): void {
    this.#finish({ kind: 'failed', error: SallyportError.from(error, 'The transfer', 'drive-failed') });
  }

  #finish(end: TransferEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#dialling.abort();
    this.#options.onEnd();
    this.#resolveEnd(end);
  }

  /** Resolves when the websocket is closed. */
  #join(socket: BulkSocket): Promise<void> {
    const output: WorkOutput = {
      send: (text) => socket.send(text),
      sendBytes: (data) =>
        new Promise((resolve, reject) => {
          socket.sendBytes(data, (error) => {
            if (error) return reject(error);
            this.#idle.refresh();
            resolve();
          });
        }),
      fail: (error) => this.fail(error),
      complete: () => this.#finish({ kind: 'finished' }),
    };
    this.#work.begin(output);
    const closed = new Promise<void>((resolve) => {
      socket.onClose(({ failure }) => {
        this.fail(failure ? new SallyportError(failure.code, failure.message) : hungUp());
        resolve();
      });
    });
    socket.onMessage((data, isBinary) => this.#receive(data, isBinary));
    return closed;
  }

  #receive(data: Buffer, isBinary: boolean): void {
    // What still comes while it closes belongs to nobody.
    if (this.#end) return;
    this.#idle.refresh();
    try {
      this.#work.take(data, isBinary);
    } catch (error) {
      this.fail(error);
    }
  }
}

function idle(ms: number): SallyportError {
  return new SallyportError('drive-failed', `Nothing has come for the transfer for ${ms / 1000} seconds.`, {
    advice: 'The browser was closed, or the network on its side is lost.',
  });
}

function hungUp(): SallyportError {
  return new SallyportError(
    'connection-lost',
    'authentik closed the transfer’s websocket before it was done.',
  );
}

import type { Socket } from 'node:net';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import { SallyportError } from '../core/errors.ts';

const HEADER_MAX_BYTES = 1024;
const HEADER_END = '\r\n\r\n';

/**
 * JSON-RPC messages from a socket, framed by `Content-Length` headers. The library's own reader takes messages of
 * any size; this one refuses a message when its length is announced, and hands over one message per turn of the
 * event loop, pausing the socket meanwhile, so that no flood can pile up behind it.
 */
export class BoundedReader extends AbstractMessageReader implements MessageReader {
  readonly #socket: Socket;
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes of the body that is being read; null while reading a header. */
  #wanted: number | null = null;
  #busy = false;
  #closed = false;
  #over = false;

  constructor(socket: Socket, maxBytes: number) {
    super();
    this.#socket = socket;
    this.#maxBytes = maxBytes;
  }

  listen(callback: DataCallback): Disposable {
    const onData = (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
      this.#turn(callback);
    };
    const onClose = () => {
      this.#closed = true;
      this.#turn(callback);
    };
    this.#socket.on('data', onData);
    this.#socket.on('close', onClose);
    return {
      dispose: () => {
        this.#over = true;
        this.#socket.off('data', onData);
        this.#socket.off('close', onClose);
      },
    };
  }

  #turn(callback: DataCallback): void {
    if (this.#busy || this.#over) return;
    try {
      const body = this.#next();
      if (body === undefined) {
        // Not before: what came right ahead of the close is still an answer.
        if (this.#closed) this.fireClose();
        return;
      }
      callback(asMessage(body));
    } catch (error) {
      this.#over = true;
      this.fireError(error);
      return;
    }
    this.#busy = true;
    this.#socket.pause();
    setImmediate(() => {
      this.#busy = false;
      this.#socket.resume();
      this.#turn(callback);
    });
  }

  #next(): Buffer | undefined {
    this.#wanted ??= this.#header();
    if (this.#wanted === null || this.#buffered < this.#wanted) return undefined;
    const length = this.#wanted;
    this.#wanted = null;
    return this.#take(length);
  }

  /** The announced length of the next body; null while its header is not whole. */
  #header(): number | null {
    if (this.#buffered === 0) return null;
    const start = this.#joined();
    const end = start.subarray(0, HEADER_MAX_BYTES).indexOf(HEADER_END);
    if (end < 0) {
      if (start.length >= HEADER_MAX_BYTES) throw violation('a header without an end');
      return null;
    }
    const length = /^content-length:[ \t]*(\d{1,15})[ \t]*$/im.exec(start.toString('latin1', 0, end))?.[1];
    if (length === undefined) throw violation('a header without Content-Length');
    const bytes = Number(length);
    if (bytes > this.#maxBytes)
      throw violation(`a message of ${bytes} bytes, where at most ${this.#maxBytes} are taken`);
    this.#take(end + HEADER_END.length);
    return bytes;
  }

  #joined(): Buffer {
    const all = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    if (all) return all;
    const joined = Buffer.concat(this.#chunks, this.#buffered);
    this.#chunks = [joined];
    return joined;
  }

  #take(length: number): Buffer {
    const all = this.#joined();
    this.#chunks = length < all.length ? [all.subarray(length)] : [];
    this.#buffered -= length;
    return all.subarray(0, length);
  }
}

/** JSON-RPC messages to a socket. A reader that takes nothing loses the connection, not this process its memory. */
export class BoundedWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #socket: Socket;
  readonly #maxQueuedBytes: number;

  constructor(socket: Socket, maxQueuedBytes: number) {
    super();
    this.#socket = socket;
    this.#maxQueuedBytes = maxQueuedBytes;
  }

  async write(message: Message): Promise<void> {
    if (this.#socket.destroyed || !this.#socket.writable)
      throw new SallyportError('connection-lost', 'The connection was closed.');
    const body = Buffer.from(JSON.stringify(message), 'utf8');
    this.#socket.cork();
    this.#socket.write(`Content-Length: ${body.length}${HEADER_END}`, 'latin1');
    this.#socket.write(body);
    this.#socket.uncork();
    if (this.#socket.writableLength <= this.#maxQueuedBytes) return;
    this.#socket.destroy();
    throw new SallyportError('connection-lost', 'The other end stopped reading; the connection was closed.');
  }

  end(): void {
    this.#socket.end();
  }
}

/** What was sent, as a message the library can take apart without stumbling. */
function asMessage(body: Buffer): Message {
  const value: unknown = parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw violation('no JSON-RPC message');
  const { jsonrpc, id, method, params, result, error } = Object.fromEntries(Object.entries(value));
  if (jsonrpc !== '2.0') throw violation('a message that is not JSON-RPC 2.0');
  if (id !== undefined && id !== null && typeof id !== 'number' && typeof id !== 'string')
    throw violation('a message whose id is neither number nor text');
  if (method !== undefined && typeof method !== 'string')
    throw violation('a message whose method is no text');
  if (params !== undefined && (typeof params !== 'object' || params === null))
    throw violation('a message whose params are no object');
  const message = { jsonrpc, id, method, params, result, error };
  // Absent and undefined are told apart by the library.
  return Object.assign(
    { jsonrpc },
    Object.fromEntries(Object.entries(message).filter(([, part]) => part !== undefined)),
  );
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw violation('what is no JSON');
  }
}

function violation(what: string): SallyportError {
  return new SallyportError('control-protocol', `The other end of the control socket sent ${what}.`);
}

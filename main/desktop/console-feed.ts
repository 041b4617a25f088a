import type { AppState } from '../../preload/contract/types.ts';
import type { OutpostStatus } from '../core/status.ts';
import { ConsoleStream } from './console-stream.ts';
import type { IpcDoor } from './ipc.ts';
import type { OutpostDesk } from './outpost-desk.ts';

/** Tells an open console what has changed: the app's state, the outpost's status, and its stream. */
export class ConsoleFeed {
  readonly #desk: OutpostDesk;
  readonly #ipc: Pick<IpcDoor, 'tell'>;
  readonly #state: () => AppState;
  #open = false;
  #toldState = '';
  #toldStatus: OutpostStatus | null = null;
  #stream: { readonly of: string; readonly stream: ConsoleStream } | null = null;

  constructor(desk: OutpostDesk, ipc: Pick<IpcDoor, 'tell'>, state: () => AppState) {
    this.#desk = desk;
    this.#ipc = ipc;
    this.#state = state;
  }

  consoleOpened(): void {
    this.#open = true;
    this.#toldState = '';
    this.#toldStatus = null;
    this.refresh();
  }

  consoleClosed(): void {
    this.#open = false;
    this.#endStream();
  }

  refresh(): void {
    if (!this.#open) return;
    const state = this.#state();
    const { status, ...others } = state;
    // The status is large and changes all the time: it goes on its own.
    const text = JSON.stringify({ ...others, known: status !== null });
    if (text !== this.#toldState) this.#ipc.tell('app/state', state);
    else if (status !== null && status !== this.#toldStatus) this.#ipc.tell('status', status);
    this.#toldState = text;
    this.#toldStatus = status;
    this.#follow();
  }

  /** One stream for one life of an outpost. */
  #follow(): void {
    const { link, host } = this.#desk;
    if (link.kind !== 'own' && link.kind !== 'attached') {
      this.#endStream();
      return;
    }
    const of = `${host.address} ${link.pid}`;
    if (this.#stream?.of === of) return;
    this.#endStream();
    const stream = ConsoleStream.open({
      address: host.address,
      tell: (name, value) => this.#ipc.tell(name, value),
    });
    this.#stream = { of, stream };
  }

  #endStream(): void {
    this.#stream?.stream.close();
    this.#stream = null;
  }
}

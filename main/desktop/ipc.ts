import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { CALL_CHANNEL, EVENT_CHANNEL } from '../../preload/contract/channels.ts';
import type { Answer, EventName, Events } from '../../preload/contract/console.ts';
import type { Params, RequestName, Value } from '../../preload/contract/requests.ts';
import type { WindowKind } from '../../preload/contract/types.ts';
import { VIEWER_EVENTS, type ViewerEvents } from '../../preload/contract/viewer.ts';
import { SallyportError } from '../core/errors.ts';
import { decodeCall } from './ipc-decode.ts';
import { isOwnPage } from './own-page.ts';

/** One answer for each request of the tables, `from` the page that asks; the compiler asks for a missing one. */
export type CallHandlers = {
  readonly [N in RequestName]: (params: Params<N>, from: WebContents) => Value<N> | Promise<Value<N>>;
};

/** The door between pages and this side: nothing else listens to them. */
export class IpcDoor {
  readonly #windows = new Map<WebContents, WindowKind>();
  readonly #onError: (name: string, error: SallyportError) => void;

  constructor(handlers: CallHandlers, onError: (name: string, error: SallyportError) => void) {
    this.#onError = onError;
    ipcMain.handle(CALL_CHANNEL, (event, name: unknown, params: unknown) =>
      this.#answer(handlers, event, name, params),
    );
  }

  /** Lets a window call and hear from now on, until it is gone. */
  admit(contents: WebContents, kind: WindowKind): void {
    this.#windows.set(contents, kind);
    contents.once('destroyed', () => this.#windows.delete(contents));
  }

  /** Tells every console, and every viewer what is for those as well. */
  tell<E extends EventName>(name: E, value: Events[E]): void {
    for (const [contents, kind] of this.#windows)
      if (kind === 'console' || Object.hasOwn(VIEWER_EVENTS, name)) send(contents, name, value);
  }

  /** Tells one viewer. */
  tellViewer<E extends keyof ViewerEvents>(contents: WebContents, name: E, value: ViewerEvents[E]): void {
    if (this.#windows.get(contents) === 'viewer') send(contents, name, value);
  }

  get hasListeners(): boolean {
    return this.#windows.size > 0;
  }

  close(): void {
    ipcMain.removeHandler(CALL_CHANNEL);
  }

  async #answer(
    handlers: CallHandlers,
    event: IpcMainInvokeEvent,
    name: unknown,
    params: unknown,
  ): Promise<Answer<unknown>> {
    try {
      const call = decodeCall(this.#senderKind(event), name, params);
      // A line's handler takes that line's parameters; the compiler sees the union of all lines.
      const handle = handlers[call.name] as (given: unknown, from: WebContents) => unknown;
      return { ok: true, value: await handle(call.params, event.sender) };
    } catch (error) {
      const known = SallyportError.from(error, 'The request');
      this.#onError(typeof name === 'string' ? name.slice(0, 64) : 'unknown', known);
      return { ok: false, failure: known.toFailure() };
    }
  }

  /** Throws unless the main frame of an admitted window, with its own page in it, is calling. */
  #senderKind({ sender, senderFrame }: IpcMainInvokeEvent): WindowKind {
    const kind = this.#windows.get(sender);
    const isMain =
      senderFrame !== null &&
      senderFrame.parent === null &&
      senderFrame.top?.routingId === senderFrame.routingId;
    if (kind === undefined || !isMain || !isOwnPage(senderFrame.url, kind))
      throw new SallyportError('control-protocol', 'Only Sallyport’s own windows may ask for that.');
    return kind;
  }
}

function send(contents: WebContents, name: string, value: unknown): void {
  if (!contents.isDestroyed()) contents.send(EVENT_CHANNEL, name, value);
}

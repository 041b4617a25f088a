import Guacamole from 'guacamole-common-js';
import type { Failure } from '../../../main/core/errors.ts';
import { onBrokenPicture, readPicturesQuickly } from '../guacamole/pictures.ts';
import { type DisplayPort, PortTunnel } from '../guacamole/port-tunnel.ts';
import { takePointer } from './pointer.ts';
import type { Size } from './scaling.ts';
import type { Sound } from './sound.ts';
import { readText, writeText } from './text-stream.ts';

/** How a session ended for this window. */
export type Ending =
  /** In an orderly way: the machine or the person in it closed it. */
  | { readonly kind: 'ended' }
  /** The outpost or guacd gave a reason, a sentence in English, and Guacamole's status. */
  | { readonly kind: 'refused'; readonly sentence: string; readonly status: number }
  /** The stream broke; the session may still be held. */
  | { readonly kind: 'lost'; readonly failure: Failure | null };

export interface RemoteOptions {
  readonly readOnly: boolean;
  readonly sound: Sound;
  /** The first picture is there. */
  readonly onLive: () => void;
  /** Once; never after `leave`. */
  readonly onEnd: (ending: Ending) => void;
  /** The machine has put a text on its clipboard; null where it is too long. */
  readonly onClipboard: (text: string | null) => void;
  /** The machine's picture has another size. */
  readonly onResize: () => void;
  /** guacd asks for these parameters, such as `username` and `password`. */
  readonly onRequired: (names: readonly string[]) => void;
  readonly onFilesystem: (filesystem: Guacamole.Object, name: string) => void;
  /** The machine sends a file by itself. */
  readonly onFile: (stream: Guacamole.InputStream, name: string) => void;
  /** Somebody has come to look on, or has gone. */
  readonly onCompany: (name: string, came: boolean) => void;
  readonly onFrame: (ms: number) => void;
  readonly onPing: (ms: number) => void;
}

/** A session: Guacamole's own client on a stream from the main side. */
export class Remote {
  readonly client: Guacamole.Client;
  readonly display: Guacamole.Display;
  readonly tunnel: PortTunnel;
  readonly startedAt = Date.now();
  readonly #forget: () => void;
  #over = false;
  #live = false;

  /** Begins at once. */
  constructor(port: DisplayPort, options: RemoteOptions) {
    const tunnel = new PortTunnel(port, {
      readOnly: options.readOnly,
      onEnd: (failure) => end({ kind: 'lost', failure }),
      onFrame: options.onFrame,
      onPing: options.onPing,
    });
    const client = new Guacamole.Client(tunnel);
    this.tunnel = tunnel;
    this.client = client;
    this.display = client.getDisplay();
    readPicturesQuickly(this.display);
    this.display.onresize = () => options.onResize();
    const end = (ending: Ending) => {
      if (this.#over) return;
      this.#over = true;
      this.#forget();
      queueMicrotask(() => client.disconnect());
      options.onEnd(ending);
    };
    this.#forget = onBrokenPicture(() => end({ kind: 'lost', failure: BROKEN_PICTURE }));
    client.onerror = ({ code, message }) => {
      const sentence = message?.trim() ?? '';
      const unsaid = `No reason was given (status 0x${code.toString(16).padStart(4, '0')}).`;
      end({ kind: 'refused', sentence: sentence === '' ? unsaid : sentence, status: code });
    };
    client.onstatechange = (state) => {
      if (state === Guacamole.Client.State.CONNECTED && !this.#live) {
        this.#live = true;
        options.onLive();
      } else if (state === Guacamole.Client.State.DISCONNECTED) end({ kind: 'ended' });
    };
    client.onclipboard = (stream, mimetype) => {
      if (/^text\//.test(mimetype)) readText(stream, options.onClipboard);
      else stream.sendAck('Only text is taken', Guacamole.Status.Code.UNSUPPORTED);
    };
    client.onaudio = (stream, mimetype) => options.sound.player(stream, mimetype);
    client.onfile = (stream, _, name) => options.onFile(stream, name);
    client.onfilesystem = options.onFilesystem;
    client.onrequired = options.onRequired;
    client.onjoin = (_, name) => options.onCompany(name, true);
    client.onleave = (_, name) => options.onCompany(name, false);
    client.connect();
    if (!options.readOnly) takePointer(client, this.display);
  }

  get over(): boolean {
    return this.#over;
  }

  key(pressed: boolean, keysym: number): void {
    if (!this.#over) this.client.sendKeyEvent(pressed ? 1 : 0, keysym);
  }

  resize({ width, height }: Size): void {
    if (!this.#over) this.client.sendSize(width, height);
  }

  copy(text: string): void {
    if (!this.#over) writeText(this.client.createClipboardStream('text/plain'), text);
  }

  /** Answers guacd's question for one parameter. */
  answer(name: string, value: string): void {
    if (!this.#over) writeText(this.client.createArgumentValueStream('text/plain', name), value);
  }

  /** Ends it from this side; nothing is told any more. */
  leave(): void {
    if (this.#over) return;
    this.#over = true;
    this.#forget();
    this.client.disconnect();
  }
}

const BROKEN_PICTURE: Failure = {
  code: 'instruction-malformed',
  message: 'The machine sent a picture that cannot be shown.',
};

import Guacamole from 'guacamole-common-js';
import { receiveText, sendText } from './clipboard-stream.ts';
import { brokenOff, ENDED, type Ending, endedWith } from './ending.ts';

/** authentik's page gives up after this long without data. */
const RECEIVE_TIMEOUT_MS = 10_000;
const CSS_DPI = 96;

export interface RemoteEvents {
  /** The first picture has come. */
  readonly onLive: () => void;
  /** Nothing has come for a moment (true), or it comes again. */
  readonly onUnstable: (unstable: boolean) => void;
  /** Once; never when the person left by `leave`. */
  readonly onEnd: (ending: Ending) => void;
  /** The machine has put a text on its clipboard. */
  readonly onClipboard: (text: string) => void;
  readonly onResize: () => void;
}

/** Pixels of the place that the machine's screen is shown in. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/** A session as authentik's page has it: Guacamole's own client on Guacamole's own websocket tunnel. */
export class Remote {
  readonly display: Guacamole.Display;
  readonly #client: Guacamole.Client;
  #over = false;

  /** Begins at once. `token` stands for person and machine. */
  constructor(token: string, room: Room, events: RemoteEvents) {
    const tunnel = new Guacamole.WebSocketTunnel(`ws/rac/${encodeURIComponent(token)}/`);
    tunnel.receiveTimeout = RECEIVE_TIMEOUT_MS;
    const client = new Guacamole.Client(tunnel);
    this.#client = client;
    this.display = client.getDisplay();
    this.display.onresize = () => events.onResize();
    const end = (ending: Ending) => {
      if (this.#over) return;
      this.#over = true;
      // Also where the tunnel broke, as the client would go on knocking at it; and only when the tunnel knows.
      queueMicrotask(() => client.disconnect());
      events.onEnd(ending);
    };
    client.onerror = ({ code, message }) => end(endedWith(message, code));
    tunnel.onerror = ({ code }) => end(brokenOff(code, RECEIVE_TIMEOUT_MS));
    tunnel.onstatechange = (state) => {
      if (state === Guacamole.Tunnel.State.CLOSED) end(ENDED);
      else if (!this.#over) events.onUnstable(state === Guacamole.Tunnel.State.UNSTABLE);
    };
    client.onstatechange = (state) => {
      if (state === Guacamole.Client.State.CONNECTED) events.onLive();
    };
    client.onclipboard = (stream, mimetype) => {
      if (/^text\//.test(mimetype)) receiveText(stream, events.onClipboard);
    };
    client.connect(query(room));
  }

  key(pressed: boolean, keysym: number): void {
    if (!this.#over) this.#client.sendKeyEvent(pressed ? 1 : 0, keysym);
  }

  mouse(state: Guacamole.Mouse.State): void {
    // The machine draws its pointer into the browser's own.
    if (!this.#over) this.#client.sendMouseState(state, true);
  }

  resize(room: Room): void {
    if (this.#over) return;
    const { width, height } = devicePixels(room);
    this.#client.sendSize(width, height);
  }

  copy(text: string): void {
    if (!this.#over) sendText(this.#client.createClipboardStream('text/plain'), text);
  }

  /** Shows the screen as large as it is, smaller where there is no room for it, sharp on dense displays. */
  fit({ width, height }: Room): void {
    const { display } = this;
    if (display.getWidth() === 0 || display.getHeight() === 0) return;
    const fits = Math.min(width / display.getWidth(), height / display.getHeight());
    display.scale(Math.min(1, fits));
  }

  /** Ends it from this side; nothing is told any more. */
  leave(): void {
    this.#over = true;
    this.#client.disconnect();
  }
}

function query(room: Room): string {
  const { width, height } = devicePixels(room);
  return new URLSearchParams({
    screen_width: String(width),
    screen_height: String(height),
    screen_dpi: String(Math.round(CSS_DPI * window.devicePixelRatio)),
  }).toString();
}

/** Machines draw in the display's own pixels, of which a dense one has several for each of CSS'. */
function devicePixels({ width, height }: Room): Room {
  const ratio = window.devicePixelRatio;
  return { width: Math.max(1, Math.floor(width * ratio)), height: Math.max(1, Math.floor(height * ratio)) };
}

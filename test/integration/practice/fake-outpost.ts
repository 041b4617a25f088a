import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { Emitter } from '../../../main/core/base/emitter.ts';
import type { PracticeAuthentik } from '../../../practice/authentik/server.ts';
import { until } from '../../../practice/authentik/until.ts';

/** A frame as an outpost sees it on its event websocket. */
export interface SeenInstruction {
  readonly instruction: number;
  readonly args: Record<string, unknown>;
}

interface Socket {
  readonly ws: WebSocket;
  readonly frames: string[];
  closed: number | undefined;
}

/** The least an outpost does, and only when the test says so. */
export class FakeOutpost {
  readonly uuid = randomUUID();
  readonly #authentik: PracticeAuthentik;
  readonly #changed = new Emitter<void>();
  readonly #sockets: Socket[] = [];
  #events: Socket | undefined;

  constructor(authentik: PracticeAuthentik) {
    this.#authentik = authentik;
  }

  /** Opens the event websocket and says hello; resolves when that is acknowledged. */
  async connect(hello: Record<string, unknown> = {}): Promise<this> {
    const { outpostPk } = this.#authentik;
    this.#events = await this.dial(`ws/outpost/${outpostPk}/?instance_uuid=${this.uuid}&attempt=0`);
    this.hello(hello);
    await this.instruction(0);
    return this;
  }

  hello(args: Record<string, unknown> = {}): void {
    this.events.ws.send(
      JSON.stringify({
        instruction: 1,
        args: { version: '2026.8.0', hostname: 'fake', active_connections: 0, ...args },
      }),
    );
  }

  get events(): Socket {
    if (!this.#events) throw new Error('It is not connected.');
    return this.#events;
  }

  /** The next instruction of this kind that comes, or has come. */
  instruction(kind: number, nth = 0): Promise<SeenInstruction> {
    return this.until(
      () =>
        this.events.frames
          .map((frame) => JSON.parse(frame) as SeenInstruction)
          .filter(({ instruction }) => instruction === kind)[nth],
    );
  }

  /** Waits for the nth request for a session and dials for it. */
  async join(nth = 0): Promise<Socket> {
    const { args } = await this.instruction(3, nth);
    return this.session(String(args['dest_channel_id']));
  }

  session(id: string): Promise<Socket> {
    return this.dial(`ws/outpost_rac/${encodeURIComponent(id)}/`);
  }

  async dial(path: string, token = this.#authentik.token): Promise<Socket> {
    const { url, caPem } = this.#authentik;
    const ws = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      ...(caPem === undefined ? {} : { ca: caPem }),
    });
    const socket: Socket = { ws, frames: [], closed: undefined };
    this.#sockets.push(socket);
    ws.on('message', (data: Buffer) => {
      socket.frames.push(data.toString());
      this.#changed.emit();
    });
    ws.on('close', (code) => {
      socket.closed = code;
      this.#changed.emit();
    });
    await new Promise<void>((resolve, reject) => {
      ws.once('open', () => resolve());
      ws.on('error', reject);
    });
    return socket;
  }

  until<T>(look: () => T | undefined | false): Promise<T> {
    return until(look, (listener) => this.#changed.on(listener));
  }

  end(): void {
    for (const { ws } of this.#sockets) ws.terminate();
  }
}

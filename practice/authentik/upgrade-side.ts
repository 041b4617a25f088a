import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { browserRefusal } from './browser-guard.ts';
import type { BulkPipes } from './bulk-pipes.ts';
import type { Connections } from './connections.ts';
import type { EventSockets } from './event-sockets.ts';
import type { FaultSwitch, Part } from './faults.ts';
import { faultAnswer, type PlainAnswer, refuseUpgrade, textAnswer } from './http-answers.ts';
import type { Journal } from './journal.ts';
import { bearerOf } from './request-body.ts';
import type { Sessions } from './sessions.ts';
import type { ConnectionTokens } from './tokens.ts';

export interface UpgradeSideOptions {
  readonly subPath: string;
  readonly token: string;
  readonly outpostPk: string;
  readonly events: EventSockets;
  readonly sessions: Sessions;
  readonly pipes: BulkPipes;
  readonly tokens: ConnectionTokens;
  readonly journal: Journal;
  readonly faults: FaultSwitch;
  readonly connections: Connections;
}

/** Longer than authentik's limit of 16 MiB for an instruction, so that what is beyond it is seen and named. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;

interface Door {
  readonly part: Part | 'browser';
  /** Why it stays shut; undefined where it opens. */
  readonly refusal?: PlainAnswer | undefined;
  readonly enter: (socket: WebSocket, stream: Duplex) => void;
}

/** Takes websockets: the outpost's three kinds, and the browser's. */
export class UpgradeSide {
  readonly #options: UpgradeSideOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    // authentik answers Guacamole's own subprotocol, which its page asks for; outposts ask for none.
    handleProtocols: (offered) => (offered.has('guacamole') ? 'guacamole' : false),
  });

  constructor(options: UpgradeSideOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    stream.on('error', () => {});
    const { subPath } = this.#options;
    const url = new URL(request.url ?? '/', 'http://practice.invalid');
    const path = url.pathname.startsWith(subPath) ? url.pathname.slice(subPath.length) : '';
    const door = this.#door(request, path, url.searchParams);
    if (!door) {
      this.#note(request, 404);
      refuseUpgrade(stream, textAnswer(404, 'There is no websocket here.'));
      return;
    }
    if (door.part !== 'browser' && (await this.#strike(request, stream, door.part))) return;
    if (door.refusal) {
      this.#note(request, door.refusal.status);
      refuseUpgrade(stream, door.refusal);
      return;
    }
    this.#note(request, 101);
    this.#server.handleUpgrade(request, stream, head, (socket) => door.enter(socket, stream));
  }

  #door(request: IncomingMessage, path: string, query: URLSearchParams): Door | undefined {
    const [kind, name] = /^ws\/(outpost|outpost_rac|rac\/bulk|rac)\/([^/]+)\/$/.exec(path)?.slice(1) ?? [];
    const id = decodePathPart(name);
    if (id === undefined) return undefined;
    if (kind === 'outpost') return this.#eventDoor(request, id, query);
    if (kind === 'outpost_rac') return this.#sessionDoor(request, id);
    if (kind === 'rac/bulk') return this.#bulkDoor(request, id);
    return this.#browserDoor(request, id, query);
  }

  #eventDoor(request: IncomingMessage, pk: string, query: URLSearchParams): Door {
    const { connections, events, outpostPk } = this.#options;
    const uuid = query.get('instance_uuid');
    const wrong = pk !== outpostPk || uuid === null;
    return {
      part: 'events',
      refusal: wrong ? textAnswer(403, 'Access denied.') : this.#refusal(request),
      enter: (socket, stream) => {
        const channel = connections.channel(socket, stream, 'events');
        if (channel) events.accept(channel, uuid ?? '', query.get('attempt'));
      },
    };
  }

  #sessionDoor(request: IncomingMessage, id: string): Door {
    const { connections, sessions } = this.#options;
    return {
      part: 'sessions',
      refusal: this.#refusal(request),
      enter: (socket, stream) => {
        const channel = connections.channel(socket, stream, 'sessions');
        if (channel) sessions.attach(id, channel);
      },
    };
  }

  #bulkDoor(request: IncomingMessage, id: string): Door {
    const { connections, pipes } = this.#options;
    const tenant = request.headers['x-rac-tenant'];
    const admitted = pipes.isAdmitted(id, typeof tenant === 'string' ? tenant : undefined);
    return {
      part: 'sessions',
      refusal: admitted ? this.#refusal(request) : textAnswer(403, 'Access denied.'),
      enter: (socket, stream) => {
        const channel = connections.channel(socket, stream, 'sessions');
        if (channel) pipes.attach(id, channel);
      },
    };
  }

  #browserDoor(request: IncomingMessage, token: string, query: URLSearchParams): Door {
    const { connections, sessions, tokens } = this.#options;
    const reason = browserRefusal(request);
    return {
      part: 'browser',
      refusal: reason === undefined ? undefined : textAnswer(403, reason),
      enter: (socket, stream) => {
        const wish = tokens.get(token);
        const channel = connections.channel(socket, stream, 'browser');
        // authentik accepts first and closes then.
        if (channel && wish) sessions.open(channel, token, wish, query);
        else socket.close();
      },
    };
  }

  #refusal(request: IncomingMessage): PlainAnswer | undefined {
    return bearerOf(request) === this.#options.token ? undefined : textAnswer(403, 'Access denied.');
  }

  /** Lets the faults of the moment strike; true where nothing is left to do. */
  async #strike(request: IncomingMessage, stream: Duplex, part: Part): Promise<boolean> {
    const { faults, connections } = this.#options;
    await faults.admit(part);
    if (stream.destroyed) return true;
    const { answer, noUpgrade } = faults.for(part);
    if (answer === 'rst') {
      this.#note(request, 0);
      connections.below(stream)?.resetAndDestroy();
      return true;
    }
    const plain =
      noUpgrade === null ? faultAnswer(answer) : textAnswer(noUpgrade, 'This proxy passes no websockets.');
    if (!plain) return false;
    this.#note(request, plain.status);
    refuseUpgrade(stream, plain);
    return true;
  }

  #note(request: IncomingMessage, status: number): void {
    this.#options.journal.addRequest({
      method: request.method ?? '',
      target: request.url ?? '',
      userAgent: request.headers['user-agent'],
      authorized: bearerOf(request) === this.#options.token,
      upgrade: true,
      status,
    });
  }
}

function decodePathPart(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

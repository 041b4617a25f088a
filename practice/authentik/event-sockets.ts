import * as v from 'valibot';
import type { Channel } from './channel.ts';
import type { Instances } from './instances.ts';
import type { Journal } from './journal.ts';

/** What the `instruction` of a frame means. Source: protocol, section 2. */
export const EventInstruction = {
  ack: 0,
  hello: 1,
  triggerUpdate: 2,
  providerSpecific: 3,
  sessionEnd: 4,
} as const;

const FrameSchema = v.object({
  instruction: v.pipe(v.number(), v.integer()),
  args: v.optional(v.record(v.string(), v.unknown()), {}),
});

interface EventSocket {
  readonly channel: Channel;
  readonly instanceUuid: string;
}

/** The event websockets of all outpost processes. */
export class EventSockets {
  readonly #sockets = new Set<EventSocket>();
  readonly #instances: Instances;
  readonly #journal: Journal;

  constructor(instances: Instances, journal: Journal) {
    this.#instances = instances;
    this.#journal = journal;
  }

  get size(): number {
    return this.#sockets.size;
  }

  accept(channel: Channel, instanceUuid: string, attempt: string | null): void {
    const socket: EventSocket = { channel, instanceUuid };
    this.#sockets.add(socket);
    this.#instances.opened(instanceUuid);
    channel.onFrame(({ data }) => this.#receive(socket, data.toString(), attempt));
    channel.onClose(() => {
      this.#sockets.delete(socket);
      this.#instances.closed(instanceUuid);
      this.#journal.touch();
    });
    this.#journal.touch();
  }

  /** Sends `frame` to one instance, or to all; returns how many websockets it went to. */
  send(frame: string | Buffer, instanceUuid?: string): number {
    let reached = 0;
    for (const { channel, instanceUuid: uuid } of this.#sockets) {
      if (!channel.open || channel.frozen || (instanceUuid !== undefined && uuid !== instanceUuid)) continue;
      channel.send(frame, Buffer.isBuffer(frame));
      reached += 1;
    }
    return reached;
  }

  #receive({ channel, instanceUuid }: EventSocket, text: string, attempt: string | null): void {
    const decoded = v.safeParse(FrameSchema, parse(text));
    if (!decoded.success) {
      this.#journal.addOddity(
        'An event frame from the outpost was not an instruction; authentik ends the websocket.',
      );
      channel.close(1011);
      return;
    }
    const { instruction, args } = decoded.output;
    if (instruction === EventInstruction.ack) return;
    if (instruction === EventInstruction.hello) {
      this.#instances.hello(instanceUuid, args);
      this.#journal.addHello({ instanceUuid, attempt, args });
    } else {
      this.#journal.addOddity(`The outpost sent instruction ${instruction}, which is not its to send.`);
    }
    channel.send(JSON.stringify({ instruction: EventInstruction.ack, args: {} }));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

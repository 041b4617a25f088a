import * as v from 'valibot';

/** Numbers of the event websocket's instructions. Source: authentik's outpost protocol. */
export const EventInstruction = {
  ack: 0,
  hello: 1,
  triggerUpdate: 2,
  providerSpecific: 3,
  sessionEnd: 4,
} as const;

/** What authentik says on the event websocket. */
export type EventMessage =
  | { readonly kind: 'ack' }
  | { readonly kind: 'update' }
  | { readonly kind: 'open'; readonly channel: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: 'end'; readonly sessionId: string }
  | { readonly kind: 'unknown'; readonly what: string }
  | { readonly kind: 'malformed'; readonly why: string };

const Frame = v.object({
  instruction: v.pipe(v.number(), v.integer()),
  args: v.nullish(v.record(v.string(), v.unknown()), {}),
});

const OpenArgs = v.looseObject({
  sub_type: v.literal('init_connection'),
  dest_channel_id: v.pipe(v.string(), v.minLength(1), v.maxLength(512)),
});

const EndArgs = v.looseObject({ session_id: v.pipe(v.string(), v.minLength(1), v.maxLength(512)) });

/** One text frame, decoded. Never throws: what cannot be read is a message too. */
export function decodeEventMessage(frame: Buffer): EventMessage {
  let json: unknown;
  try {
    json = JSON.parse(frame.toString('utf8'));
  } catch {
    return { kind: 'malformed', why: `${frame.length} bytes that are not JSON` };
  }
  const parsed = v.safeParse(Frame, json);
  if (!parsed.success) return { kind: 'malformed', why: 'JSON without an instruction number' };
  const { instruction, args } = parsed.output;
  switch (instruction) {
    case EventInstruction.ack:
      return { kind: 'ack' };
    case EventInstruction.triggerUpdate:
      return { kind: 'update' };
    case EventInstruction.providerSpecific:
      return decodeOpen(args);
    case EventInstruction.sessionEnd:
      return decodeEnd(args);
    default:
      return { kind: 'unknown', what: `instruction ${instruction}` };
  }
}

function decodeOpen(args: Record<string, unknown>): EventMessage {
  if (args['sub_type'] !== 'init_connection')
    return { kind: 'unknown', what: 'a provider event of another kind' };
  const open = v.safeParse(OpenArgs, args);
  if (!open.success) return { kind: 'malformed', why: 'a session request without a usable dest_channel_id' };
  return { kind: 'open', channel: open.output.dest_channel_id, args };
}

function decodeEnd(args: Record<string, unknown>): EventMessage {
  const end = v.safeParse(EndArgs, args);
  if (!end.success) return { kind: 'malformed', why: 'a session end without a usable session_id' };
  return { kind: 'end', sessionId: end.output.session_id };
}

/** What the outpost says of itself in every hello. Source: authentik's `OutpostState`. */
export interface Hello {
  readonly version: string;
  readonly buildHash: string;
  readonly uuid: string;
  readonly hostname: string;
  /** The reference sends Go's version here; this is Node's. */
  readonly golangVersion: string;
  readonly opensslEnabled: boolean;
  readonly opensslVersion: string;
  readonly fipsEnabled: boolean;
  readonly active_connections: number;
}

export function encodeHello(hello: Hello): string {
  return JSON.stringify({ instruction: EventInstruction.hello, args: hello });
}

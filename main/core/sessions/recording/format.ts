import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Moment } from '../../status.ts';

/**
 * A recording is one line of JSON that says what it is, then blocks: a head of 14 bytes and a payload each. What a
 * crash leaves is whole up to its last whole block.
 *
 *     4 bytes  length of the payload, big endian
 *     1 byte   kind: 1 instructions, 2 the end
 *     1 byte   how the payload is written: bit 0 deflated, bit 1 sealed
 *     8 bytes  milliseconds since the session's recording began, big endian
 */
export const RECORDING_VERSION = 1;
export const HEAD_BYTES = 14;
/** Longest line of JSON at the beginning, in bytes. */
export const MAX_HEADER_BYTES = 64 * 1024;
/** Longest payload that is read, in bytes; those that are written are far shorter, but one instruction may be long. */
export const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

const text = v.pipe(v.string(), v.maxLength(1024));

const headerSchema = v.looseObject({
  sallyport: v.literal('recording'),
  version: v.literal(RECORDING_VERSION),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/)),
  session: text,
  source: v.picklist(['authentik', 'local', 'watch']),
  protocol: text,
  user: v.nullable(text),
  machine: text,
  /** Milliseconds since 1970. */
  startedAt: v.number(),
  /** Whether keys are in it. */
  keys: v.boolean(),
  /** What the blocks are sealed with; see `seal.ts`. Null where everybody who has the file can read it. */
  seal: v.nullable(v.record(v.string(), text)),
});

/** What a recording is of. */
export type RecordingHeader = v.InferOutput<typeof headerSchema>;

export type BlockKind = 'instructions' | 'end';

/** What the head of a block says of it. */
export interface Block {
  readonly kind: BlockKind;
  readonly isDeflated: boolean;
  readonly isSealed: boolean;
  /** Milliseconds since the recording began. */
  readonly at: Moment;
  /** Of the payload, in bytes. */
  readonly length: number;
}

/** How a recording ended, as its last block says; one without has broken off. */
export const endSchema = v.object({
  /** In words of `EndReason`, or `disk` where the recording ended before the session. */
  reason: text,
  bytes: v.number(),
});
export type RecordingEnd = v.InferOutput<typeof endSchema>;

const DEFLATED = 1;
const SEALED = 2;
const KINDS: readonly (BlockKind | undefined)[] = [undefined, 'instructions', 'end'];

export function encodeHeader(header: RecordingHeader): Buffer {
  return Buffer.from(`${JSON.stringify(header)}\n`);
}

/** Null for what is no recording of this version. */
export function decodeHeader(line: string): RecordingHeader | null {
  try {
    const decoded = v.safeParse(headerSchema, JSON.parse(line));
    return decoded.success ? decoded.output : null;
  } catch {
    return null;
  }
}

export function encodeHead({ kind, isDeflated, isSealed, at, length }: Block): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(length, 0);
  head.writeUInt8(KINDS.indexOf(kind), 4);
  head.writeUInt8((isDeflated ? DEFLATED : 0) | (isSealed ? SEALED : 0), 5);
  head.writeBigUInt64BE(BigInt(Math.max(0, Math.round(at))), 6);
  return head;
}

/** A block's head; null for what is none, such as the rest of one that was torn. */
export function decodeHead(head: Buffer): Block | null {
  if (head.length < HEAD_BYTES) return null;
  const length = head.readUInt32BE(0);
  const kind = KINDS[head.readUInt8(4)];
  const flags = head.readUInt8(5);
  if (kind === undefined || flags > (DEFLATED | SEALED) || length > MAX_PAYLOAD_BYTES) return null;
  const at = Number(head.readBigUInt64BE(6));
  return { length, kind, at, isDeflated: (flags & DEFLATED) !== 0, isSealed: (flags & SEALED) !== 0 };
}

/** The first line as every block of a sealed recording knows it: nobody gives a recording another person's name. */
export function headerHash(line: Buffer): Buffer {
  return createHash('sha256').update(line).digest();
}

/** What is bound into a sealed block: whose recording it is of, where in it, and what its head says. */
export function placeOf(
  header: Buffer,
  index: number,
  { kind, isDeflated, at }: Pick<Block, 'kind' | 'isDeflated' | 'at'>,
): Buffer {
  const place = `${index} ${kind} ${isDeflated ? 'deflated' : 'plain'} ${Math.max(0, Math.round(at))}`;
  return Buffer.concat([header, Buffer.from(place)]);
}

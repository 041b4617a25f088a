import * as v from 'valibot';

/** authentik's own words on a session's websocket, without Guacamole's framing. */
const PREFIXES = { list: '0.authentik.list.', bulk: '0.authentik.bulk.' } as const;
const PREFIX_BYTES = PREFIXES.list.length;
/** Longest request, in bytes, without what it begins with. */
export const MAX_REQUEST_BYTES = 8192;

/** What is answered, in HTTP's numbers. */
export const FileStatus = {
  ok: 200,
  badRequest: 400,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooMany: 429,
  unavailable: 503,
} as const;
export type FileStatus = (typeof FileStatus)[keyof typeof FileStatus];

export interface ListRequest {
  readonly kind: 'list';
  readonly request: string;
  readonly path: string;
  /** The last name of the page before; empty for the first. */
  readonly cursor: string;
}

export interface PrepareRequest {
  readonly kind: 'prepare';
  readonly request: string;
  readonly id: string;
  readonly path: string;
  readonly direction: 'upload' | 'download';
  /** Bytes of an upload; nothing for a download. */
  readonly size: number;
  readonly tenant: string;
}

/** What authentik asks on a session's websocket about its drive. */
export type FileRequest =
  | ListRequest
  | PrepareRequest
  | { readonly kind: 'finish' | 'cancel'; readonly request: string; readonly id: string }
  /** It cannot be understood, but whoever waits for it can be told so. */
  | { readonly kind: 'refused'; readonly on: 'list' | 'bulk'; readonly request: string }
  /** Not even that: it is ignored. */
  | { readonly kind: 'unreadable'; readonly why: string };

const requestId = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{32}$/));
/** It becomes a part of a URL and, the tenant, of a header. */
const transferId = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{36}$/));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const List = v.object({ request: requestId, path: v.string(), cursor: v.optional(v.string(), '') });

const place = { request: requestId, id: transferId, path: v.string() };
const tenant = v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{0,255}$/)), '');
const Bulk = v.union([
  v.object({ ...place, action: v.literal('prepare'), direction: v.literal('upload'), size, tenant }),
  v.object({
    ...place,
    action: v.literal('prepare'),
    direction: v.literal('download'),
    size: v.optional(size, 0),
    tenant,
  }),
  v.object({ request: requestId, id: transferId, action: v.picklist(['finish', 'cancel']) }),
]);

const Asked = v.object({ request: requestId });

/** Whether authentik asks something of the drive: not for guacd, whatever it is. */
export function isFileRequest(frame: Buffer): boolean {
  if (frame.length < PREFIX_BYTES || frame[0] !== 0x30) return false;
  const prefix = frame.toString('latin1', 0, PREFIX_BYTES);
  return prefix === PREFIXES.list || prefix === PREFIXES.bulk;
}

/** A frame for which `isFileRequest` holds, decoded. Never throws. */
export function decodeFileRequest(frame: Buffer): FileRequest {
  const on = frame.toString('latin1', 0, PREFIX_BYTES) === PREFIXES.list ? 'list' : 'bulk';
  const body = frame.subarray(PREFIX_BYTES);
  if (body.length > MAX_REQUEST_BYTES) return unreadable(`it is longer than ${MAX_REQUEST_BYTES} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return unreadable('it is not JSON');
  }
  const decoded = on === 'list' ? decodeList(json) : decodeBulk(json);
  if (decoded) return decoded;
  const asked = v.safeParse(Asked, json);
  return asked.success
    ? { kind: 'refused', on, request: asked.output.request }
    : unreadable('it has no usable name for its answer');
}

function decodeList(json: unknown): FileRequest | undefined {
  const list = v.safeParse(List, json);
  return list.success ? { kind: 'list', ...list.output } : undefined;
}

function decodeBulk(json: unknown): FileRequest | undefined {
  const bulk = v.safeParse(Bulk, json);
  if (!bulk.success) return undefined;
  const { action, ...rest } = bulk.output;
  return 'path' in rest
    ? { kind: 'prepare', ...rest }
    : { kind: action === 'cancel' ? 'cancel' : 'finish', ...rest };
}

export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'directory';
  /** In bytes; null for a directory. */
  readonly size: number | null;
}

export interface ListReply {
  readonly request: string;
  readonly status: FileStatus;
  readonly entries: readonly Entry[];
  /** The last name where there are more; else empty. */
  readonly cursor: string;
}

export function encodeListReply({ request, status, entries, cursor }: ListReply): Buffer {
  return Buffer.from(`${PREFIXES.list}${JSON.stringify({ request, status, entries, cursor })}`);
}

/**
 * The answer to a request. Without the transfer's id: authentik takes every message with one as the transfer's end,
 * and would forget a transfer that has only just been prepared.
 */
export function encodeBulkReply(request: string, status: FileStatus, size: number): Buffer {
  return Buffer.from(`${PREFIXES.bulk}${JSON.stringify({ request, status, size })}`);
}

/** The last word about a transfer. */
export function encodeTransferEnd(id: string, isGood: boolean): Buffer {
  const status = isGood ? FileStatus.ok : FileStatus.unavailable;
  return Buffer.from(`${PREFIXES.bulk}${JSON.stringify({ id, status, size: 0 })}`);
}

function unreadable(why: string): FileRequest {
  return { kind: 'unreadable', why };
}

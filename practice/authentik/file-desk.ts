import { randomBytes, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { BulkPipes } from './bulk-pipes.ts';

/** A file or directory of a session's drive, as the outpost told it. */
export interface DriveEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'directory';
  /** In bytes; null for a directory. */
  readonly size: number | null;
}

export interface DriveListing {
  readonly status: number;
  readonly entries: readonly DriveEntry[];
  readonly cursor: string;
}

export interface TransferWish {
  readonly direction: 'upload' | 'download';
  readonly path: string;
  /** Bytes of an upload. */
  readonly size?: number | undefined;
}

export interface PreparedTransfer {
  readonly status: number;
  readonly id: string;
  readonly size: number;
}

export interface FileDeskOptions {
  /** Sends a frame to the session's outpost. */
  readonly tell: (frame: string) => void;
  readonly pipes: BulkPipes;
  readonly onOddity: (sentence: string) => void;
}

const ListReply = v.object({
  request: v.string(),
  status: v.number(),
  entries: v.array(
    v.object({
      name: v.string(),
      path: v.string(),
      kind: v.picklist(['file', 'directory']),
      size: v.nullable(v.number()),
    }),
  ),
  cursor: v.optional(v.string(), ''),
});
const BulkReply = v.object({
  request: v.optional(v.string(), ''),
  id: v.optional(v.string(), ''),
  status: v.number(),
  size: v.optional(v.number(), 0),
});
type ListReply = v.InferOutput<typeof ListReply>;
type BulkReply = v.InferOutput<typeof BulkReply>;

const MAX_LIST_CHARACTERS = 128 * 1024;
const MAX_BULK_CHARACTERS = 8 * 1024;
/** What authentik calls a tenant; a schema of its database. */
const TENANT = 'public';
const PATIENCE_MS = 60_000;

/** Where newest authentik asks a session's outpost about files. It sees no byte of them. */
export class FileDesk {
  readonly #options: FileDeskOptions;
  readonly #lists = new Map<string, (reply: ListReply) => void>();
  readonly #bulks = new Map<string, (reply: BulkReply) => void>();
  /** How each transfer has ended, by its id. */
  readonly #ends = new Map<string, number>();

  constructor(options: FileDeskOptions) {
    this.#options = options;
  }

  /** The status of a transfer's last word; undefined while there was none. */
  endOf(id: string): number | undefined {
    return this.#ends.get(id);
  }

  async list(path: string, cursor = ''): Promise<DriveListing> {
    const reply = await this.#ask('list', { path, cursor }, this.#lists);
    return reply ?? { status: 503, entries: [], cursor: '' };
  }

  /** Asks for a transfer; bytes may go over `BulkPipes` when it is answered with 200. */
  async prepare({ direction, path, size = 0 }: TransferWish): Promise<PreparedTransfer> {
    const { pipes } = this.#options;
    const id = randomUUID();
    pipes.expect(id, { tenant: TENANT });
    const reply = await this.#ask(
      'bulk',
      { action: 'prepare', id, path, direction, size, tenant: TENANT },
      this.#bulks,
    );
    const status = reply?.status ?? 503;
    if (status !== 200 || !pipes.admit(id, direction, reply?.size ?? 0)) {
      pipes.forget(id);
      // As authentik does: a transfer that ended before it was answered is none.
      return { status: status === 200 ? 503 : status, id, size: 0 };
    }
    return { status, id, size: reply?.size ?? 0 };
  }

  finish(id: string): Promise<number> {
    return this.#act('finish', id);
  }

  cancel(id: string): Promise<number> {
    return this.#act('cancel', id);
  }

  /** A message on authentik's own channel from the outpost. */
  hear(message: string): void {
    const [, on, body = ''] = /^0\.authentik\.(list|bulk)\.(.*)$/s.exec(message) ?? [];
    if (on === 'list') this.#hearList(body);
    else if (on === 'bulk') this.#hearBulk(body);
    else
      this.#options.onOddity('The outpost said something on authentik’s own channel that it does not know.');
  }

  async #act(action: 'finish' | 'cancel', id: string): Promise<number> {
    const reply = await this.#ask(
      'bulk',
      { action, id, path: '', direction: '', size: 0, tenant: TENANT },
      this.#bulks,
    );
    if (action === 'cancel' || reply?.status === 200) this.#options.pipes.forget(id);
    return reply?.status ?? 503;
  }

  #ask<T>(
    on: 'list' | 'bulk',
    body: object,
    waiting: Map<string, (reply: T) => void>,
  ): Promise<T | undefined> {
    const request = randomBytes(16).toString('hex');
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(request);
        resolve(undefined);
      }, PATIENCE_MS);
      timer.unref();
      waiting.set(request, (reply) => {
        clearTimeout(timer);
        waiting.delete(request);
        resolve(reply);
      });
      this.#options.tell(`0.authentik.${on}.${JSON.stringify({ request, ...body })}`);
    });
  }

  #hearList(body: string): void {
    const reply = body.length > MAX_LIST_CHARACTERS ? undefined : parse(ListReply, body);
    const answer = reply && this.#lists.get(reply.request);
    if (reply && answer) answer(reply);
    else this.#options.onOddity('The outpost sent a listing that authentik drops.');
  }

  #hearBulk(body: string): void {
    const reply = body.length > MAX_BULK_CHARACTERS ? undefined : parse(BulkReply, body);
    if (!reply) {
      this.#options.onOddity('The outpost sent a word about a transfer that authentik drops.');
      return;
    }
    // To authentik every message with an id is the end of that transfer, also an answer.
    if (reply.id !== '') {
      this.#ends.set(reply.id, reply.status);
      this.#options.pipes.end(reply.id);
    }
    if (reply.request !== '') this.#bulks.get(reply.request)?.(reply);
  }
}

function parse<T>(schema: v.GenericSchema<unknown, T>, body: string): T | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(body));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

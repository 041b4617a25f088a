import type { Logger } from '../../base/logger.ts';
import type { TransferStatus } from '../../status.ts';
import type { OpenBulkSocket } from './bulk-socket.ts';
import { hasHeldDirectories } from './directory.ts';
import type { FileLimits } from './file-limits.ts';
import { listDirectory } from './listing.ts';
import {
  decodeFileRequest,
  encodeBulkReply,
  encodeListReply,
  encodeTransferEnd,
  type FileRequest,
  FileStatus,
  type ListRequest,
  type PrepareRequest,
} from './messages.ts';
import { prepareWork } from './prepare.ts';
import { type FileRights, isRefusedName } from './rights.ts';
import { Transfer, type TransferEnd } from './transfer.ts';
import type { Turns } from './turns.ts';
import type { Work } from './work.ts';

/** A transfer that has come to a good end, for whoever keeps a journal. */
export interface FinishedTransfer {
  readonly path: string;
  readonly direction: TransferStatus['direction'];
  readonly size: number;
  /** SHA-256 of what was moved, as hexadecimal digits. */
  readonly sha256: string;
}

export interface DriveFilesOptions {
  /** What may be done; null where the session has no drive that files could be on. Known when the session is live. */
  readonly rights: () => FileRights | null;
  /** Whether the drive lies on another machine, with guacd, where nobody here can reach it. */
  readonly isElsewhere: boolean;
  readonly openBulk: OpenBulkSocket;
  /** Sends a message of its own to authentik; `sent` is called when it has left. */
  readonly reply: (message: Buffer, sent: () => void) => void;
  /** Shared by everyone, so that the picture always has its turn. */
  readonly turns: Turns;
  readonly limits: FileLimits;
  readonly logger: Logger;
  /** Called when a transfer begins or ends, and every second while one moves. */
  readonly onChange: () => void;
  readonly onFinished: (transfer: FinishedTransfer) => void;
}

const PROGRESS_MS = 1_000;
const ELSEWHERE = {
  reason: 'guacd runs elsewhere, and the drive’s files lie there.',
  advice: 'Let the outpost run its own guacd (guacd.target “managed”), or do without files in the browser.',
} as const;
const NOT_LINUX = {
  reason: 'Only Linux has what keeps a drive’s files apart from all others.',
  advice: 'Run the outpost on Linux, or do without files in the browser.',
} as const;

interface Entry {
  readonly asked: PrepareRequest;
  /** Undefined while the file is being opened. */
  transfer: Transfer | undefined;
  work: Work | undefined;
  cancelled: boolean;
  over: Promise<void>;
}

/** The files on a session's drive, as authentik asks for them on the session's websocket. */
export class DriveFiles {
  readonly #options: DriveFilesOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #busy = new Set<Promise<void>>();
  #root: string | undefined;
  /** Says that there is progress to show, while anything moves. */
  #progress: NodeJS.Timeout | undefined;
  #listings = 0;
  #unsent = 0;
  #told = false;
  #over = false;

  constructor(options: DriveFilesOptions) {
    this.#options = options;
  }

  /** Where the drive lies, as soon as it is there. */
  useDrive(root: string): void {
    this.#root = root;
  }

  /** The transfers of this moment, oldest first. */
  get transfers(): readonly TransferStatus[] {
    return [...this.#entries.values()].map(({ asked, work }) => ({
      path: asked.path,
      direction: asked.direction,
      size: work?.size ?? asked.size,
      done: work?.done ?? 0,
    }));
  }

  /** What was not sent yet to the person's end is never sent: it has gone. */
  peerLost(): void {
    this.#unsent = 0;
  }

  /** Takes a message for which `isFileRequest` holds. Never throws: whatever it is, the session goes on. */
  take(frame: Buffer): void {
    if (this.#over || this.#unsent >= this.#options.limits.unsent) return;
    const asked = decodeFileRequest(frame);
    const doing = this.#do(asked).catch((error: unknown) =>
      this.#options.logger.log('error', 'A request for files failed', { error }),
    );
    this.#keep(doing);
  }

  /** Ends all transfers; resolves when nothing of them is left in the drive. Nothing is answered any more. */
  async end(): Promise<void> {
    this.#over = true;
    for (const entry of [...this.#entries.values()]) this.#cancel(entry);
    // A request that is still being worked on may bring one more.
    while (this.#busy.size > 0) await Promise.all(this.#busy);
  }

  async #do(asked: FileRequest): Promise<void> {
    switch (asked.kind) {
      case 'list':
        return this.#list(asked);
      case 'prepare':
        return this.#prepare(asked);
      case 'finish':
        return this.#finish(asked.request, asked.id);
      case 'cancel':
        return this.#cancelled(asked.request, asked.id);
      case 'refused':
        return asked.on === 'list'
          ? this.#emptyList(asked.request, FileStatus.badRequest)
          : this.#answer(asked.request, FileStatus.badRequest);
      case 'unreadable':
        // Once: a peer that sends thousands must not fill the log.
        if (!this.#told)
          this.#options.logger.log('warning', 'A request for files was ignored', { reason: asked.why });
        this.#told = true;
        return;
      default:
        asked satisfies never;
    }
  }

  async #list(asked: ListRequest): Promise<void> {
    const missing = this.#missing(FileStatus.notFound);
    if (missing !== undefined || this.#root === undefined)
      return this.#emptyList(asked.request, missing ?? FileStatus.unavailable);
    if (this.#listings >= this.#options.limits.listings)
      return this.#emptyList(asked.request, FileStatus.unavailable);
    this.#listings += 1;
    try {
      const { reply, unspoken } = await listDirectory(this.#root, asked);
      if (unspoken.count > 0)
        this.#options.logger.log('warning', 'Files on the drive have names that no browser can be told', {
          path: asked.path,
          ...unspoken,
        });
      this.#send(encodeListReply(reply));
    } finally {
      this.#listings -= 1;
    }
  }

  async #prepare(asked: PrepareRequest): Promise<void> {
    const { request, id, direction } = asked;
    const { limits, turns } = this.#options;
    const rights = this.#options.rights();
    const missing = this.#missing(FileStatus.notFound);
    if (missing !== undefined) return this.#answer(request, missing);
    if (rights?.[direction] !== true) return this.#refuse(asked, FileStatus.forbidden);
    if (isRefusedName(rights, asked.path))
      return this.#refuse(
        asked,
        FileStatus.forbidden,
        'a guardrail of this host lets no file of this name pass',
      );
    if (this.#entries.has(id) || this.#entries.size >= limits.transfers)
      return this.#refuse(asked, FileStatus.tooMany);
    if (this.#root === undefined) return this.#answer(request, FileStatus.unavailable);
    const entry: Entry = {
      asked,
      transfer: undefined,
      work: undefined,
      cancelled: false,
      over: Promise.resolve(),
    };
    // Counted before anything is waited for: sixteen is sixteen, however fast they are asked for.
    this.#entries.set(id, entry);
    const { status, reason, work } = await prepareWork(this.#root, asked, turns);
    if (!work || this.#over || entry.cancelled) {
      await work?.discard();
      this.#forget(id);
      return this.#refuse(asked, work ? FileStatus.conflict : status, reason);
    }
    // The size of what is downloaded is known only now.
    if (rights.maxBytes !== null && work.size > rights.maxBytes) {
      await work.discard();
      this.#forget(id);
      return this.#refuse(
        asked,
        FileStatus.forbidden,
        `a guardrail of this host lets at most ${rights.maxBytes} bytes pass`,
      );
    }
    this.#begin(entry, work);
    this.#answer(request, FileStatus.ok, work.size);
  }

  #begin(entry: Entry, work: Work): void {
    const { openBulk, limits, onChange } = this.#options;
    const { id, tenant } = entry.asked;
    const transfer = new Transfer(work, {
      id,
      tenant,
      openBulk,
      idleMs: limits.idleMs,
      onEnd: () => {
        // At once: who hears that one is finished may begin the next.
        this.#forget(id);
        onChange();
      },
    });
    entry.work = work;
    entry.transfer = transfer;
    entry.over = transfer.run().then((end) => {
      this.#tell(entry.asked, work, end);
      this.#send(encodeTransferEnd(id, end.kind === 'finished'));
    });
    this.#keep(entry.over);
    this.#progress ??= setInterval(onChange, PROGRESS_MS);
    onChange();
  }

  #forget(id: string): void {
    this.#entries.delete(id);
    if (this.#entries.size > 0) return;
    clearInterval(this.#progress);
    this.#progress = undefined;
  }

  /** Waits for it at the session's end. */
  #keep(doing: Promise<void>): void {
    this.#busy.add(doing);
    void doing.then(() => this.#busy.delete(doing));
  }

  async #finish(request: string, id: string): Promise<void> {
    const transfer = this.#entries.get(id)?.transfer;
    if (!transfer || transfer.isOver) return this.#answer(request, FileStatus.notFound);
    this.#answer(request, await transfer.finish());
  }

  async #cancelled(request: string, id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry) {
      this.#cancel(entry);
      await entry.over;
    }
    this.#answer(request, FileStatus.ok);
  }

  #cancel(entry: Entry): void {
    entry.cancelled = true;
    entry.transfer?.cancel();
  }

  /** Why there is no drive to work on; undefined where there is one. */
  #missing(status: FileStatus): FileStatus | undefined {
    const { rights, isElsewhere, logger } = this.#options;
    if (rights() === null) return status;
    if (!isElsewhere && hasHeldDirectories()) return undefined;
    if (!this.#told)
      logger.log('warning', 'Files of the drive cannot be passed on', isElsewhere ? ELSEWHERE : NOT_LINUX);
    this.#told = true;
    return status;
  }

  #refuse(asked: PrepareRequest, status: FileStatus, reason?: string): void {
    const { path, direction, size } = asked;
    this.#options.logger.log('warning', 'A transfer was refused', {
      path,
      direction,
      size,
      status,
      ...(reason !== undefined && { reason }),
    });
    this.#answer(asked.request, status);
  }

  #tell({ path, direction }: PrepareRequest, work: Work, end: TransferEnd): void {
    const { logger, onFinished } = this.#options;
    const { size, done } = work;
    if (end.kind === 'finished') {
      const finished: FinishedTransfer = { path, direction, size, sha256: work.digest() };
      logger.log('info', 'File transferred', { ...finished });
      onFinished(finished);
      return;
    }
    const why = end.kind === 'failed' ? { code: end.error.code, reason: end.error.message } : {};
    const event = end.kind === 'failed' ? 'A transfer failed' : 'A transfer was cancelled';
    logger.log(end.kind === 'failed' ? 'warning' : 'info', event, { path, direction, size, done, ...why });
  }

  #emptyList(request: string, status: FileStatus): void {
    this.#send(encodeListReply({ request, status, entries: [], cursor: '' }));
  }

  #answer(request: string, status: FileStatus, size = 0): void {
    this.#send(encodeBulkReply(request, status, size));
  }

  #send(message: Buffer): void {
    if (this.#over) return;
    this.#unsent += 1;
    this.#options.reply(message, () => {
      this.#unsent = Math.max(0, this.#unsent - 1);
    });
  }
}

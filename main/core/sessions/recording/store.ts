import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../base/logger.ts';
import { isMissing } from '../../base/missing.ts';
import { SallyportError } from '../../errors.ts';
import type { Moment } from '../../status.ts';
import { RecordingReader, type RecordingSummary } from './reader.ts';
import type { BlockSeal } from './seal.ts';

export interface KeepingLimits {
  /** Bytes of all recordings together. */
  readonly maxBytes: number;
  /** Milliseconds that a recording is kept; null for as long as there is room. */
  readonly maxAgeMs: number | null;
}

/** A recording as a list shows it; `running` while it is still written. */
export interface ListedRecording extends RecordingSummary {
  readonly running: boolean;
}

const NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.recording$/;

interface Found {
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  readonly changedAt: Moment;
}

/** The recordings of a folder: listed, read, and removed when they are too many or too old, never a running one. */
export class RecordingStore {
  readonly folder: string;
  readonly #logger: Logger;
  readonly #running = new Set<string>();
  /** What was read of files that do not change any more. */
  readonly #known = new Map<string, { readonly changedAt: Moment; readonly summary: RecordingSummary }>();

  constructor(folder: string, logger: Logger) {
    this.folder = folder;
    this.#logger = logger;
  }

  /** Where a new recording goes; it is not removed until it is released. */
  readonly claim = (id: string): string => {
    this.#running.add(id);
    return this.#path(id);
  };

  readonly release = (id: string): void => {
    this.#running.delete(id);
  };

  /** Whether it is still written. */
  isRunning(id: string): boolean {
    return this.#running.has(id);
  }

  /** Newest first. What cannot be read is left out, and said in the log once. */
  async list(
    sealOf: (summary: RecordingReader) => BlockSeal | null = () => null,
  ): Promise<readonly ListedRecording[]> {
    const listed: ListedRecording[] = [];
    for (const found of await this.#files()) {
      const summary = await this.#summary(found, sealOf);
      if (summary !== null) listed.push({ ...summary, running: this.#running.has(found.id) });
    }
    return listed.sort((left, right) => right.header.startedAt - left.header.startedAt);
  }

  /** Opens one for reading; whoever gets it closes it. Rejects with `recording-unreadable`. */
  open(id: string): Promise<RecordingReader> {
    if (!NAME.test(`${id}.recording`)) return Promise.reject(noSuch());
    return RecordingReader.open(this.#path(id));
  }

  /** Rejects with `recording-unreadable` where there is none, or it is still written. */
  async remove(id: string): Promise<void> {
    if (this.#running.has(id))
      throw new SallyportError('recording-unreadable', 'That session is still recorded.', {
        advice: 'End it first, or wait until it has ended.',
      });
    if (!NAME.test(`${id}.recording`)) throw noSuch();
    try {
      await unlink(this.#path(id));
      this.#known.delete(id);
    } catch (error) {
      if (!isMissing(error)) throw SallyportError.from(error, 'The recording', 'file-unwritable');
      throw noSuch(error);
    }
  }

  /** Removes the oldest until what is left is within the limits. Resolves with the ids of those that went. */
  async sweep({ maxBytes, maxAgeMs }: KeepingLimits, now: Moment = Date.now()): Promise<readonly string[]> {
    const files = [...(await this.#files())].sort((left, right) => left.changedAt - right.changedAt);
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const removed: string[] = [];
    for (const file of files) {
      const isOld = maxAgeMs !== null && now - file.changedAt > maxAgeMs;
      if (!isOld && bytes <= maxBytes) continue;
      if (this.#running.has(file.id)) continue;
      // One that cannot be removed keeps its place; those that can must not wait for it.
      if (!(await this.#removed(file.id))) continue;
      bytes -= file.bytes;
      removed.push(file.id);
    }
    if (removed.length > 0)
      this.#logger.log('info', 'Old recordings were removed', { recordings: removed.length });
    return removed;
  }

  async #removed(id: string): Promise<boolean> {
    try {
      await this.remove(id);
      return true;
    } catch (error) {
      this.#logger.log('warning', 'An old recording could not be removed', { recording: id, error });
      return false;
    }
  }

  #path(id: string): string {
    return join(this.folder, `${id}.recording`);
  }

  async #files(): Promise<readonly Found[]> {
    const names = await readdir(this.folder).catch(() => []);
    const found = await Promise.all(
      names.map(async (name): Promise<Found | null> => {
        const id = NAME.exec(name)?.[1];
        if (id === undefined) return null;
        const path = this.#path(id);
        const stats = await stat(path).catch(() => null);
        return stats?.isFile() ? { id, path, bytes: stats.size, changedAt: stats.mtimeMs } : null;
      }),
    );
    return found.filter((file): file is Found => file !== null);
  }

  async #summary(
    { id, path, changedAt }: Found,
    sealOf: (reader: RecordingReader) => BlockSeal | null,
  ): Promise<RecordingSummary | null> {
    const known = this.#known.get(id);
    if (known?.changedAt === changedAt) return known.summary;
    try {
      const reader = await RecordingReader.open(path);
      try {
        const summary = await reader.summary(sealOf(reader));
        this.#known.set(id, { changedAt, summary });
        return summary;
      } finally {
        await reader.close();
      }
    } catch (error) {
      this.#logger.log('debug', 'A recording cannot be read', { recording: id, error });
      return null;
    }
  }
}

function noSuch(cause?: unknown): SallyportError {
  return new SallyportError('recording-unreadable', 'There is no such recording.', { cause });
}

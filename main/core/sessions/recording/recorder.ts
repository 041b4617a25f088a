import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Logger } from '../../base/logger.ts';
import { type Failure, SallyportError } from '../../errors.ts';
import type { Admission } from '../admission.ts';
import { mustBeRecorded } from '../failed.ts';
import type { SessionRequest } from '../request.ts';
import type { OpenTap, Tap } from '../tap.ts';
import { SeenAndHeard } from './display.ts';
import { RECORDING_VERSION, type RecordingHeader } from './format.ts';
import type { FreeSpace } from './free-space.ts';
import { recordable } from './person.ts';
import type { BlockSeal } from './seal.ts';
import { RecordingWriter } from './writer.ts';

/** What an admin has set; read anew for each session. */
export interface RecordingSettings {
  /** Whether sessions of this kind are recorded where no rule says anything of it. */
  readonly records: (request: SessionRequest) => boolean;
  readonly keys: boolean;
  /** Most bytes of one recording. */
  readonly sessionBytes: number;
  /** A recording stops when the disk has less than this left, in bytes. */
  readonly reserveBytes: number;
  readonly sealed: boolean;
}

/** Hears how recordings fare; for counts, the journal and warnings. */
export interface RecordingObserver {
  begun(recording: string): void;
  written(bytes: number): void;
  /** `recording` is null where none could be begun. */
  failed(session: SessionRequest['id'], recording: string | null, failure: Failure): void;
  /** Nothing of it is written any more. */
  ended(recording: string): void;
}

export interface RecorderOptions {
  readonly folder: string;
  readonly settings: () => RecordingSettings;
  readonly freeSpace: FreeSpace;
  /** A new key for one recording, and how the file names it for those who may open it. */
  readonly newSeal: (
    id: string,
  ) => Promise<{ readonly seal: BlockSeal; readonly named: RecordingHeader['seal'] }>;
  /** The path for a recording; nobody removes it before `release`. */
  readonly claim: (id: string) => string;
  readonly release: (id: string) => void;
  readonly observer?: RecordingObserver;
  readonly logger: Logger;
}

const SYNC = Buffer.from('4.sync,');

/** Records sessions where they are to be recorded: a tap that writes what it hears. */
export function recordSessions(options: RecorderOptions): OpenTap {
  return async (request, admission, onFailed) => {
    const settings = options.settings();
    const isWanted = admission.record === null ? settings.records(request) : admission.record === 'always';
    if (!isWanted || request.source === 'watch') return null;
    return openRecording(options, settings, request, admission, onFailed);
  };
}

async function openRecording(
  options: RecorderOptions,
  settings: RecordingSettings,
  request: SessionRequest,
  admission: Admission,
  onFailed: (failure: Failure) => void,
): Promise<Tap | null> {
  const { folder, freeSpace, newSeal, claim, release, observer, logger } = options;
  const id = randomUUID();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { seal, named } = settings.sealed ? await newSeal(id) : { seal: null, named: null };
    const writer = await RecordingWriter.open({
      path: claim(id),
      header: headerOf(id, request, settings.keys, named),
      seal,
      maxBytes: settings.sessionBytes,
      checkRoom: async () => {
        const free = await freeSpace(folder);
        if (free !== null && free < settings.reserveBytes) throw noRoom(settings.reserveBytes);
      },
      ...(observer && { onWritten: (bytes) => observer.written(bytes) }),
      onFailed: (failure) => {
        logger.log('error', 'A recording was stopped', { session: request.id, reason: failure.message });
        observer?.failed(request.id, id, failure);
        // Nothing is written to it any more.
        release(id);
        onFailed(failure);
      },
    });
    observer?.begun(id);
    return new RecordingTap(id, writer, settings.keys, () => {
      release(id);
      observer?.ended(id);
    });
  } catch (error) {
    release(id);
    const failure = SallyportError.from(error, 'The recording', 'recording-failed');
    observer?.failed(request.id, null, failure.toFailure());
    // Whoever must be recorded is not let in without; all others are, and it is said.
    if (admission.failWithRecording) throw mustBeRecorded(failure.toFailure(), 'not opened');
    logger.log('error', 'A recording could not be begun', { session: request.id, reason: failure.message });
    onFailed(failure.toFailure());
    return null;
  }
}

class RecordingTap implements Tap {
  readonly #id: string;
  readonly #writer: RecordingWriter;
  readonly #keys: boolean;
  readonly #release: () => void;
  readonly #display = new SeenAndHeard();
  #last: Buffer | null = null;
  /** guacd's time as it last said it, in its milliseconds. */
  #timestamp = '0';

  constructor(id: string, writer: RecordingWriter, keys: boolean, release: () => void) {
    this.#id = id;
    this.#writer = writer;
    this.#keys = keys;
    this.#release = release;
  }

  get failed(): Failure | null {
    return this.#writer.failed;
  }

  fromGuacd(complete: Buffer): void {
    this.#last = complete;
    for (const piece of this.#display.of(complete)) this.#writer.write(piece);
  }

  fromPeer(complete: Buffer): void {
    const kept = recordable(complete, this.#keys, this.#now());
    if (kept !== null) this.#writer.write(kept);
  }

  async end({ reason }: Parameters<Tap['end']>[0]): Promise<string | null> {
    await this.#writer.end(reason);
    this.#release();
    return this.#id;
  }

  /** Looked for only when the person does something: most of what guacd sends needs no second look. */
  #now(): string {
    const at = this.#last?.lastIndexOf(SYNC) ?? -1;
    if (this.#last !== null && at >= 0) {
      const found = /^4\.sync,\d+\.(\d{1,20})[,;]/.exec(this.#last.toString('latin1', at, at + 64));
      if (found?.[1] !== undefined) this.#timestamp = found[1];
      this.#last = null;
    }
    return this.#timestamp;
  }
}

function headerOf(
  id: string,
  { id: session, source, protocol, user, machine }: SessionRequest,
  keys: boolean,
  seal: RecordingHeader['seal'],
): RecordingHeader {
  return {
    sallyport: 'recording',
    version: RECORDING_VERSION,
    id,
    session,
    source,
    protocol,
    user,
    machine,
    startedAt: Date.now(),
    keys,
    seal,
  };
}

function noRoom(reserve: number): SallyportError {
  return new SallyportError(
    'recording-failed',
    `Less than ${Math.round(reserve / 1024 ** 2)} MiB are left on the disk, so the recording was stopped.`,
    { advice: 'Make room, or keep fewer recordings: see recording.bytes and recording.days.' },
  );
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type {
  OpenedRecording,
  RecordingInfo,
  RecordingPurpose,
  RecordingsDesk,
  RecordingsFilter,
  RecordingsList,
} from '../control/recordings-schema.ts';
import type { RecordEvent } from '../core/audit-event.ts';
import type { Logger } from '../core/base/logger.ts';
import type { Failure } from '../core/errors.ts';
import type { Vault } from '../core/offline/vault/vault.ts';
import type { RecordingHeader } from '../core/sessions/recording/format.ts';
import { systemFreeSpace } from '../core/sessions/recording/free-space.ts';
import type { RecordingReader } from '../core/sessions/recording/reader.ts';
import { type RecordingSettings, recordSessions } from '../core/sessions/recording/recorder.ts';
import { BlockSeal } from '../core/sessions/recording/seal.ts';
import { type ListedRecording, RecordingStore } from '../core/sessions/recording/store.ts';
import type { OpenTap } from '../core/sessions/tap.ts';
import type { EffectiveSettings } from '../core/settings/effective.ts';

/** Values of settings, by key. */
type Values = Pick<EffectiveSettings, 'get'>;

export interface RecordingsOptions {
  readonly stateDir: string;
  /** As they hold when they are asked for. */
  readonly settings: () => Values;
  readonly vault: Pick<Vault, 'sealKey' | 'openSealedKey'>;
  readonly record: RecordEvent;
  readonly counts: {
    recorded(bytes: number): void;
    recordingFailed(): void;
  };
  readonly logger: Logger;
  /** Something in the status has changed. */
  readonly tell: () => void;
}

const SWEEP_MS = 3_600_000;
const DAY_MS = 24 * SWEEP_MS;
const KEY_BYTES = 32;

/** Records the sessions of an outpost's process, and keeps what was recorded for as long as is set. */
export class Recordings implements RecordingsDesk {
  readonly openTap: OpenTap;
  readonly #options: RecordingsOptions;
  readonly #store: RecordingStore;
  /** Those that were begun since one failed last: the first that ends well takes the warning back. */
  readonly #sinceFailure = new Set<string>();
  readonly #failed = new Set<string>();
  #failure: Failure | null = null;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: RecordingsOptions) {
    const { stateDir, settings, vault, counts, logger } = options;
    this.#options = options;
    // Asked once: the files of one process lie in one place.
    const folder = settings().get('recording.dir') ?? join(stateDir, 'recordings');
    this.#store = new RecordingStore(folder, logger);
    this.openTap = recordSessions({
      folder,
      settings: () => recordingSettings(settings()),
      freeSpace: systemFreeSpace(),
      newSeal: async (id) => {
        const key = randomBytes(KEY_BYTES);
        return { seal: new BlockSeal(key), named: { ...vault.sealKey(key, useOf(id)) } };
      },
      claim: this.#store.claim,
      release: this.#store.release,
      observer: {
        begun: (id) => this.#sinceFailure.add(id),
        written: (bytes) => counts.recorded(bytes),
        failed: (session, recording, failure) => this.#hasFailed(session, recording, failure),
        ended: (id) => this.#hasEnded(id),
      },
      logger,
    });
  }

  /** Removes what is too old or too much, now and every hour. */
  begin(): void {
    this.#sweepSoon();
    this.#timer = setInterval(() => this.#sweepSoon(), SWEEP_MS);
    this.#timer.unref();
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
  }

  /** What an admin should know: that people are not recorded who should be. */
  get warnings(): readonly Failure[] {
    return this.#failure === null ? [] : [this.#failure];
  }

  async list({ limit, offset = 0, text = '' }: RecordingsFilter): Promise<RecordingsList> {
    const all = await this.#store.list();
    const wanted = text.toLowerCase();
    const found = all.map(infoOf).filter((recording) => matches(recording, wanted));
    return {
      recordings: found.slice(offset, offset + limit),
      total: found.length,
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  async open(id: string, purpose: RecordingPurpose): Promise<OpenedRecording> {
    const reader = await this.#store.open(id);
    try {
      const seal = this.#sealOf(reader);
      const summary = await reader.summary(seal);
      const recording = infoOf({ ...summary, running: this.#store.isRunning(id) });
      this.#options.record({
        kind: purpose === 'play' ? 'recording-played' : 'recording-exported',
        recording: id,
        because: 'asked',
      });
      return { recording, read: () => pieces(reader, seal), close: () => reader.close() };
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    await this.#store.remove(id);
    this.#options.record({ kind: 'recording-removed', recording: id, because: 'asked' });
  }

  #sealOf({ header: { id, seal } }: RecordingReader): BlockSeal | null {
    return seal === null ? null : new BlockSeal(this.#options.vault.openSealedKey(seal, useOf(id)));
  }

  #hasFailed(session: string, recording: string | null, failure: Failure): void {
    const { record, counts, tell } = this.#options;
    if (recording !== null) this.#failed.add(recording);
    this.#sinceFailure.clear();
    this.#failure = {
      code: 'recording-failed',
      message: `A session was not recorded to its end: ${failure.message}`,
      ...(failure.advice !== undefined && { advice: failure.advice }),
    };
    counts.recordingFailed();
    record({ kind: 'recording-failed', recording, session, failure: failure.message });
    tell();
  }

  #hasEnded(id: string): void {
    if (!this.#failed.delete(id) && this.#sinceFailure.delete(id) && this.#failure !== null) {
      this.#failure = null;
      this.#options.tell();
    }
    this.#sweepSoon();
  }

  #sweepSoon(): void {
    this.#turn = this.#turn.then(() => this.#sweep());
  }

  async #sweep(): Promise<void> {
    const { settings, record, logger } = this.#options;
    const days = settings().get('recording.days');
    const limits = {
      maxBytes: settings().get('recording.bytes'),
      maxAgeMs: days === 0 ? null : days * DAY_MS,
    };
    try {
      for (const recording of await this.#store.sweep(limits))
        record({ kind: 'recording-removed', recording, because: 'its time or its room was over' });
    } catch (error) {
      logger.log('warning', 'Old recordings could not be removed', { error });
    }
  }
}

async function* pieces(reader: RecordingReader, seal: BlockSeal | null): AsyncGenerator<Buffer> {
  for await (const { bytes } of reader.instructions(seal)) yield bytes;
}

function recordingSettings(settings: Values): RecordingSettings {
  return {
    records: () => settings.get('recording.mode') === 'always',
    keys: settings.get('recording.keys'),
    sessionBytes: settings.get('recording.sessionBytes'),
    reserveBytes: settings.get('recording.reserveBytes'),
    sealed: settings.get('recording.sealed'),
  };
}

/** What a recording's key is bound to. */
function useOf(id: RecordingHeader['id']): string {
  return `recording ${id}`;
}

function infoOf({ header, bytes, durationMs, isWhole, running }: ListedRecording): RecordingInfo {
  const { id, session, source, protocol, user, machine, startedAt, keys, seal } = header;
  return {
    id,
    session,
    source,
    protocol,
    user,
    machine,
    startedAt,
    durationMs,
    bytes,
    keys,
    sealed: seal !== null,
    state: running ? 'running' : isWhole ? 'whole' : 'broken-off',
  };
}

function matches({ id, session, protocol, user, machine }: RecordingInfo, wanted: string): boolean {
  return [id, session, protocol, user ?? '', machine].some((text) => text.toLowerCase().includes(wanted));
}

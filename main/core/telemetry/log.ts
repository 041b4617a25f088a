import { mkdirSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { pino } from 'pino';
import { createStream } from 'rotating-file-stream';
import { Emitter, type Unsubscribe } from '../base/emitter.ts';
import { LOG_LEVELS, type LogFields, type Logger, type LogLevel } from '../base/logger.ts';
import { Ring } from '../base/ring.ts';
import type { Secret } from '../base/secret.ts';
import { SallyportError } from '../errors.ts';
import { BoundedOutput, CHUNK_BYTES } from './bounded-output.ts';
import { Concealer } from './conceal.ts';
import { type Printable, Printer } from './printable.ts';
import { type LogLine, terminalLine, wantsColour } from './terminal-line.ts';

/** No line is longer, in bytes, its newline included. */
export const MAX_LINE_BYTES = 8 * 1024;
const MAX_EVENT_BYTES = 2 * 1024;
const MAX_FIELDS_BYTES = 5 * 1024;
const MAX_NAME_BYTES = 128;
const ROOT_NAME = 'sallyport';
export const LOG_FILE_NAME = 'sallyport.log';

export interface LogFileOptions {
  /** Folder of `sallyport.log`; made with mode 0700 where it is missing. */
  readonly dir: string;
  /** No file grows beyond this, in bytes; at least 256 KiB. */
  readonly maxBytes: number;
  /** Files kept, the one being written included; at least 2. */
  readonly keep: number;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Lines on standard output: readable, as JSON, or none. */
  readonly terminal: boolean | 'json';
  readonly file: LogFileOptions | null;
  /** Lines that `recent` can give. */
  readonly ringCapacity: number;
  /** Where the terminal's lines go; default standard output. A test brings its own. */
  readonly stdout?: Writable & { readonly isTTY?: boolean };
  readonly env?: NodeJS.ProcessEnv;
  /** How long a broken file or terminal is left alone, in milliseconds; default 15 s. */
  readonly retryMs?: number;
}

export interface Log extends Logger {
  readonly level: LogLevel;
  /** From the next line on, for every child too. */
  setLevel(level: LogLevel): void;
  /** Takes this secret out of every text, wherever it comes from, until the returned function is called. */
  conceal(secret: Secret): Unsubscribe;
  /** The newest lines of `level` and above, oldest first. */
  recent(options: { readonly level?: LogLevel; readonly limit: number }): LogLine[];
  onLine(listener: (line: LogLine) => void): Unsubscribe;
  /** Lines that file and terminal could not take. */
  readonly lost: number;
  /** Resolves when what was logged is written or lost; within 2 s. */
  flush(): Promise<void>;
  /** Flushes and closes the file. Lines logged later still reach the ring. */
  close(): Promise<void>;
}

/** Opens the log. Never throws for what file and terminal do: the log goes on without them and says so. */
export function createLog(options: LogOptions): Log {
  return new OutpostLog(options);
}

interface Sink {
  readonly output: BoundedOutput;
  readonly end: (stream: Writable) => void;
  readonly json: boolean;
}

class OutpostLog implements Log {
  readonly #concealer = new Concealer();
  readonly #ring: Ring<LogLine>;
  readonly #lines: Emitter<LogLine>;
  readonly #sinks: Sink[] = [];
  readonly #colour: boolean;
  readonly #pino;
  #level: LogLevel;
  #fieldsOfLine: Record<string, Printable | undefined> = {};
  #json = '';
  #listenerFailed = false;

  constructor({
    level,
    terminal,
    file,
    ringCapacity,
    stdout = process.stdout,
    env = process.env,
    retryMs = 15_000,
  }: LogOptions) {
    this.#level = level;
    this.#ring = new Ring(ringCapacity);
    this.#lines = new Emitter((error) => this.#onListenerError(error));
    this.#colour = wantsColour(stdout.isTTY, env);
    this.#pino = pino(
      {
        base: null,
        messageKey: 'event',
        customLevels: { trace: 10, debug: 20, info: 30, warning: 40, error: 50 },
        useOnlyCustomLevels: true,
        level: LOG_LEVELS[0],
        timestamp: false,
        formatters: { level: (label) => ({ level: label }) },
        // Not as pino's first argument: it takes fields named method, headers and socket for an HTTP request.
        mixin: () => this.#fieldsOfLine,
      },
      {
        write: (line) => {
          this.#json = line;
        },
      },
    );
    if (file) this.#sinks.push(this.#fileSink(file, retryMs));
    if (terminal !== false) this.#sinks.push(this.#terminalSink(stdout, terminal === 'json', retryMs));
  }

  get level(): LogLevel {
    return this.#level;
  }

  get lost(): number {
    return this.#sinks.reduce((sum, { output }) => sum + output.lost, 0);
  }

  setLevel(level: LogLevel): void {
    this.#level = level;
  }

  conceal(secret: Secret): Unsubscribe {
    return this.#concealer.add(secret);
  }

  log(level: LogLevel, event: string, fields?: LogFields): void {
    this.write(ROOT_NAME, level, event, fields);
  }

  child(name: string, fields?: LogFields): Logger {
    return new ChildLogger(this, `${ROOT_NAME}.${name}`, fields);
  }

  recent({ level = LOG_LEVELS[0], limit }: { readonly level?: LogLevel; readonly limit: number }): LogLine[] {
    if (limit < 1) return [];
    return this.#ring
      .toArray()
      .filter((line) => rank(line.level) >= rank(level))
      .slice(-limit);
  }

  onLine(listener: (line: LogLine) => void): Unsubscribe {
    return this.#lines.on(listener);
  }

  async flush(): Promise<void> {
    await Promise.all(this.#sinks.map(({ output }) => output.flush()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#sinks.map(({ output, end }) => output.close(end)));
  }

  write(name: string, level: LogLevel, event: string, fields: LogFields = {}): void {
    if (rank(level) < rank(this.#level)) return;
    const limits = { totalBytes: MAX_FIELDS_BYTES };
    const printer = new Printer(this.#concealer, false, limits);
    const line: LogLine = {
      timestamp: new Date().toISOString(),
      level,
      logger: printer.text(name, MAX_NAME_BYTES),
      event: printer.text(event, MAX_EVENT_BYTES),
      fields: printer.record(fields),
    };
    const withStacks = () =>
      printer.sawError ? new Printer(this.#concealer, true, limits).record(fields) : line.fields;
    this.#ring.push(line);
    let json: string | undefined;
    for (const sink of this.#sinks) {
      if (sink.json) json ??= this.#jsonLine(line, withStacks());
      sink.output.write(sink.json ? (json ?? '') : `${terminalLine(line, this.#colour)}\n`);
    }
    this.#lines.emit(line);
  }

  #jsonLine({ timestamp, level, logger, event }: LogLine, fields: LogLine['fields']): string {
    this.#fieldsOfLine = { timestamp, logger };
    for (const [key, value] of Object.entries(fields)) {
      const taken = key === 'event' || key === 'level' || key in this.#fieldsOfLine;
      this.#fieldsOfLine[taken ? `${key}_` : key] = value;
    }
    this.#pino[level](event);
    return this.#json;
  }

  #terminalSink(stdout: Writable, json: boolean, retryMs: number): Sink {
    const output = new BoundedOutput({
      open: () => stdout,
      retryMs,
      ...this.#reports('standard output'),
    });
    // Standard output is not ours to end.
    return { output, json, end: () => {} };
  }

  #fileSink({ dir, maxBytes, keep }: LogFileOptions, retryMs: number): Sink {
    const output = new BoundedOutput({
      open: () => {
        mkdirSync(dir, { recursive: true, mode: 0o700 });
        return createStream(LOG_FILE_NAME, {
          path: dir,
          mode: 0o600,
          // It looks at the size after a chunk is written.
          size: `${Math.max(256 * 1024, Math.floor(maxBytes)) - CHUNK_BYTES - MAX_LINE_BYTES}B`,
          rotate: Math.max(1, Math.floor(keep) - 1),
        });
      },
      retryMs,
      ...this.#reports(`the log file in ${dir}`),
    });
    return { output, json: true, end: (stream) => stream.end() };
  }

  #reports(place: string) {
    return {
      onTrouble: (error: unknown) => {
        const why =
          error === null ? 'it takes them too slowly' : SallyportError.from(error, 'Writing').message;
        this.log('warning', 'Log lines are being lost', { place, why });
      },
      onRecovered: (lost: number) => this.log('warning', 'Log lines were lost', { place, lost }),
    };
  }

  #onListenerError(error: unknown): void {
    // Once: telling it calls the listener again.
    if (this.#listenerFailed) return;
    this.#listenerFailed = true;
    this.log('error', 'A listener of the log failed', { error });
  }
}

class ChildLogger implements Logger {
  readonly #log: OutpostLog;
  readonly #name: string;
  readonly #fields: LogFields | undefined;

  constructor(log: OutpostLog, name: string, fields: LogFields | undefined) {
    this.#log = log;
    this.#name = name;
    this.#fields = fields;
  }

  log(level: LogLevel, event: string, fields?: LogFields): void {
    this.#log.write(this.#name, level, event, this.#fields ? { ...this.#fields, ...fields } : fields);
  }

  child(name: string, fields?: LogFields): Logger {
    return new ChildLogger(this.#log, `${this.#name}.${name}`, { ...this.#fields, ...fields });
  }
}

function rank(level: LogLevel): number {
  return LOG_LEVELS.indexOf(level);
}

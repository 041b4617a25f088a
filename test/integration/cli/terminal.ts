import { Readable, Writable } from 'node:stream';
import type { Input, Io, Output } from '../../../main/cli/io.ts';
import { AT } from '../control/outpost-fixture.ts';

export interface TerminalOptions {
  /** Whether standard output and error are a terminal; a pipe where not. */
  readonly tty?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** What standard input brings, in these pieces; a terminal's keys where `keys` is set. */
  readonly input?: readonly string[];
  readonly keys?: boolean;
}

/** The world of one run of the command, without a process. */
export interface Terminal extends Io {
  /** What was written so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Ctrl-C. */
  readonly interrupt: () => void;
  /** How many listen for Ctrl-C now. */
  readonly listening: () => number;
  /** Whoever reads standard output goes away: the next write fails, as a closed pipe does. */
  readonly closeOutput: () => void;
  /** Whether the terminal showed keys as they were typed, at each change. */
  readonly rawModes: readonly boolean[];
}

export function terminal({
  tty = false,
  columns,
  rows,
  env = { LANG: 'en_GB.UTF-8' },
  input = [],
  keys = false,
}: TerminalOptions = {}): Terminal {
  const interrupts = new Set<() => void>();
  const rawModes: boolean[] = [];
  const size = { ...(columns !== undefined && { columns }), ...(rows !== undefined && { rows }) };
  let out = '';
  let err = '';
  let closed = false;
  const stdout: Output = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        if (closed) return done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
        out += String(chunk);
        done();
      },
    }),
    { isTTY: tty, ...size },
  );
  const stderr: Output = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        err += String(chunk);
        done();
      },
    }),
    { isTTY: tty },
  );
  const stdin: Input = Object.assign(Readable.from(input.map((piece) => Buffer.from(piece))), {
    isTTY: keys,
    ...(keys && { setRawMode: (on: boolean) => rawModes.push(on) }),
  });
  return {
    stdin,
    stdout,
    stderr,
    env,
    now: () => AT,
    onInterrupt: (listener) => {
      interrupts.add(listener);
      return () => interrupts.delete(listener);
    },
    out: () => out,
    err: () => err,
    interrupt: () => {
      for (const listener of [...interrupts]) listener();
    },
    listening: () => interrupts.size,
    closeOutput: () => {
      closed = true;
    },
    rawModes,
  };
}

import type { ControlClient } from '../control/client.ts';
import { SallyportError } from '../core/errors.ts';
import type { Command, Local } from './context.ts';
import { type Exit, exitOf } from './exit.ts';
import { type Io, styleOf, writeLines } from './io.ts';
import type { Flags } from './settings-flags.ts';
import { failureLines } from './view/failure.ts';
import { outcomeSign } from './view/symbols.ts';

/** What the command is made of beyond itself; the entry brings the real ones. */
export interface Parts {
  connect(flags: Flags): Promise<ControlClient>;
  local(flags: Flags): Promise<Local>;
  /** Runs the outpost in this process until it ends; resolves with the exit code. */
  run(flags: Flags): Promise<number>;
}

/** Runs one command with what it needs, tells its failure, and closes what it connected. */
export async function perform<O>(
  io: Io,
  parts: Parts,
  run: Command<O>,
  options: O,
  flags: Flags,
): Promise<Exit> {
  const clients: ControlClient[] = [];
  const whileRead = untilNobodyReads(io);
  try {
    return await run(
      {
        io: whileRead,
        style: styleOf(io, io.stdout),
        connect: async () => {
          const client = await parts.connect(flags);
          clients.push(client);
          return client;
        },
        local: () => parts.local(flags),
      },
      options,
    );
  } catch (error) {
    return await tell(whileRead, error);
  } finally {
    for (const client of clients) client.close();
  }
}

/** `io` where an output that goes away (`| head`) counts as Ctrl-C: nobody reads what would still come. */
function untilNobodyReads(io: Io): Io {
  const interrupts = new Set<() => void>();
  // They stay: a stream may tell of its end after the command is over, and must not end the process with it.
  io.stdout.on('error', () => {
    for (const interrupt of [...interrupts]) interrupt();
  });
  io.stderr.on('error', () => {});
  return {
    ...io,
    onInterrupt: (listener) => {
      const unlisten = io.onInterrupt(listener);
      interrupts.add(listener);
      return () => {
        unlisten();
        interrupts.delete(listener);
      };
    },
  };
}

/** A failure in words on standard error, and the exit that it means. */
export async function tell(io: Io, error: unknown): Promise<Exit> {
  const style = styleOf(io, io.stderr);
  const failure = SallyportError.from(error, 'The command');
  await writeLines(io.stderr, failureLines(style, outcomeSign(style, 'failed'), failure));
  return exitOf(failure);
}

import type { NotificationParams } from '../../control/contract.ts';
import type { LogLevel } from '../../core/base/logger.ts';
import { plural } from '../../core/describe-units.ts';
import type { LogLine } from '../../core/telemetry/terminal-line.ts';
import type { Command } from '../context.ts';
import type { Exit } from '../exit.ts';
import { writeLines } from '../io.ts';
import { logJson, logView } from '../view/log.ts';

export interface LogOptions {
  readonly follow: boolean;
  readonly level: LogLevel | undefined;
  readonly lines: number;
  readonly json: boolean;
}

export const logCommand: Command<LogOptions> = async (
  { io, style, connect },
  { follow, level, lines, json },
) => {
  const client = await connect();
  const show = (line: LogLine) => (json ? logJson(line) : logView(style, line));
  const filter = { limit: lines, ...(level !== undefined && { level }) };
  if (!follow) {
    const answer = await client.request('log', filter);
    await writeLines(io.stdout, answer.lines.map(show));
    return 'ok';
  }
  // Lines that come before the older ones have been printed wait for their turn.
  let early: NotificationParams<'log/line'>[] | undefined = [];
  const print = ({ line, missed }: NotificationParams<'log/line'>) => {
    if (missed > 0) io.stderr.write(`${plural(missed, 'line')} left out: this end was too slow.\n`);
    io.stdout.write(`${show(line)}\n`);
  };
  const unsubscribe = client.on('log/line', (told) => (early ? void early.push(told) : print(told)));
  const endings: (() => void)[] = [unsubscribe];
  try {
    const ended = new Promise<Exit>((resolve) => {
      endings.push(io.onInterrupt(() => resolve('ok')));
      endings.push(
        client.onClose(() => {
          io.stderr.write('The outpost has ended.\n');
          resolve('notRunning');
        }),
      );
    });
    const answer = await client.request('log/subscribe', filter);
    await writeLines(io.stdout, answer.lines.map(show));
    for (const told of early) print(told);
    early = undefined;
    return await ended;
  } finally {
    // Also of the closing, which follows when this ends and would be told as the outpost's.
    for (const end of endings) end();
  }
};

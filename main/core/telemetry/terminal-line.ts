import type { LogLevel } from '../base/logger.ts';
import type { Printable } from './printable.ts';

/** One event of the log, as the ring keeps it and the control socket tells it. */
export interface LogLine {
  /** ISO 8601 with milliseconds, UTC. */
  readonly timestamp: string;
  readonly level: LogLevel;
  /** The part of the outpost that told it, such as `sallyport.link`. */
  readonly logger: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, Printable>>;
}

const RESET = '\u001b[0m';
const DIM = '\u001b[2m';
const COLOURS: Readonly<Record<LogLevel, string>> = {
  trace: DIM,
  debug: DIM,
  info: '\u001b[32m',
  warning: '\u001b[33m',
  error: '\u001b[31m',
};

/** One readable line without its newline: local time, level, logger, event, then `key=value`. */
export function terminalLine({ timestamp, level, logger, event, fields }: LogLine, colour: boolean): string {
  const paint = (style: string, text: string) => (colour ? `${style}${text}${RESET}` : text);
  const name = logger.replace(/^sallyport\./, '');
  const pairs = Object.entries(fields).map(([key, value]) => `${paint(DIM, `${key}=`)}${valueText(value)}`);
  return [
    paint(DIM, localTime(timestamp)),
    paint(COLOURS[level], level.padEnd(7)),
    paint(DIM, name.padEnd(9)),
    [event, ...pairs].join(' '),
  ].join(' ');
}

/** Whether a stream should get colours: a terminal, and nobody asked for none (no-color.org). */
export function wantsColour(isTty: boolean | undefined, env: NodeJS.ProcessEnv): boolean {
  return isTty === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

function localTime(timestamp: string): string {
  const time = new Date(timestamp);
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}

function valueText(value: Printable): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  // Quoted where it could be taken for another pair.
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

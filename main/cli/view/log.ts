import type { Printable } from '../../core/telemetry/printable.ts';
import { type LogLine, terminalLine } from '../../core/telemetry/terminal-line.ts';
import { plain, type Style } from './style.ts';

/** A line of the log for people. */
export function logView(style: Style, { timestamp, level, logger, event, fields }: LogLine): string {
  const shown = {
    timestamp,
    level,
    logger: plain(style, logger),
    event: plain(style, event),
    fields: plainRecord(style, fields),
  };
  return terminalLine(shown, style.colour);
}

/** A line of the log as the log file has it: one JSON object, the fields beside the four keys of every line. */
export function logJson({ timestamp, level, logger, event, fields }: LogLine): string {
  const line: Record<string, unknown> = { level, timestamp, logger, event };
  for (const [key, value] of Object.entries(fields)) line[key in line ? `${key}_` : key] = value;
  return JSON.stringify(line);
}

function plainRecord(style: Style, record: Readonly<Record<string, Printable>>): Record<string, Printable> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [plain(style, key), plainValue(style, value)]),
  );
}

function plainValue(style: Style, value: Printable): Printable {
  if (typeof value === 'string') return plain(style, value);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value)
    ? value.map((item) => plainValue(style, item))
    : plainRecord(style, Object.fromEntries(Object.entries(value)));
}

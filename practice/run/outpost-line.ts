import * as v from 'valibot';
import { LOG_LEVELS } from '../../main/core/base/logger.ts';

const Line = v.looseObject({ level: v.picklist(LOG_LEVELS), event: v.string() });
const Reason = v.object({ reason: v.string() });
const Cause = v.object({ error: v.object({ message: v.string() }) });

/**
 * What of a line that the outpost writes can explain its end: its errors, and what it says where it has no log
 * (only what is wrong is said there). Undefined for everyday news.
 */
export function graveWords(line: string): string | undefined {
  const decoded = v.safeParse(Line, parse(line));
  if (!decoded.success) return line;
  const { level, event } = decoded.output;
  if (level !== 'error') return undefined;
  const reason = v.safeParse(Reason, decoded.output);
  const cause = v.safeParse(Cause, decoded.output);
  const why = reason.success ? reason.output.reason : cause.success ? cause.output.error.message : undefined;
  return why === undefined ? event : `${event}: ${why}`;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

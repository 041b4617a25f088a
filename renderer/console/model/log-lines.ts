import { signal } from '@preact/signals';
import type { LogLine } from '../../../preload/contract/types.ts';

/** A line, and a number that no other line has. */
export interface NumberedLine {
  readonly number: number;
  readonly line: LogLine;
}

export type Level = LogLine['level'];

/** Levels, most talkative first. */
export const LEVELS: readonly Level[] = ['trace', 'debug', 'info', 'warning', 'error'];

/** Lines that are kept; older ones go. */
export const KEPT_LINES = 5000;

/** The log as far as this window heard of it. */
export class LogLines {
  readonly lines = signal<readonly NumberedLine[]>([]);
  /** Lines that the window was too slow for, since it was opened. */
  readonly missed = signal(0);
  readonly #schedule: (flush: () => void) => void;
  #next = 0;
  #waiting: NumberedLine[] = [];
  #scheduled = false;

  /** `schedule` calls back once, soon: many lines at once are one change of the page. */
  constructor(schedule: (flush: () => void) => void) {
    this.#schedule = schedule;
  }

  add(line: LogLine, missed: number): void {
    if (missed > 0) this.missed.value += missed;
    this.#waiting.push({ number: this.#next++, line });
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => this.#flush());
  }

  /** Lines from before this window listened, or that it missed; those that it has already are not taken twice. */
  addEarlier(lines: readonly LogLine[]): void {
    this.#flush();
    const known = new Set(this.lines.value.map(({ line }) => identity(line)));
    const fresh = lines.filter((line) => !known.has(identity(line)));
    if (fresh.length === 0) return;
    const numbered = fresh.map((line) => ({ number: this.#next++, line }));
    this.lines.value = [...numbered, ...this.lines.value]
      .sort((one, other) => compare(one.line.timestamp, other.line.timestamp))
      .slice(-KEPT_LINES);
  }

  clear(): void {
    this.#waiting = [];
    this.lines.value = [];
  }

  #flush(): void {
    this.#scheduled = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.lines.value = [...this.lines.value, ...waiting].slice(-KEPT_LINES);
  }
}

function identity({ timestamp, logger, event, fields }: LogLine): string {
  return [timestamp, logger, event, JSON.stringify(fields)].join('\n');
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Lines of `level` and above that have every word of `text` somewhere, whatever its case. */
export function matching(
  lines: readonly NumberedLine[],
  level: Level,
  text: string,
): readonly NumberedLine[] {
  const least = LEVELS.indexOf(level);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (least === 0 && words.length === 0) return lines;
  return lines.filter(({ line }) => {
    if (LEVELS.indexOf(line.level) < least) return false;
    if (words.length === 0) return true;
    const whole = lineText(line).toLowerCase();
    return words.every((word) => whole.includes(word));
  });
}

/** A line as text, for copying: `2025-11-24T14:03:22.120Z warning link Lost reason="…"`. */
export function lineText(line: LogLine): string {
  return [line.timestamp, line.level, part(line.logger), line.event, fieldsText(line)]
    .filter(Boolean)
    .join(' ');
}

/** `key=value` of each field. */
export function fieldsText({ fields }: LogLine): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${valueText(value)}`)
    .join(' ');
}

export function valueText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** `link` of `sallyport.link`. */
export function part(logger: string): string {
  return logger.replace(/^sallyport\.?/, '') || 'sallyport';
}

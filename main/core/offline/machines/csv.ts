import { Breath } from '../../base/breath.ts';
import { IMPORT_LIMITS } from './import-types.ts';

/** One line of CSV; a value in quotes may have gone over several. */
export interface CsvRow {
  /** Of its first line in the file, from 1. */
  readonly line: number;
  readonly values: readonly string[];
}

const SEPARATORS = [';', ',', '\t', '|'] as const;

/** How far the first line is looked at for what separates its values, in characters. */
const GUESS_LENGTH = 64 * 1024;
const LINE_END = 0x0a;

/**
 * The rows of a text, empty ones left out, of each the values that may be looked at. The separator is told by Excel's
 * `sep=` line, else it is the one that the first row has most of outside quotes. Quotes that are never closed end with
 * the text. Every character is looked at once, whatever the text is made of.
 */
export async function* csvRows(text: string): AsyncGenerator<CsvRow> {
  const breath = new Breath();
  const told = /^sep=(.)\n/i.exec(text);
  const body = told ? text.slice(told[0].length) : text;
  const separator = told?.[1] ?? guessSeparator(body);
  let line = told ? 2 : 1;
  let at = 0;
  while (at < body.length) {
    if (body.charCodeAt(at) === LINE_END) {
      line += 1;
      at += 1;
      continue;
    }
    const begun = line;
    const values: string[] = [];
    let ended = false;
    while (!ended) {
      const field = readField(body, at, separator);
      if (values.length < IMPORT_LIMITS.columns) values.push(field.value);
      else await breath.take();
      line += field.lines;
      at = field.next;
      ended = field.isLast;
    }
    line += 1;
    await breath.take();
    if (values.some((value) => value.trim() !== '')) yield { line: begun, values };
  }
}

interface FieldRead {
  readonly value: string;
  readonly next: number;
  readonly isLast: boolean;
  /** Line ends inside quotes. */
  readonly lines: number;
}

function readField(text: string, start: number, separator: string): FieldRead {
  if (text[start] !== '"') return readBare(text, start, '', separator);
  const end = closingQuote(text, start + 1);
  const value = text.slice(start + 1, end);
  // One that is far too long is refused as it is.
  const isBounded = value.length <= 2 * IMPORT_LIMITS.value;
  return readBare(text, end + 1, isBounded ? value.replace(/""/g, '"') : value, separator);
}

/** Where the value's last quote is; at the text's end where there is none. */
function closingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return orEnd(at, text);
}

/** From `start` to the separator or the line's end; `before` is what stood in quotes. */
function readBare(text: string, start: number, before: string, separator: string): FieldRead {
  const stop = separator.charCodeAt(0);
  let end = start;
  while (end < text.length && text.charCodeAt(end) !== stop && text.charCodeAt(end) !== LINE_END) end += 1;
  const isLast = end >= text.length || text.charCodeAt(end) === LINE_END;
  return { value: before + text.slice(start, end), next: end + 1, isLast, lines: lineEnds(before) };
}

function guessSeparator(text: string): string {
  const counts = new Map<string, number>(SEPARATORS.map((separator) => [separator, 0]));
  let isQuoted = false;
  for (const character of text.slice(0, Math.min(GUESS_LENGTH, orEnd(text.indexOf('\n'), text)))) {
    const count = counts.get(character);
    if (character === '"') isQuoted = !isQuoted;
    else if (count !== undefined && !isQuoted) counts.set(character, count + 1);
  }
  const most = Math.max(...counts.values());
  return most === 0 ? ',' : (SEPARATORS.find((separator) => counts.get(separator) === most) ?? ',');
}

function orEnd(index: number, text: string): number {
  return index < 0 ? text.length : index;
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

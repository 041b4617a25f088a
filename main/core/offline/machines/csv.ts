/** One line of CSV; a value in quotes may have gone over several. */
export interface CsvRow {
  /** Of its first line in the file, from 1. */
  readonly line: number;
  readonly values: readonly string[];
}

const SEPARATORS = [';', ',', '\t', '|'] as const;

/**
 * The rows of a text, empty ones left out. The separator is told by Excel's `sep=` line, else it is the one that
 * the first row has most of outside quotes. Quotes that are never closed end with the text.
 */
export function* csvRows(text: string): Generator<CsvRow> {
  const told = /^sep=(.)\n/i.exec(text);
  const body = told ? text.slice(told[0].length) : text;
  const separator = told?.[1] ?? guessSeparator(body);
  let line = told ? 2 : 1;
  let at = 0;
  while (at < body.length) {
    const begun = line;
    const values: string[] = [];
    let ended = false;
    while (!ended) {
      const field = readField(body, at, separator);
      values.push(field.value);
      line += field.lines;
      at = field.next;
      ended = field.isLast;
    }
    line += 1;
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
  if (text[start] !== '"') return readBare(text, start, '', 0, separator);
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      value += text.slice(at);
      return { value, next: text.length, isLast: true, lines: lineEnds(value) };
    }
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return readBare(text, quote + 1, value, lineEnds(value), separator);
    value += '"';
    at = quote + 2;
  }
}

/** From `start` to the separator or the line's end; `before` is what stood in quotes. */
function readBare(text: string, start: number, before: string, lines: number, separator: string): FieldRead {
  const lineEnd = orEnd(text.indexOf('\n', start), text);
  const found = text.indexOf(separator, start);
  const isLast = found < 0 || found > lineEnd;
  const end = isLast ? lineEnd : found;
  return { value: before + text.slice(start, end), next: end + 1, isLast, lines };
}

function guessSeparator(text: string): string {
  const first = text.slice(0, orEnd(text.indexOf('\n'), text)).replace(/"(?:[^"]|"")*"/g, '');
  const counts = SEPARATORS.map((separator) => first.split(separator).length - 1);
  const most = Math.max(...counts);
  return SEPARATORS[most === 0 ? 1 : counts.indexOf(most)] ?? ',';
}

function orEnd(index: number, text: string): number {
  return index < 0 ? text.length : index;
}

function lineEnds(text: string): number {
  return text.split('\n').length - 1;
}

import { types } from 'node:util';
import { Secret } from '../base/secret.ts';
import { SallyportError } from '../errors.ts';
import type { Concealer } from './conceal.ts';

/** What a log line can carry: JSON without surprises, control characters spelled out. */
export type Printable =
  | string
  | number
  | boolean
  | null
  | readonly Printable[]
  | { readonly [key: string]: Printable };

export interface PrintableLimits {
  /** How deep things may lie in each other; default 5. */
  readonly depth?: number;
  /** Entries of one array or object; default 50. */
  readonly entries?: number;
  /** Bytes of one text, as JSON; default 1024. */
  readonly textBytes?: number;
  /** Bytes of everything, as JSON; default 5 KiB. */
  readonly totalBytes?: number;
}

/** Control characters, marks that nobody sees or that turn the reading direction, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const STACK_LINES = 16;
const KEY_LENGTH = 64;

/** Spells out whatever moves the cursor, breaks the line or turns the reading direction. */
export function escapeControls(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (char) => SHORT_ESCAPES[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Bytes that a text takes as JSON, quotes included. */
function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/** Cuts to at most `bytes` as JSON (at least 5) and ends with `…` where something is missing. */
export function cutToBytes(text: string, bytes: number): string {
  // One character is at least one byte: what is beyond that need not be looked at.
  let kept = text.slice(0, bytes);
  if (kept.length === text.length && jsonBytes(kept) <= bytes) return kept;
  for (let size = jsonBytes(kept); size > bytes - 3; size = jsonBytes(kept)) {
    kept = kept.slice(0, Math.max(0, Math.floor((kept.length * (bytes - 3)) / size) - 1));
    if (kept === '') break;
  }
  return `${kept.replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * Turns the fields of one log call into something printable: bounded in depth, count and bytes; secrets as
 * `***`; errors as message, code and (where asked for) stack. Never throws, whatever it is given, and runs no
 * code of the objects it prints but their getters.
 */
export class Printer {
  readonly #concealer: Concealer;
  readonly #stacks: boolean;
  readonly #limits: Required<PrintableLimits>;
  readonly #above: object[] = [];
  #left: number;
  /** Whether an error was among the fields. */
  sawError = false;

  constructor(concealer: Concealer, stacks: boolean, limits: PrintableLimits = {}) {
    this.#concealer = concealer;
    this.#stacks = stacks;
    this.#limits = { depth: 5, entries: 50, textBytes: 1024, totalBytes: 5 * 1024, ...limits };
    this.#left = this.#limits.totalBytes;
  }

  /** A whole record; `truncated` is among its keys where something had to be left out. */
  record(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, Printable>> {
    let printed: Readonly<Record<string, Printable>>;
    try {
      printed = this.#own(fields);
    } catch {
      printed = { fields: this.#charge('[unreadable]') };
    }
    return this.#left > 0 ? printed : { ...printed, truncated: true };
  }

  text(value: string, bytes = this.#limits.textBytes): string {
    return cutToBytes(escapeControls(this.#concealer.clean(value)), bytes);
  }

  #value(value: unknown): Printable {
    switch (typeof value) {
      case 'string':
        return this.#charge(this.text(value));
      case 'number':
        return Number.isFinite(value) ? this.#charge(value) : this.#charge(String(value));
      case 'boolean':
        return this.#charge(value);
      case 'bigint':
      case 'symbol':
        return this.#charge(this.text(String(value)));
      case 'function':
        return this.#charge('[function]');
      case 'undefined':
        return this.#charge(null);
      case 'object':
        return value === null ? this.#charge(null) : this.#guarded(value);
    }
  }

  #guarded(value: object): Printable {
    if (this.#above.includes(value)) return this.#charge('[circular]');
    if (this.#above.length >= this.#limits.depth) return this.#charge('[…]');
    this.#above.push(value);
    try {
      return this.#object(value);
    } catch {
      return this.#charge('[unreadable]');
    } finally {
      this.#above.pop();
    }
  }

  #object(value: object): Printable {
    if (value instanceof Secret) return this.#charge('***');
    if (value instanceof Error || types.isNativeError(value)) return this.#error(value);
    if (Array.isArray(value)) return this.#list(value, value.length);
    if (value instanceof Map) return this.#entries(mapEntries(value), value.size);
    if (value instanceof Set) return this.#list(value, value.size);
    if (value instanceof Date)
      return this.#charge(Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString());
    if (value instanceof URL) return this.#charge(this.text(value.href));
    if (value instanceof URLSearchParams) return this.#charge(this.text(`?${[...value.keys()].join('&')}`));
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value))
      return this.#charge(`[${value.byteLength} bytes]`);
    if (types.isBoxedPrimitive(value)) return this.#value(value.valueOf());
    return this.#own(value);
  }

  #list(items: Iterable<unknown>, length: number): Printable {
    const printed: Printable[] = [];
    this.#left -= 2;
    for (const item of items) {
      if (printed.length >= this.#limits.entries || this.#left <= 0) {
        printed.push(this.#charge(`… ${length - printed.length} more`));
        break;
      }
      this.#left -= 1;
      printed.push(this.#value(item));
    }
    return printed;
  }

  #own(value: object): Readonly<Record<string, Printable>> {
    const keys = Object.keys(value);
    return this.#entries(ownEntries(value, keys), keys.length);
  }

  #entries(
    entries: Iterable<readonly [string, unknown]>,
    length: number,
  ): Readonly<Record<string, Printable>> {
    const printed: [string, Printable][] = [];
    this.#left -= 2;
    for (const [key, value] of entries) {
      if (value === undefined) continue;
      if (printed.length >= this.#limits.entries) {
        printed.push(['…', this.#charge(`${length - printed.length} more`)]);
        break;
      }
      const name = this.#key(key);
      this.#left -= Buffer.byteLength(name) + 4;
      if (this.#left <= 0) break;
      printed.push([name, this.#value(value)]);
    }
    return Object.fromEntries(printed);
  }

  /** The JSON writer takes keys as they are, so nothing may be in them that ends a string. */
  #key(key: string): string {
    return this.#concealer
      .clean(key)
      .slice(0, KEY_LENGTH)
      .replace(/[^\w.:*[\]-]/g, '_');
  }

  #error(error: Error): Printable {
    this.sawError = true;
    const code =
      'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
        ? error.code
        : undefined;
    const errors = 'errors' in error && Array.isArray(error.errors) ? error.errors.slice(0, 4) : undefined;
    const told: [string, unknown][] = [
      ['message', error.message || error.name],
      ['code', code],
      ['advice', error instanceof SallyportError ? error.advice : undefined],
      ['cause', 'cause' in error ? error.cause : undefined],
      ['errors', errors],
      ['stack', this.#stacks && typeof error.stack === 'string' ? stackLines(error.stack) : undefined],
    ];
    return this.#entries(told, told.length);
  }

  /** Takes the value's bytes from what is left of the line; what does not fit any more is `…`. */
  #charge<T extends string | number | boolean | null>(value: T): T | string {
    const bytes = typeof value === 'string' ? jsonBytes(value) : String(value).length;
    if (bytes <= this.#left) {
      this.#left -= bytes;
      return value;
    }
    const room = this.#left;
    this.#left = 0;
    return typeof value === 'string' && room > 16 ? cutToBytes(value, room) : '…';
  }
}

function* ownEntries(value: object, keys: readonly string[]): Iterable<readonly [string, unknown]> {
  for (const key of keys) yield [key, Reflect.get(value, key)];
}

function* mapEntries(map: ReadonlyMap<unknown, unknown>): Iterable<readonly [string, unknown]> {
  for (const [key, value] of map) {
    const plain = typeof key === 'string' || typeof key === 'number';
    yield [plain ? String(key) : key instanceof Secret ? '***' : `[${typeof key}]`, value];
  }
}

/** The frames only: the message above them is told already. */
function stackLines(stack: string): string[] {
  return stack
    .slice(0, 16 * 1024)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, STACK_LINES);
}

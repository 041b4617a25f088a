import { type Kind, wrong } from '../kind.ts';

export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  /** What is counted, for the sentence: `seconds`, `sessions`. */
  readonly of: string;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  byte: 1,
  bytes: 1,
  k: 1024,
  kib: 1024,
  kb: 1000,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  mb: 1000 ** 2,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  gb: 1000 ** 3,
};

/** A whole number between bounds, both included. */
export function wholeNumber({ min, max, of }: NumberBounds): Kind<number> {
  const kind: Kind<number> = {
    expects: `a whole number of ${of} from ${min} to ${max}`,
    input: { kind: 'number', choices: [] },
    fromText(text, field) {
      if (!/^\d{1,15}$/.test(text)) throw wrong(kind, field, text);
      return kind.fromJson(Number(text), field);
    },
    fromJson(value, field) {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
        throw wrong(kind, field, value);
      // JSON can say -0; it is the same number, and must be the same value.
      return value + 0;
    },
    toJson: (value) => value,
    show: String,
  };
  return kind;
}

/** A number of bytes between bounds, both included; as text also with a unit, such as `16 MiB`. */
export function byteCount({ min, max }: Pick<NumberBounds, 'min' | 'max'>): Kind<number> {
  const kind: Kind<number> = {
    expects: `a size from ${bytesText(min)} to ${bytesText(max)}, such as 16 MiB or a number of bytes`,
    input: { kind: 'bytes', choices: [] },
    fromText(text, field) {
      const parts = /^(\d{1,15})\s*([a-z]{0,5})$/i.exec(text);
      const factor = UNITS[parts?.[2]?.toLowerCase() ?? '?'];
      const bytes = Number(parts?.[1]) * (factor ?? Number.NaN);
      if (!Number.isSafeInteger(bytes) || bytes < min || bytes > max) throw wrong(kind, field, text);
      return bytes;
    },
    fromJson(value, field) {
      if (typeof value === 'string') return kind.fromText(value.trim(), field);
      if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
        throw wrong(kind, field, value);
      return value + 0;
    },
    toJson: (value) => value,
    show: bytesText,
  };
  return kind;
}

/** `16 MiB`, or the exact number where it is none of the units. */
export function bytesText(bytes: number): string {
  if (bytes > 0 && bytes % 1024 ** 3 === 0) return `${bytes / 1024 ** 3} GiB`;
  if (bytes > 0 && bytes % 1024 ** 2 === 0) return `${bytes / 1024 ** 2} MiB`;
  if (bytes > 0 && bytes % 1024 === 0) return `${bytes / 1024} KiB`;
  return `${bytes} bytes`;
}

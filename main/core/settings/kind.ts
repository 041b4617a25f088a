import { SallyportError } from '../errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where a value stood, for the sentence that refuses it. */
export interface Field {
  /** As the person wrote it: `--guacd`, `AUTHENTIK_HOST`, `guacd.target in settings.json`. */
  readonly name: string;
  readonly source: 'flag' | 'environment' | 'file';
}

/** What a form shows for a value. */
export const INPUT_KINDS = ['text', 'yes-no', 'choice', 'number', 'bytes', 'path', 'url'] as const;

export interface Input {
  readonly kind: (typeof INPUT_KINDS)[number];
  /** All there are for a `choice`; else words that are taken beside what `kind` says. */
  readonly choices: readonly string[];
}

const PLAIN_TEXT: Input = { kind: 'text', choices: [] };

/**
 * How values of one type are read and written. Both decoders throw `settings-invalid` with a sentence that
 * names the field and an advice that says what would be right, and nothing else.
 */
export interface Kind<T> {
  /** What would be right, after "Give": `a whole number from 1 to 300`. */
  readonly expects: string;
  readonly input: Input;
  /** From a flag or the environment; trimmed, without quotes around it, and not empty. */
  fromText(text: string, field: Field): T;
  /** From the settings file. */
  fromJson(value: unknown, field: Field): T;
  toJson(value: T): Json;
  /** For people; nothing secret in it. */
  show(value: T): string;
}

const SHOWN_CHARACTERS = 60;

/** What `fromText` gets: without the blanks and quotes that copying and env files leave around a value. */
export function cleanText(text: string): string {
  const trimmed = text.trim();
  const quoted = /^(["'])([\s\S]*)\1$/.exec(trimmed);
  return quoted ? (quoted[2] ?? '').trim() : trimmed;
}

/** The refusal of a field: `reason` continues the sentence that its name begins, without the full stop. */
export function refusal(field: Field, reason: string, advice: string): SallyportError {
  return new SallyportError('settings-invalid', `${field.name} ${reason}.`, { advice });
}

/** The refusal of a value that can be shown. */
export function wrong<T>(kind: Pick<Kind<T>, 'expects'>, field: Field, value: unknown): SallyportError {
  return refusal(field, `is ${quote(value)}`, `Give ${kind.expects}.`);
}

/** A value as a sentence shows it, never long. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  if (value.length <= SHOWN_CHARACTERS) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, SHOWN_CHARACTERS))}… (${value.length} characters)`;
}

/** `kind`, or null for a value that is not set. */
export function optional<T>(kind: Kind<T>): Kind<T | null> {
  return {
    expects: kind.expects,
    input: kind.input,
    fromText: (text, field) => kind.fromText(text, field),
    fromJson: (value, field) => (value === null ? null : kind.fromJson(value, field)),
    toJson: (value) => (value === null ? null : kind.toJson(value)),
    show: (value) => (value === null ? '(not set)' : kind.show(value)),
  };
}

/** A kind whose JSON form is the same text that flags and the environment carry. */
export function textKind<T>(parts: {
  readonly expects: string;
  /** Default: any text. */
  readonly input?: Input;
  readonly read: (text: string, field: Field) => T;
  readonly write: (value: T) => string;
}): Kind<T> {
  const { expects, input = PLAIN_TEXT, read, write } = parts;
  return {
    expects,
    input,
    fromText: read,
    fromJson(value, field) {
      if (typeof value !== 'string') throw wrong({ expects }, field, value);
      const text = cleanText(value);
      if (text === '') throw refusal(field, 'is empty', `Give ${expects}.`);
      return read(text, field);
    },
    toJson: write,
    show: write,
  };
}

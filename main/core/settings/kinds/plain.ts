import { LOG_LEVELS, type LogLevel } from '../../base/logger.ts';
import { type Kind, refusal, textKind, wrong } from '../kind.ts';

const YES = ['true', '1', 'yes', 'on'];
const NO = ['false', '0', 'no', 'off'];

/** `true` or `false`, in the words that environments use for them. */
export const yesOrNo: Kind<boolean> = {
  expects: 'true or false',
  input: { kind: 'yes-no', choices: [] },
  fromText(text, field) {
    const word = text.toLowerCase();
    if (YES.includes(word)) return true;
    if (NO.includes(word)) return false;
    throw wrong(yesOrNo, field, text);
  },
  fromJson(value, field) {
    if (typeof value !== 'boolean') throw wrong(yesOrNo, field, value);
    return value;
  },
  toJson: (value) => value,
  show: String,
};

/** A level as authentik names it; `warn` is taken for `warning`. */
export const logLevel: Kind<LogLevel> = textKind({
  expects: `one of ${LOG_LEVELS.join(', ')}`,
  input: { kind: 'choice', choices: LOG_LEVELS },
  read(text, field) {
    const word = text.toLowerCase() === 'warn' ? 'warning' : text.toLowerCase();
    const level = LOG_LEVELS.find((known) => known === word);
    if (level === undefined) throw wrong(logLevel, field, text);
    return level;
  },
  write: (level) => level,
});

/** A zone as the IANA database names it, such as `Europe/Berlin`. */
export const timezone: Kind<string> = textKind({
  expects: 'a time zone such as Europe/Berlin or UTC',
  read(text, field) {
    // No offsets such as +01:00: newer runtimes take them, older ones and guacd do not.
    if (text.length > 64 || !/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(text)) throw wrong(timezone, field, text);
    const known = canonicalZone(text);
    if (known === null) throw wrong(timezone, field, text);
    // Machines look the zone up as a file name. Only the case is put right: the runtime calls some zones by
    // names of long ago.
    return known.toLowerCase() === text.toLowerCase() ? known : text;
  },
  write: (zone) => zone,
});

/** 64 lower-case hex digits, the SHA-256 of a certificate. */
export const fingerprint: Kind<string> = textKind({
  expects: 'the SHA-256 of the certificate: 64 hex digits, with or without colons',
  read(text, field) {
    const digits = text
      .replace(/^sha-?256(\s+fingerprint)?\s*[:=]\s*/i, '')
      .replace(/[:\s]/g, '')
      .toLowerCase();
    if (/^[0-9a-f]{64}$/.test(digits)) return digits;
    if (/^[0-9a-f]{40}$/.test(digits))
      throw refusal(
        field,
        'is a SHA-1 fingerprint, which can be forged',
        'Give the SHA-256 one: `openssl x509 -in cert.pem -noout -fingerprint -sha256` prints it.',
      );
    throw wrong(fingerprint, field, text);
  },
  write: (digits) => digits,
});

function canonicalZone(text: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

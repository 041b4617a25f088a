import { Secret } from '../base/secret.ts';
import { type Field, type Kind, refusal } from './kind.ts';

const MAX_CHARACTERS = 4096;
const SOURCE = 'Copy it from authentik: Applications > Outposts > (your outpost) > View Deployment Info.';

/**
 * A token as it was pasted or read from a file, without what copying leaves around it: blanks, quotes, the name
 * before it, the line breaks of a narrow terminal. Throws `settings-invalid` for what cannot be a token; the
 * sentence never shows any of it.
 */
export function cleanToken(text: string, field: Field): Secret {
  const token = text
    .replace(/[\u200b\u2060\ufeff]/g, '')
    .trim()
    .replace(/^AUTHENTIK_TOKEN\s*[=:]\s*/i, '')
    .replace(/^(["'])([\s\S]*)\1$/, '$2')
    .trim()
    .replace(/^Bearer\s+/i, '')
    .replace(/[ \t]*[\r\n]+[ \t]*/g, '');
  if (token === '') throw refusal(field, 'is empty', SOURCE);
  if (token.length > MAX_CHARACTERS)
    throw refusal(field, `is longer than ${MAX_CHARACTERS} characters, which no token is`, SOURCE);
  if (/\s/.test(token)) throw refusal(field, 'has a blank in the middle, which no token has', SOURCE);
  if (!/^[\x21-\x7e]+$/.test(token)) throw refusal(field, 'has a character in it that no token has', SOURCE);
  return new Secret(token);
}

/** Whether a text looks like authentik's tokens; for a word of doubt, not for a refusal. */
export function looksLikeToken(text: string): boolean {
  return /^[A-Za-z0-9._~+/=-]{20,256}$/.test(text);
}

/** The token as a setting: it never goes into the settings file. */
export const token: Kind<Secret> = {
  expects: 'the token that authentik shows for this outpost',
  input: { kind: 'text', choices: [] },
  fromText: cleanToken,
  fromJson(_value, field) {
    throw refusal(
      field,
      'is a secret and does not belong there: it is not used',
      'Remove it from the file, and keep it encrypted with `sallyport token set`.',
    );
  },
  toJson: () => null,
  show: (value) => value.toString(),
};

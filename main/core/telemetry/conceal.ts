import type { Unsubscribe } from '../base/emitter.ts';
import type { Secret } from '../base/secret.ts';

/** Shorter values are not searched for: they would blacken half the log and tell by that what they are. */
const SHORTEST = 6;
/** Longer texts are cut before they are searched, in characters. */
const LONGEST_TEXT = 64 * 1024;
const CONCEALED = '***';

/** `user:password@` and the query of a URL inside a text. */
const URL_IN_TEXT = /\b((?:https?|wss?|socks\w{0,2}):\/\/)(?:[^\s/?#@"']*@)?([^\s?#"']*)(\?[^\s#"']*)?/gi;

/**
 * The second belt against secrets in texts: the first is that a `Secret` prints as `***`. Some texts come from
 * elsewhere (guacd's output, a library's error) and might quote a secret; those that were told here are taken
 * out of them, and so are credentials and query values of URLs.
 */
export class Concealer {
  /** How often each spelling was told; the same password may belong to two sessions. */
  readonly #spellings = new Map<string, number>();
  /** Longest first: one secret may be part of another. */
  #sorted: readonly string[] = [];

  /** Takes the secret out of every later text, until the returned function is called. */
  add(secret: Secret): Unsubscribe {
    const spellings = spellingsOf(secret.reveal());
    for (const spelling of spellings) this.#spellings.set(spelling, (this.#spellings.get(spelling) ?? 0) + 1);
    this.#sort();
    let active = true;
    return () => {
      if (!active) return;
      active = false;
      for (const spelling of spellings) {
        const count = (this.#spellings.get(spelling) ?? 1) - 1;
        if (count === 0) this.#spellings.delete(spelling);
        else this.#spellings.set(spelling, count);
      }
      this.#sort();
    };
  }

  clean(text: string): string {
    const tooLong = text.length > LONGEST_TEXT;
    let result = tooLong ? text.slice(0, LONGEST_TEXT) : text;
    for (const spelling of this.#sorted) {
      if (result.includes(spelling)) result = result.split(spelling).join(CONCEALED);
    }
    // The cut may have gone through a secret, whose first half is now at the end.
    if (tooLong) result = result.slice(0, Math.max(0, result.length - (this.#sorted[0]?.length ?? 0)));
    return result.includes('://') ? result.replace(URL_IN_TEXT, concealUrl) : result;
  }

  #sort(): void {
    this.#sorted = [...this.#spellings.keys()].sort((one, other) => other.length - one.length);
  }
}

function spellingsOf(value: string): ReadonlySet<string> {
  const lines = value.split(/\r?\n/);
  const inJson = JSON.stringify(value).slice(1, -1);
  // A key of many lines is quoted line by line where something logs lines.
  const all = [value, inJson, encodeUri(value), ...(lines.length > 1 ? lines : [])];
  return new Set(all.filter(({ length }) => length >= SHORTEST));
}

function encodeUri(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return ''; // a lone surrogate has no such spelling
  }
}

function concealUrl(_all: string, scheme: string, rest: string, query: string | undefined): string {
  if (query === undefined) return `${scheme}${rest}`;
  const names = query
    .slice(1)
    .split('&')
    .map((pair) => (pair.includes('=') ? pair.slice(0, pair.indexOf('=') + 1) : ''));
  return `${scheme}${rest}?${names.map((name) => `${name}${CONCEALED}`).join('&')}`;
}

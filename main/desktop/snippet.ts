import { Secret } from '../core/base/secret.ts';

/** What a deployment snippet of authentik tells; null where it does not. */
export interface FoundInSnippet {
  readonly host: string | null;
  readonly token: Secret | null;
  readonly insecure: boolean | null;
}

/** Longer pastes are cut; a deployment is a page at most. Characters. */
const MAX_CHARACTERS = 256 * 1024;

/** The names of one thing in every kind of snippet, in lower case; Kubernetes' secrets have their own. */
const NAMES = {
  host: ['authentik_host', 'authentik_host_browser'],
  token: ['authentik_token', 'token'],
  insecure: ['authentik_insecure', 'authentik_host_insecure'],
} as const;

/** What the examples in authentik's documentation have where the real value belongs. */
const PLACEHOLDERS = [
  /your-authentik\.tld/i,
  /token-generated-by-authentik/i,
  /^<.*>$/,
  /^\$\{.*\}$/,
  /^\$\w+$/,
  /^\*+$/,
  /^(?:env|file):\/\//,
];

/**
 * Finds authentik's address and the outpost's token in what a person pasted: docker-compose, `docker run`, an
 * environment file, a Kubernetes manifest (also a Secret's base64), JSON, or just an address. Never throws.
 */
export function readSnippet(pasted: string): FoundInSnippet {
  const text = pasted
    .slice(0, MAX_CHARACTERS)
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ');
  const encoded = isKubernetesSecret(text);
  const found = pairsOf(text);
  const value = (names: readonly string[], accept: (value: string) => boolean) =>
    names
      .flatMap((name) => found.filter((pair) => pair.name === name))
      .flatMap(({ value: raw }) => (encoded ? [fromBase64(raw), raw] : [raw]))
      .find((candidate): candidate is string => candidate !== null && accept(candidate)) ?? null;
  const host = value(NAMES.host, isAddress) ?? bareAddress(text);
  const token = value(NAMES.token, isToken);
  const insecure = value(NAMES.insecure, (word) => truth(word) !== null);
  return {
    host,
    token: token === null ? null : new Secret(token),
    insecure: insecure === null ? null : truth(insecure),
  };
}

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** Everything that looks like a name with a value, in any of the notations. */
function pairsOf(text: string): Pair[] {
  const pairs: Pair[] = [];
  // NAME=value, NAME: value, "NAME": "value", -e NAME=value, - NAME=value
  const assignment =
    /(?:^|[\s"'{,])([A-Za-z][A-Za-z_]*)["']?[ \t]*[:=][ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s#,}"']+)/gm;
  for (const [, name = '', value = ''] of text.matchAll(assignment))
    pairs.push({ name: name.toLowerCase(), value: unquoted(value) });
  // "- AUTHENTIK_HOST=value" and -e "AUTHENTIK_HOST=value": the quotes are around both.
  const quotedPair = /["']([A-Za-z_]+)=([^"'\n]*)["']/g;
  for (const [, name = '', value = ''] of text.matchAll(quotedPair))
    pairs.push({ name: name.toLowerCase(), value: value.trim() });
  // Kubernetes: - name: AUTHENTIK_HOST ⏎ value: …, also as JSON and with the two the other way round.
  const quoted = `["']?`;
  const scalar = `("(?:[^"\\\\\\n]|\\\\.)*"|'[^'\\n]*'|[^\\s#,}"']+)`;
  const between = `[\\s,]+(?:-\\s+)?`;
  const nameFirst = new RegExp(
    `${quoted}name${quoted}\\s*:\\s*${quoted}(AUTHENTIK_\\w+)${quoted}${between}${quoted}value${quoted}\\s*:\\s*${scalar}`,
    'g',
  );
  for (const [, name = '', value = ''] of text.matchAll(nameFirst))
    pairs.push({ name: name.toLowerCase(), value: unquoted(value) });
  const valueFirst = new RegExp(
    `${quoted}value${quoted}\\s*:\\s*${scalar}${between}${quoted}name${quoted}\\s*:\\s*${quoted}(AUTHENTIK_\\w+)${quoted}`,
    'g',
  );
  for (const [, value = '', name = ''] of text.matchAll(valueFirst))
    pairs.push({ name: name.toLowerCase(), value: unquoted(value) });
  return pairs;
}

function unquoted(value: string): string {
  const quote = value[0];
  if ((quote === '"' || quote === "'") && value.endsWith(quote) && value.length >= 2) {
    const inner = value.slice(1, -1);
    return (quote === '"' ? inner.replace(/\\(["\\/])/g, '$1') : inner).trim();
  }
  return value.replace(/\\$/, '').trim();
}

function isKubernetesSecret(text: string): boolean {
  return /kind["']?\s*:\s*["']?Secret\b/.test(text) && /(?:^|\s|["'{,])data["']?\s*:/.test(text);
}

/** The text in it; null where that is no printable text. */
function fromBase64(value: string): string | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value) || value.length % 4 !== 0) return null;
  const text = Buffer.from(value, 'base64').toString('utf8').trim();
  return /^[\x20-\x7e]+$/.test(text) ? text : null;
}

function isAddress(value: string): boolean {
  return value !== '' && !isPlaceholder(value);
}

function isToken(value: string): boolean {
  return value.length >= 8 && value.length <= 16 * 1024 && !/\s/.test(value) && !isPlaceholder(value);
}

function isPlaceholder(value: string): boolean {
  return PLACEHOLDERS.some((pattern) => pattern.test(value));
}

function truth(word: string): boolean | null {
  if (/^(?:true|yes|1|on)$/i.test(word)) return true;
  return /^(?:false|no|0|off)$/i.test(word) ? false : null;
}

/** A paste that is nothing but an address. */
function bareAddress(text: string): string | null {
  const word = text.trim();
  return /^https?:\/\/\S+$/i.test(word) && !isPlaceholder(word) ? word : null;
}

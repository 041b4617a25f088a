import { Secret } from '../../base/secret.ts';
import { type Field, type Kind, quote, refusal, textKind } from '../kind.ts';

const MAX_CHARACTERS = 2048;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** A proxy to authentik: what the environment says (HTTPS_PROXY and the like), none, or this one. */
export type ProxySetting =
  | { readonly kind: 'environment' }
  | { readonly kind: 'none' }
  /** `url` may hold credentials, `display` never does. */
  | { readonly kind: 'url'; readonly url: Secret; readonly display: string };

/** An http or https address with its sub-path and query; what a browser's address line has beside it is refused. */
export const webAddress: Kind<string> = textKind({
  expects: 'an address such as https://sso.example.org',
  input: { kind: 'url', choices: [] },
  read(text, field) {
    const url = parseUrl(text, field, 'https', webAddress.expects);
    if (url.username !== '' || url.password !== '')
      throw refusal(
        field,
        'has a user name or password in it',
        `Leave them out: the token is all that authentik asks for. Give ${webAddress.expects}.`,
      );
    if (url.hash !== '')
      throw refusal(
        field,
        `is the address of a page (it has ${quote(url.hash)} at its end)`,
        `Give the address of authentik itself: ${url.origin}/.`,
      );
    return url.href.replace(/#$/, '');
  },
  write: (address) => address,
});

/** `none`, `environment`, or an http or https proxy. Credentials are taken from the environment only. */
export const proxy: Kind<ProxySetting> = {
  expects: 'a proxy such as http://proxy.example.org:3128, `none`, or `environment`',
  input: { kind: 'url', choices: ['environment', 'none'] },
  fromText(text, field) {
    const word = text.toLowerCase();
    if (word === 'none') return { kind: 'none' };
    if (word === 'environment') return { kind: 'environment' };
    const url = parseUrl(text, field, 'http', proxy.expects);
    if ((url.username !== '' || url.password !== '') && field.source !== 'environment')
      throw refusal(
        field,
        'has a user name or password in it, which others could read there',
        'Put the address into a file that only this user can read, and set SALLYPORT_PROXY=file:///path/to/it.',
      );
    return { kind: 'url', url: new Secret(url.href), display: `${url.protocol}//${url.host}` };
  },
  fromJson(value, field) {
    if (value === null) return { kind: 'environment' };
    if (typeof value !== 'string' || value.trim() === '')
      throw refusal(field, `is ${quote(value)}`, `Give ${proxy.expects}.`);
    return proxy.fromText(value.trim(), field);
  },
  // Without its credentials: they never go to the disk in clear.
  toJson: (value) => proxyText(value),
  show: (value) => proxyText(value),
};

/** As `Endpoint` takes it: null for the environment's proxy, `none`, or the URL with its credentials. */
export function proxyOption(setting: ProxySetting): string | null {
  if (setting.kind === 'url') return setting.url.reveal();
  return setting.kind === 'none' ? 'none' : null;
}

function proxyText(setting: ProxySetting): string {
  return setting.kind === 'url' ? setting.display : setting.kind;
}

function parseUrl(text: string, field: Field, usualScheme: string, expects: string): URL {
  const shown = withoutCredentials(text);
  const advice = `Give ${expects}.`;
  if (text.length > MAX_CHARACTERS)
    throw refusal(field, `is ${text.length} characters long, more than ${MAX_CHARACTERS}`, advice);
  // The parser would drop line breaks in silence.
  if (/[\s\p{Cc}]/u.test(text)) throw refusal(field, `is ${shown} with a blank in it`, advice);
  if (!SCHEME.test(text)) {
    const guess = tryUrl(`${usualScheme}://${text}`);
    const known = guess !== null && /^[^:/?#@]+(:\d+)?([/?][^@]*)?$/.test(text);
    throw refusal(
      field,
      `is ${shown}, without ${usualScheme}:// in front`,
      known ? `Write ${usualScheme}://${text.slice(0, 200)}.` : advice,
    );
  }
  const url = tryUrl(text);
  if (url === null) throw refusal(field, `is ${shown}, which is no address`, advice);
  // Before the host: `file:///…` has none, and what is wrong with it is its beginning.
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refusal(field, `begins with ${quote(`${url.protocol}//`)}, not with http:// or https://`, advice);
  if (url.hostname === '') throw refusal(field, `is ${shown}, which is no address`, advice);
  return url;
}

/** Whatever may hold a password is not repeated. */
function withoutCredentials(text: string): string {
  return text.includes('@') ? '***' : quote(text);
}

function tryUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/// <reference path="./proxy-from-env.d.ts" />
import { getProxyForUrl } from 'proxy-from-env';
import { staysHere } from '../base/host.ts';
import { Secret } from '../base/secret.ts';
import { SallyportError } from '../errors.ts';

/** A proxy between us and authentik. */
export interface ProxyServer {
  /** Without credentials. */
  readonly url: URL;
  /** For people: `http://proxy.example.org:3128`. */
  readonly display: string;
  /** The value of `Proxy-Authorization`; null where the proxy asks for none. */
  readonly authorization: Secret | null;
}

/**
 * The proxy on the way to `target`, or null for none. `setting` is `none`, a proxy's URL, or null: then the
 * environment decides (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, upper or lower case; loopback never
 * goes through a proxy). Throws `settings-invalid` for what is no http or https proxy.
 */
export function chooseProxy(target: URL, setting: string | null): ProxyServer | null {
  if (setting !== null) {
    const text = setting.trim();
    return text === 'none' || text === '' ? null : parseProxy(text, 'The proxy setting');
  }
  if (staysHere(target.hostname)) return null;
  const found = getProxyForUrl(target.href);
  return found === '' ? null : parseProxy(withUsualScheme(found), 'The proxy in the environment');
}

function parseProxy(text: string, origin: string): ProxyServer {
  const url = parseUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    const what =
      url && /^socks/.test(url.protocol) ? 'names a SOCKS proxy, which Sallyport cannot use' : 'is no URL';
    throw new SallyportError('settings-invalid', `${origin} ${what}.`, {
      advice: 'Give an HTTP proxy such as http://proxy.example.org:3128, or `none`.',
    });
  }
  const display = `${url.protocol}//${url.host}`;
  return { url: new URL(display), display, authorization: authorizationOf(url, origin) };
}

function authorizationOf({ username, password }: URL, origin: string): Secret | null {
  if (username === '' && password === '') return null;
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return new Secret(`Basic ${Buffer.from(pair, 'utf8').toString('base64')}`);
  } catch {
    throw new SallyportError(
      'settings-invalid',
      `${origin} has a user name or password that cannot be read.`,
      {
        advice: 'Write a percent sign in it as %25.',
      },
    );
  }
}

/** proxy-from-env gives `proxy:3128` the target's scheme; everyone else takes it for a plain HTTP proxy. */
function withUsualScheme(found: string): string {
  const bare = found.replace(/^https?:\/\//, '');
  const names = ['https_proxy', 'http_proxy', 'all_proxy', 'HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];
  return names.some((name) => process.env[name] === bare) ? `http://${bare}` : found;
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

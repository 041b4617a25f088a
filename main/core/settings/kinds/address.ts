import { isIP, isIPv6 } from 'node:net';
import { type Field, type Kind, quote, refusal, textKind, wrong } from '../kind.ts';

export interface HostPort {
  /** A name or an IP address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Started and kept alive by the outpost, as a program or in a container, or running elsewhere. */
export type GuacdTarget =
  | { readonly kind: 'managed' }
  | { readonly kind: 'container' }
  | { readonly kind: 'external'; readonly addresses: readonly HostPort[] };

export type MetricsListen = { readonly kind: 'off' } | ({ readonly kind: 'on' } & HostPort);

/** More guacd than one outpost can use. */
const MAX_ADDRESSES = 16;
const MAX_HOST_CHARACTERS = 253;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** `managed`, `container`, or the addresses of guacd instances, separated by commas. */
export const guacdTarget: Kind<GuacdTarget> = textKind({
  expects: 'managed, container, or host:port[,host:port…] such as guacd.example.org:4822',
  input: { kind: 'text', choices: ['managed', 'container'] },
  read(text, field) {
    const word = text.toLowerCase();
    if (word === 'managed' || word === 'container') return { kind: word };
    const parts = text.split(',').map((part) => part.trim());
    if (parts.length > MAX_ADDRESSES)
      throw refusal(field, `names ${parts.length} guacd`, `Give at most ${MAX_ADDRESSES}.`);
    const addresses = parts.map((part) => readHostPort(part, field, guacdTarget.expects, 1));
    const texts = addresses.map(hostPortText);
    const twice = texts.find((address, at) => texts.indexOf(address) !== at);
    if (twice !== undefined) throw refusal(field, `names ${twice} twice`, 'Name each guacd once.');
    return { kind: 'external', addresses };
  },
  write: (target) =>
    target.kind === 'external' ? target.addresses.map(hostPortText).join(',') : target.kind,
});

/** `host:port`, `:port` for all addresses of this host, or `off`. Port 0 takes any free one. */
export const metricsListen: Kind<MetricsListen> = textKind({
  expects: 'an address to listen on such as 127.0.0.1:9300, or off',
  input: { kind: 'text', choices: ['off'] },
  read(text, field) {
    if (text.toLowerCase() === 'off') return { kind: 'off' };
    const address = text.startsWith(':') ? `0.0.0.0${text}` : text;
    return { kind: 'on', ...readHostPort(address, field, metricsListen.expects, 0) };
  },
  write: (listen) => (listen.kind === 'off' ? 'off' : hostPortText(listen)),
});

/** `host:port`, an IPv6 address in brackets. */
export function hostPortText({ host, port }: HostPort): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

function readHostPort(text: string, field: Field, expects: string, minPort: number): HostPort {
  const advice = `Give ${expects}.`;
  if (/^[a-z]+:\/\//i.test(text))
    throw refusal(field, `has ${quote(text)}, which is a URL`, `Leave out the scheme: give ${expects}.`);
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed === null && isIPv6(text))
    throw refusal(
      field,
      `has ${quote(text)}, an IPv6 address without brackets`,
      'Put brackets around the address: [::1]:4822.',
    );
  const colon = text.lastIndexOf(':');
  const host = bracketed?.[1] ?? (colon < 0 ? text : text.slice(0, colon));
  const port = bracketed ? bracketed[2] : colon < 0 ? undefined : text.slice(colon + 1);
  if (port === undefined)
    throw refusal(field, text === '' ? 'has an empty address' : `has ${quote(text)} without a port`, advice);
  if (bracketed ? !isIPv6(host) : !isHostName(host)) throw wrong({ expects }, field, text);
  if (!/^\d{1,5}$/.test(port) || Number(port) < minPort || Number(port) > 65_535)
    throw refusal(field, `has the port ${quote(port)}`, `Give a port from ${minPort} to 65535.`);
  return { host, port: Number(port) };
}

function isHostName(host: string): boolean {
  if (isIP(host) === 4) return true;
  // Four numbers that are no address are a typing mistake, not a name.
  if (host.length > MAX_HOST_CHARACTERS || /^[\d.]*$/.test(host)) return false;
  return host
    .replace(/\.$/, '')
    .split('.')
    .every((label) => LABEL.test(label));
}

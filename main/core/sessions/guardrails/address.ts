import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96');
const AT_THE_END = [12, 13, 14, 15] as const;

/**
 * IPv6 that carries an IPv4 address, and in which of its bytes: where it is sent, that one is reached. Sources:
 * RFC 6052 and 8215 (NAT64), 7915 (translated), 3056 (6to4).
 */
const CARRIERS = [
  { range: ipaddr.IPv6.parseCIDR('64:ff9b::/96'), places: [AT_THE_END] },
  {
    // A site may use it as it is, or a longer prefix below it; the byte after the first eight is left out.
    range: ipaddr.IPv6.parseCIDR('64:ff9b:1::/48'),
    places: [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], AT_THE_END],
  },
  { range: ipaddr.IPv6.parseCIDR('::ffff:0:0:0/96'), places: [AT_THE_END] },
  { range: ipaddr.IPv6.parseCIDR('2002::/16'), places: [[2, 3, 4, 5]] },
] as const;

/** A range of addresses, such as `10.0.0.0/8`; one address is a range of one. */
export type Range = readonly [Address, number];

/** Reads `10.0.0.0/8`, `10.0.0.7`, `fd00::/8`; undefined for anything else, also for spellings that mislead. */
export function parseRange(text: string): Range | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  // ipaddr.js also reads octal, hexadecimal and short forms; in a rule they are a mistake waiting to be made.
  const isPlain =
    ipaddr.IPv4.isValidFourPartDecimal(address) || (address.includes(':') && ipaddr.IPv6.isValid(address));
  if (!isPlain || rest.length > 0 || address.includes('%')) return undefined;
  const parsed = ipaddr.parse(address);
  const bits = parsed.kind() === 'ipv4' ? 32 : 128;
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)) return undefined;
  const length = prefix === undefined ? bits : Number(prefix);
  // `::ffff:10.0.0.0/104` says IPv4 in another spelling.
  if (parsed.kind() === 'ipv6' && (parsed as ipaddr.IPv6).isIPv4MappedAddress() && length >= 96)
    return [(parsed as ipaddr.IPv6).toIPv4Address(), length - 96];
  return [parsed, length];
}

/**
 * The addresses that may be reached by sending to `text`: itself first, then what it carries or stands for. Empty for
 * what is no address as the system's resolver gives it.
 */
export function reachedBy(text: string): readonly Address[] {
  const bare = text.replace(/%.*$/s, '');
  if (!ipaddr.isValid(bare)) return [];
  const address = ipaddr.process(bare);
  // Where an address says “any”, systems connect to themselves.
  if (address.kind() === 'ipv4')
    return address.toString() === '0.0.0.0' ? [address, ipaddr.parse('127.0.0.1')] : [address];
  if (address.range() === 'unspecified') return [address, ipaddr.parse('::1')];
  return [address, ...embeddedIn(address as ipaddr.IPv6)];
}

export function isWithin(addresses: readonly Address[], [network, bits]: Range): boolean {
  return addresses.some((address) => address.kind() === network.kind() && matches(address, network, bits));
}

/** One spelling for each machine that is reached, for comparing two. */
export function canonical(text: string): string {
  const reached = reachedBy(text);
  return reached[reached.length - 1]?.toNormalizedString() ?? text;
}

function matches(address: Address, network: Address, bits: number): boolean {
  if (address.kind() === 'ipv4') return (address as ipaddr.IPv4).match(network as ipaddr.IPv4, bits);
  return (address as ipaddr.IPv6).match(network as ipaddr.IPv6, bits);
}

function embeddedIn(address: ipaddr.IPv6): readonly ipaddr.IPv4[] {
  const bytes = address.toByteArray();
  const at = (places: readonly number[]) => new ipaddr.IPv4(places.map((place) => bytes[place] ?? 0));
  const carrier = CARRIERS.find(({ range }) => address.match(range));
  if (carrier) return carrier.places.map(at);
  // `::` and `::1` are addresses of their own.
  const isCompatible =
    address.match(COMPATIBLE) && bytes.slice(12).some((byte, index) => byte > (index === 3 ? 1 : 0));
  return isCompatible ? [at(AT_THE_END)] : [];
}

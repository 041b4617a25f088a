import { parseRange, type Range } from './address.ts';
import { isLike, readHost } from './name.ts';

/** Where sessions may or may not go: `10.0.0.0/8`, `*.example.org`, `db-01:5432`, `[fd00::/8]:22`, `*:22-23`. */
export interface Target {
  /** As the admin wrote it. */
  readonly text: string;
  readonly host:
    | { readonly kind: 'any' }
    | { readonly kind: 'range'; readonly range: Range }
    /** In one spelling; may hold `*`. */
    | { readonly kind: 'name'; readonly name: string };
  /** From the first to the last; null for all. */
  readonly ports: readonly [number, number] | null;
}

const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/** The target, or a sentence's rest that says what is wrong with it. */
export function decodeTarget(text: string): Target | string {
  const { host, ports } = split(text.trim());
  const range = ports === undefined ? null : decodePorts(ports);
  if (range === undefined) return `“${text}” has no ports such as 22 or 8000-8080 after the colon`;
  if (host === '*') return { text, host: { kind: 'any' }, ports: range };
  const addresses = parseRange(host);
  if (addresses) return { text, host: { kind: 'range', range: addresses }, ports: range };
  if (looksLikeAddress(host)) return `“${text}” is no address or range such as 10.0.0.7 or 10.0.0.0/8`;
  const name = readPattern(host);
  if (name === null) return `“${text}” is no name, address or range`;
  return { text, host: { kind: 'name', name }, ports: range };
}

/** Whether the name that was asked for, in one spelling, is what the target names; an address is no name. */
export function namesIt(target: Target, name: string | null): boolean {
  return target.host.kind === 'name' && name !== null && isLike(name, target.host.name);
}

/** Whether the target names one machine, whose address can be asked for. */
export function exactName({ host }: Target): string | null {
  return host.kind === 'name' && !host.name.includes('*') ? host.name : null;
}

function split(text: string): { host: string; ports: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(text);
  if (bracketed) return { host: bracketed[1] ?? '', ports: bracketed[2] };
  const colons = text.split(':').length - 1;
  // More than one is IPv6 without brackets, which cannot have a port.
  if (colons !== 1) return { host: text, ports: undefined };
  const at = text.indexOf(':');
  return { host: text.slice(0, at), ports: text.slice(at + 1) };
}

function decodePorts(text: string): [number, number] | undefined {
  const found = PORTS.exec(text);
  if (!found) return undefined;
  const first = Number(found[1]);
  const last = found[2] === undefined ? first : Number(found[2]);
  return first >= 1 && first <= last && last <= 65_535 ? [first, last] : undefined;
}

/** What the system's resolver would take for an address in one of its old spellings, nearly one, or several: `10.0.*`. */
function looksLikeAddress(host: string): boolean {
  return /[:/]/.test(host) || /^[\d.*]+$/.test(host) || /^0x[0-9a-f.x]*$/i.test(host);
}

/** In one spelling; null for what names no machine. A label of another script cannot have `*`: DNS writes it whole. */
function readPattern(host: string): string | null {
  if (!host.includes('*')) return readName(host);
  const labels = host
    .replace(/\.$/, '')
    .toLowerCase()
    .split('.')
    .map((label) => (/^[a-z0-9*_-]+$/.test(label) ? label : readName(label)));
  return labels.includes(null) ? null : labels.join('.');
}

function readName(text: string): string | null {
  const host = readHost(text);
  return host?.kind === 'name' ? host.text : null;
}

import type { Failure } from '../../errors.ts';

/** Where a magic packet goes, and for whom it is. */
export interface WakeTarget {
  /** Six bytes. */
  readonly mac: Uint8Array;
  readonly host: string;
  readonly port: number;
}

const EVERYONE = '255.255.255.255';
/** “Discard”: the custom of magic packets; nobody listens, the network card reads it. */
const PORT = 9;

/** `AA:BB:CC:DD:EE:FF`, `aa-bb-…@10.0.0.255`, `aabb.ccdd.eeff@10.0.0.255:7`; null for what is none of these. */
export function parseWakeAddress(text: string): WakeTarget | null {
  const [macText = '', where, ...rest] = text.trim().split('@');
  if (rest.length > 0) return null;
  const mac = parseMac(macText);
  if (mac === null) return null;
  if (where === undefined) return { mac, host: EVERYONE, port: PORT };
  const match = /^(?:\[([0-9a-f:.]+(?:%[\w.-]+)?)\]|([0-9.]+))(?::(\d{1,5}))?$/i.exec(where.trim());
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || (match?.[2] !== undefined && !isIpv4(host))) return null;
  const port = Number(match?.[3] ?? PORT);
  return port >= 1 && port <= 65_535 ? { mac, host, port } : null;
}

export function wakeProblem(text: string): Failure | null {
  if (parseWakeAddress(text) !== null) return null;
  return {
    code: 'request-invalid',
    message: 'The wake-on-LAN address is no address of a network card.',
    advice:
      'Give it as AA:BB:CC:DD:EE:FF; to reach another network, add its broadcast address: AA:BB:CC:DD:EE:FF@10.0.0.255.',
  };
}

function parseMac(text: string): Uint8Array | null {
  const clean = text.trim();
  const shape =
    /^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$|^(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}$|^[0-9a-f]{12}$/i;
  if (!shape.test(clean)) return null;
  return Uint8Array.from(Buffer.from(clean.replace(/[:.-]/g, ''), 'hex'));
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

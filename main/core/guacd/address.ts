import { isIPv6 } from 'node:net';
import { staysHere } from '../base/host.ts';
import type { Failure } from '../errors.ts';

/** Where a guacd listens. */
export interface GuacdAddress {
  /** A name or an IP address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** How TLS is spoken with it; null where it speaks none. */
  readonly tls: GuacdTls | null;
}

export interface GuacdTls {
  /** Certificates of the authorities to trust, as PEM; null trusts those that Node brings. */
  readonly ca: string | null;
}

/** `host:port`, an IPv6 address in brackets: the name of a guacd in status, metrics and log. */
export function addressText({ host, port }: Pick<GuacdAddress, 'host' | 'port'>): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What an admin must know about a guacd that is reached in clear across the network; null where it is not. */
export function unprotectedWarning(address: GuacdAddress): Failure | null {
  if (address.tls !== null || staysHere(address.host)) return null;
  return {
    code: 'guacd-unprotected',
    message: `What goes to guacd at ${addressText(address)} is not encrypted: passwords and screens cross the network in clear.`,
    advice:
      'Start that guacd with a certificate and key (-C and -K) and set SALLYPORT_GUACD_TLS=true, or run guacd on this host.',
  };
}

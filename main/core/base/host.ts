import { isIPv4 } from 'node:net';

/**
 * Whether what is sent to `host` stays on this machine: a name or an IP address, an IPv6 address with or without
 * the brackets that it has in a URL.
 */
export function staysHere(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return /^localhost$/i.test(bare) || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

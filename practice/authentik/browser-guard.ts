import type { IncomingMessage } from 'node:http';

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;
const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * Why the browser's end must not answer `request`; undefined where it may.
 *
 * Whoever reaches these endpoints gets into the practice machines, so: only from this machine, only under a name
 * of this machine (a foreign name that resolves to it is DNS rebinding), and not from another site's page.
 */
export function browserRefusal(request: IncomingMessage): string | undefined {
  const address = request.socket.remoteAddress;
  if (address === undefined || !LOOPBACK_ADDRESSES.has(address)) {
    return 'The practice page is only for browsers on this machine.';
  }
  const host = request.headers.host ?? '';
  if (!LOOPBACK_HOST.test(host)) {
    return 'The practice page only answers to 127.0.0.1 and localhost.';
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    return 'The practice page does not answer to other sites.';
  }
  return undefined;
}

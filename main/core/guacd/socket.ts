import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { errnoFailure } from '../errno.ts';
import { type ErrorCode, SallyportError } from '../errors.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import { addressText, type GuacdAddress } from './address.ts';

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** How long connecting may take, TLS included, in milliseconds. */
  readonly timeoutMs: number;
}

/** Silence after which the system asks whether guacd's machine is still there, in milliseconds. */
const KEEP_ALIVE_MS = 30_000;

const TLS_FAILURES: Readonly<Record<string, { code: ErrorCode; happened: string; advice: string }>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted('it signed its certificate itself'),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted('the authority that signed its certificate is not known here'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted('the authority that signed its certificate is not known here'),
  UNABLE_TO_GET_ISSUER_CERT: untrusted('the authority that signed its certificate is not known here'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted('the authority that signed its certificate is not known here'),
  CERT_HAS_EXPIRED: {
    code: 'tls-expired',
    happened: 'its certificate has expired',
    advice: 'Renew the certificate, and check the clocks of both machines.',
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: 'tls-name',
    happened: 'its certificate is for another name',
    advice: 'Use the name that the certificate was made for.',
  },
};

/**
 * A connected socket to guacd, `noDelay` and keep-alive set.
 *
 * Rejects with `guacd-unreachable`, one of `tls-…`, or `aborted`; nothing is left open then. The socket keeps an
 * `error` listener that does nothing, so that a connection lost at any moment shows as `close` and never as an
 * uncaught exception.
 */
export function openSocket(address: GuacdAddress, { signal, timeoutMs }: OpenOptions): Promise<Socket> {
  const place = addressText(address);
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled(place));
      return;
    }
    const { host, port, tls } = address;
    const socket = tls
      ? connectTls({
          host,
          port,
          // A server name must not be an IP address (RFC 6066); the certificate is still checked against it.
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...(tls.ca === null ? {} : { ca: tls.ca }),
        })
      : connectTcp({ host, port });
    const settle = (failure?: SallyportError) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off(tls ? 'secureConnect' : 'connect', onOpen);
      socket.off('close', onClose);
      if (failure === undefined) resolve(socket);
      else {
        socket.destroy();
        reject(failure);
      }
    };
    const onOpen = () => {
      socket.setNoDelay(true);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      socket.off('error', onError);
      settle();
    };
    const onError = (error: Error) => settle(unreachable(place, error, tls !== null));
    const onClose = () => settle(unreachable(place, new Error('it closed the connection'), tls !== null));
    const onAbort = () => settle(cancelled(place));
    const timer = setTimeout(() => {
      const reason = `it did not answer within ${timeoutMs / 1000} s`;
      settle(failure('guacd-unreachable', place, reason, 'Does a firewall drop the packets on the way?'));
    }, timeoutMs);
    socket.on('error', ignore);
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.once(tls ? 'secureConnect' : 'connect', onOpen);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Whether guacd was not even reached: nothing was said to it, so another one may be tried. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof SallyportError && (error.code === 'guacd-unreachable' || error.code.startsWith('tls-'))
  );
}

export function cancelled(place: string): SallyportError {
  return new SallyportError('aborted', `The connection to guacd at ${place} was cancelled.`);
}

function ignore(): void {}

function unreachable(place: string, error: Error, tls: boolean): SallyportError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const broken = TLS_FAILURES[code];
  if (broken) {
    return new SallyportError(broken.code, `guacd at ${place} cannot be trusted: ${broken.happened}.`, {
      advice: broken.advice,
      cause: error,
      status: GuacamoleStatus.serverError,
    });
  }
  const known = errnoFailure(error, 'it');
  // Without TLS at the other end the TLS handshake ends in a reset, a close, or a complaint about the protocol.
  if (tls && (known === undefined || known.code === 'connection-lost')) {
    const advice = 'Was guacd started with a certificate and key (-C and -K)?';
    return failure('tls-failed', place, 'no TLS connection came about', advice, error);
  }
  const reason = known?.message.replace(/\.$/, '') ?? error.message;
  return failure('guacd-unreachable', place, reason, known?.advice, error);
}

function failure(
  code: ErrorCode,
  place: string,
  reason: string,
  advice?: string,
  cause?: unknown,
): SallyportError {
  const message = `guacd at ${place} cannot be reached: ${reason}.`;
  return new SallyportError(code, message, { advice, cause, status: GuacamoleStatus.serverError });
}

function untrusted(happened: string): { code: ErrorCode; happened: string; advice: string } {
  return {
    code: 'tls-untrusted',
    happened,
    advice: 'Name the authority’s certificate in the setting for guacd’s CA.',
  };
}

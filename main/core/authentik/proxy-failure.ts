import { errnoFailure } from '../errno.ts';
import { SallyportError } from '../errors.ts';
import type { ProxyServer } from './proxy.ts';

/** The proxy answered, but did not open the way. */
export function proxyRefused({ display, authorization }: ProxyServer, status: number): SallyportError {
  if (status === 407) {
    return new SallyportError(
      'proxy-failed',
      authorization === null
        ? `The proxy ${display} asks for a user name and a password (407).`
        : `The proxy ${display} refused its user name or password (407).`,
      { advice: 'Write them into the proxy’s address: http://name:password@host:port.' },
    );
  }
  if (status === 403 || status === 405) {
    return new SallyportError(
      'proxy-failed',
      `The proxy ${display} does not allow connections to authentik (${status}).`,
      {
        advice:
          'Ask the proxy’s admin to allow it, or list authentik’s host in NO_PROXY if it can be reached directly.',
      },
    );
  }
  if (status >= 500) {
    return new SallyportError('proxy-failed', `The proxy ${display} could not reach authentik (${status}).`, {
      advice: 'Check authentik’s address, and that the proxy can resolve and reach it.',
    });
  }
  return new SallyportError(
    'proxy-failed',
    `The proxy ${display} answered with status ${status} instead of connecting.`,
    {
      advice: 'Is this really the address of an HTTP proxy?',
    },
  );
}

/** The proxy could not be talked to at all. */
export function proxyUnreachable({ display }: ProxyServer, error: unknown): SallyportError {
  const known = errnoFailure(error, `The proxy ${display}`);
  const message =
    known?.message ??
    `The proxy ${display} could not be used: ${error instanceof Error ? error.message : 'no reason was given'}.`;
  return new SallyportError('proxy-failed', message, {
    advice: 'Check the proxy’s address in the settings or in HTTPS_PROXY, or set the proxy to `none`.',
    cause: error,
  });
}

import { X509Certificate } from 'node:crypto';
import https from 'node:https';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { type Failure, SallyportError } from '../errors.ts';
import { type CertificateDescription, describeCertificate } from './certificates.ts';
import { type EndpointOptions, openRoute } from './endpoint.ts';
import { agentFor, type Route } from './endpoint-agent.ts';
import { tlsFailure } from './trust-failure.ts';

export interface ShownCertificate extends CertificateDescription {
  readonly isCa: boolean;
  readonly pem: string;
}

export interface ProbeReport {
  /** The server's own first, then its issuers as far as they are known. */
  readonly chain: readonly ShownCertificate[];
  /** Why the outpost would not talk to it, or why nothing was seen; null where it would. */
  readonly failure: Failure | null;
}

export interface ProbeOptions extends Pick<EndpointOptions, 'host' | 'trust' | 'proxy'> {
  readonly signal: AbortSignal;
  /** Milliseconds for all of it; default 10 s. */
  readonly timeoutMs?: number;
  /** More certificates than this are left out; default 10. */
  readonly maxChain?: number;
}

/**
 * What a server shows of itself, and whether it would be trusted. Nothing is asked of it: the connection ends
 * with the handshake. `insecure` does not count, or there would be nothing to see. Never rejects.
 */
export async function probeCertificate({ maxChain = 10, ...options }: ProbeOptions): Promise<ProbeReport> {
  let chain: readonly ShownCertificate[] = [];
  try {
    await shakeHands(options, (socket) => {
      chain = chainOf(socket, maxChain);
    });
    return { chain, failure: null };
  } catch (error) {
    return { chain, failure: SallyportError.from(error, `authentik at ${options.host}`).toFailure() };
  }
}

async function shakeHands(
  { host, trust: options, proxy, signal, timeoutMs = 10_000 }: Omit<ProbeOptions, 'maxChain'>,
  onShown: (socket: TLSSocket) => void,
): Promise<void> {
  const { base, route, trust } = await openRoute({ host, proxy, trust: { ...options, insecure: false } });
  if (!route.secure) throw withoutTls(base);
  const watched: Route = {
    ...route,
    trust: {
      insecure: trust.insecure,
      secureContext: trust.secureContext,
      strangerContext: trust.strangerContext,
      refusal: (socket, name) => {
        onShown(socket);
        return trust.refusal(socket, name);
      },
    },
  };
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    await connected(base, watched, controller.signal);
  } catch (error) {
    if (controller.signal.aborted && !signal.aborted) throw tooSlow(base, timeoutMs, error);
    if (error instanceof SallyportError) throw error;
    throw tlsFailure(error, `authentik at ${base.host}`, trust.clientCertificate) ?? error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** Resolves when the handshake is done and the peer would be talked to; not a byte was written then. */
function connected(base: URL, route: Route, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // Never ended with `end()`, so the headers stay here.
    const request = https.request(base, { agent: agentFor(route, 'rest', signal) });
    const stop = () =>
      request.destroy(new SallyportError('aborted', 'Looking at the certificate was cancelled.'));
    request.on('socket', () => {
      resolve();
      request.destroy();
    });
    request.on('error', reject);
    request.on('close', () => signal.removeEventListener('abort', stop));
    signal.addEventListener('abort', stop, { once: true });
  });
}

function chainOf(socket: TLSSocket, maxChain: number): ShownCertificate[] {
  const chain: ShownCertificate[] = [];
  const seen = new Set<string>();
  let shown: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (shown?.raw && chain.length < maxChain) {
    const certificate = new X509Certificate(shown.raw);
    // The last one is its own issuer.
    if (seen.has(certificate.fingerprint256)) break;
    seen.add(certificate.fingerprint256);
    chain.push({
      ...describeCertificate(certificate),
      isCa: certificate.ca,
      pem: certificate.toString(),
    });
    shown = shown.issuerCertificate;
  }
  return chain;
}

function withoutTls(base: URL): SallyportError {
  return new SallyportError('tls-failed', `${base.origin} is reached without TLS and shows no certificate.`, {
    advice: 'Give its address with https:// where it has one.',
  });
}

function tooSlow(base: URL, timeoutMs: number, cause: unknown): SallyportError {
  return new SallyportError(
    'connect-timeout',
    `${base.host} did not show a certificate within ${timeoutMs / 1000} s.`,
    { advice: 'Check the address and the port, and whether a firewall drops the packets on the way.', cause },
  );
}

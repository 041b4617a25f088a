import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto';
import {
  checkServerIdentity,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { systemCertsAsync } from 'system-ca';
import { type Failure, SallyportError } from '../errors.ts';
import { describeCertificate } from './certificates.ts';
import { fingerprintRefusal, nameRefusal, verificationRefusal } from './trust-failure.ts';
import {
  type ClientCertificate,
  type ClientCertificateOptions,
  readCaFile,
  readCaPem,
  readClientCertificate,
} from './trust-files.ts';

/** Whom to believe that it is authentik, and what to show of ourselves. */
export interface TrustOptions {
  /** Certificates trusted besides the system's: PEM with one or several, or DER. */
  readonly caFile: string | null;
  /** The same as PEM itself, for authorities that are not kept yet. */
  readonly caPem?: string;
  /** SHA-256 of the server's own certificate, in hex with or without colons: exactly this one is accepted, whoever signed it. */
  readonly fingerprint: string | null;
  readonly clientCertificate: ClientCertificateOptions | null;
  /** Believe anyone. A pinned fingerprint still holds. */
  readonly insecure: boolean;
}

/** What making a connection asks of `Trust`. */
export type PeerTrust = Pick<Trust, 'secureContext' | 'strangerContext' | 'insecure' | 'refusal'>;

/** Trust in what the system trusts, nothing else. */
export const SYSTEM_TRUST: TrustOptions = {
  caFile: null,
  fingerprint: null,
  clientCertificate: null,
  insecure: false,
};

/** What was made of the certificates, and of what exactly. */
interface Contexts {
  readonly key: string;
  readonly secure: SecureContext;
  readonly stranger: SecureContext;
}

/**
 * The decision whom to talk to, made once and held for every connection. The certificate store is parsed once
 * for all: a store per connection would cost megabytes each.
 */
export class Trust {
  readonly insecure: boolean;
  readonly clientCertificate: ClientCertificate | null;
  /** What an admin should know though it works. */
  readonly warnings: readonly Failure[];
  readonly #pin: Buffer | null;
  readonly #contexts: Contexts;

  private constructor(
    contexts: Contexts,
    client: ClientCertificate | null,
    options: TrustOptions,
    warnings: readonly Failure[],
  ) {
    this.#pin =
      options.fingerprint === null ? null : Buffer.from(normalFingerprint(options.fingerprint), 'hex');
    this.insecure = options.insecure;
    this.clientCertificate = client;
    this.warnings = warnings;
    this.#contexts = contexts;
  }

  get secureContext(): SecureContext {
    return this.#contexts.secure;
  }

  /** The same certificate store without our client certificate: for whoever is not authentik, such as a proxy. */
  get strangerContext(): SecureContext {
    return this.#contexts.stranger;
  }

  /**
   * Reads every file that `options` name. Rejects with `settings-invalid`, `file-unreadable` or
   * `client-certificate`. A system store that cannot be read is a warning: the built-in list stays. What `previous`
   * made of the same certificates is used again: to parse a system's hundreds of them takes the event loop a tenth
   * of a second, and this is done at every attempt to connect.
   */
  static async open(options: TrustOptions, previous?: Trust): Promise<Trust> {
    const warnings: Failure[] = [];
    if (options.fingerprint !== null) normalFingerprint(options.fingerprint);
    const [system, own, client] = await Promise.all([
      systemCertificates(warnings),
      options.caFile === null ? [] : readCaFile(options.caFile),
      options.clientCertificate === null ? null : readClientCertificate(options.clientCertificate),
    ]);
    if (options.insecure) warnings.push(insecureWarning(options.fingerprint !== null));
    const proposed = options.caPem === undefined ? [] : readCaPem(options.caPem);
    const ca = withoutDoubles([...system, ...own, ...proposed]);
    const key = keyOf(ca, client);
    const known = previous !== undefined && previous.#contexts.key === key;
    return new Trust(known ? previous.#contexts : makeContexts(key, ca, client), client, options, warnings);
  }

  /**
   * Whether the peer at the other end of a finished handshake may be talked to: null, or why not. To be asked
   * before the first byte is written; the connection itself is made without verification, so that the refusal
   * can name the certificate that was shown.
   */
  refusal(socket: TLSSocket, host: string): SallyportError | null {
    const shown = socket.getPeerCertificate(true);
    if (!shown?.raw) {
      return new SallyportError('tls-failed', `${host} showed no certificate.`, {
        advice: 'Is a TLS server listening on this port?',
      });
    }
    const certificate = describeCertificate(new X509Certificate(shown.raw));
    if (this.#pin) {
      const presented = Buffer.from(certificate.sha256, 'hex');
      return timingSafeEqual(presented, this.#pin) ? null : fingerprintRefusal(host, certificate);
    }
    if (this.insecure) return null;
    if (!socket.authorized) return verificationRefusal(String(socket.authorizationError), host, certificate);
    return checkServerIdentity(host, shown) ? nameRefusal(host, certificate) : null;
  }
}

/** 64 lower-case hex digits. Throws `settings-invalid` for anything that is no SHA-256 fingerprint. */
export function normalFingerprint(text: string): string {
  const digits = text
    .trim()
    .replace(/^sha-?256(\s+fingerprint)?[:/ =]+/i, '')
    .replace(/[:\s]/g, '')
    .toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw new SallyportError('settings-invalid', 'The pinned fingerprint is not a SHA-256 fingerprint.', {
    advice: 'Give 64 hex digits, with or without colons, as `openssl x509 -fingerprint -sha256` prints them.',
  });
}

function makeContexts(key: string, ca: string[], client: ClientCertificate | null): Contexts {
  const stranger = createSecureContext({ ca });
  return { key, stranger, secure: client ? createSecureContext({ ca, ...client.context }) : stranger };
}

/** The system's store and Node's own list hold much the same, with line breaks in other places. */
function withoutDoubles(certificates: readonly string[]): string[] {
  return [...new Map(certificates.map((pem) => [pem.replace(/\s+/g, ''), pem])).values()];
}

/** Tells one set of certificates and keys from another, without holding them. */
function keyOf(ca: readonly string[], client: ClientCertificate | null): string {
  const hash = createHash('sha256');
  for (const pem of ca) hash.update(pem).update('\0');
  const { cert, key, pfx, passphrase } = client?.context ?? {};
  for (const part of [cert, key, pfx, passphrase]) {
    if (typeof part === 'string' || Buffer.isBuffer(part)) hash.update(part);
    hash.update('\0');
  }
  return hash.digest('hex');
}

async function systemCertificates(warnings: Failure[]): Promise<string[]> {
  try {
    return await systemCertsAsync({ includeNodeCertificates: true });
  } catch {
    warnings.push({
      code: 'tls-failed',
      message: 'The certificates that this system trusts could not be read; the built-in list is used.',
      advice: 'If authentik’s certificate comes from an authority of your own, name its CA file.',
    });
    return [...rootCertificates];
  }
}

function insecureWarning(pinned: boolean): Failure {
  return pinned
    ? {
        code: 'tls-untrusted',
        message: 'TLS verification is switched off, but the pinned fingerprint is still checked.',
        advice: 'AUTHENTIK_INSECURE is not needed beside a pinned fingerprint: remove it.',
      }
    : {
        code: 'tls-untrusted',
        message: 'TLS verification is switched off: anyone on the way can read the token and every session.',
        advice:
          'Name authentik’s CA file or pin its certificate’s fingerprint instead of AUTHENTIK_INSECURE.',
      };
}

import { SallyportError } from '../errors.ts';
import {
  type CertificateDescription,
  dayText,
  describeCertificate,
  fingerprintText,
  namesText,
} from './certificates.ts';
import type { ClientCertificate } from './trust-files.ts';

/** The certificate is not the pinned one. */
export function fingerprintRefusal(host: string, certificate: CertificateDescription): SallyportError {
  return new SallyportError(
    'tls-fingerprint',
    `${host} showed a certificate other than the pinned one: ${shown(certificate)}.`,
    {
      advice:
        'If authentik’s certificate was renewed, pin the new fingerprint; if not, someone may be listening in.',
    },
  );
}

/** The certificate is good, but for another name. */
export function nameRefusal(host: string, certificate: CertificateDescription): SallyportError {
  return new SallyportError(
    'tls-name',
    `${host} showed a certificate that is made for ${namesText(certificate.names)}.`,
    { advice: `Use one of its names in AUTHENTIK_HOST, or get a certificate for ${host}.` },
  );
}

/** OpenSSL did not accept the certificate or its chain; `code` is its name for the reason. */
export function verificationRefusal(
  code: string,
  host: string,
  certificate: CertificateDescription,
): SallyportError {
  switch (code) {
    case 'CERT_HAS_EXPIRED': {
      const own = certificate.validTo <= Date.now();
      return new SallyportError(
        'tls-expired',
        own
          ? `The certificate of ${host} expired on ${dayText(certificate.validTo)} (${shown(certificate)}).`
          : `A certificate in the chain of ${host} has expired; the server’s own is valid until ${dayText(certificate.validTo)}.`,
        { advice: 'Renew it on the server; if it was renewed, check this host’s clock.' },
      );
    }
    case 'CERT_NOT_YET_VALID':
      return new SallyportError(
        'tls-expired',
        `The certificate of ${host} is not valid before ${dayText(certificate.validFrom)} (${shown(certificate)}).`,
        { advice: 'Check the clocks of this host and of the server.' },
      );
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return new SallyportError(
        'tls-untrusted',
        `The certificate of ${host} is self-signed, so nobody vouches for it (${shown(certificate)}).`,
        { advice: 'Compare this fingerprint with the one on the server and pin it, or name its CA file.' },
      );
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return new SallyportError(
        'tls-untrusted',
        `The certificate of ${host} comes from an authority that this host does not know: ${certificate.issuer} (${shown(certificate)}).`,
        { advice: 'Name the authority’s CA file (SALLYPORT_CA_FILE), or pin the fingerprint.' },
      );
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return new SallyportError(
        'tls-untrusted',
        `The certificate of ${host} is signed by ${certificate.issuer}, whose certificate is missing (${shown(certificate)}).`,
        {
          advice:
            'The server may not send its whole chain: mend that, or name the authority’s CA file (SALLYPORT_CA_FILE).',
        },
      );
    case 'CERT_REVOKED':
      return new SallyportError(
        'tls-untrusted',
        `The certificate of ${host} was revoked (${shown(certificate)}).`,
        {
          advice: 'Get a new certificate for the server.',
        },
      );
    default:
      return new SallyportError(
        'tls-untrusted',
        `The certificate of ${host} was not accepted (${code}; ${shown(certificate)}).`,
        { advice: 'Look at the server’s certificate and its chain.' },
      );
  }
}

/**
 * An error of the TLS layer in words, or undefined where it is something else. `subject` begins the sentence.
 * Told by the text as well as the code, because the same alert has different codes in OpenSSL 1.1, 3 and BoringSSL.
 */
export function tlsFailure(
  error: unknown,
  subject: string,
  client: ClientCertificate | null,
): SallyportError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const text = `${code} ${error.message}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  if (!/SSL|TLS|EPROTO/.test(text)) return undefined;

  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE/.test(text)) {
    return new SallyportError('tls-failed', `${subject} does not speak TLS on this port.`, {
      advice: 'Check the port; if authentik is served without TLS there, the address begins with http://.',
      cause: error,
    });
  }
  if (/CERTIFICATE_REQUIRED/.test(text)) {
    return new SallyportError('client-certificate', `${subject} asks for a client certificate.`, {
      advice: client ? `Is the one in ${client.file} meant for this server?` : 'Name one in the settings.',
      cause: error,
    });
  }
  const alert =
    /ALERT_(?:NUMBER_\d+_)?(CERTIFICATE_\w+|BAD_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE)/.exec(text);
  if (client && (alert || /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE)/.test(text))) {
    return clientRefused(error, subject, client);
  }
  if (/HANDSHAKE_FAILURE/.test(text)) {
    return new SallyportError('tls-failed', `${subject} refused the TLS handshake without saying why.`, {
      advice: client
        ? `Is the client certificate in ${client.file} meant for this server, and do both sides share a cipher?`
        : 'It may ask for a client certificate, which can be named in the settings; or the two sides share no cipher.',
      cause: error,
    });
  }
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE/.test(text)) {
    return new SallyportError(
      'tls-failed',
      `${subject} speaks only a version of TLS that is too old to be safe.`,
      {
        advice: 'Let the server offer TLS 1.2 or newer.',
        cause: error,
      },
    );
  }
  if (client && expiredOn(client) !== null && /BEFORE_SECURE_TLS_CONNECTION/.test(text)) {
    // Some servers cut the connection instead of saying what they dislike.
    return clientRefused(error, subject, client);
  }
  if (/BEFORE_SECURE_TLS_CONNECTION/.test(text)) {
    return new SallyportError('tls-failed', `${subject} closed the connection during the TLS handshake.`, {
      advice: 'Check the port, and that nothing on the way cuts TLS connections.',
      cause: error,
    });
  }
  return new SallyportError(
    'tls-failed',
    `The TLS handshake with ${subject} failed: ${plain(error.message)}.`,
    {
      advice: 'Look into the server’s log.',
      cause: error,
    },
  );
}

function clientRefused(error: Error, subject: string, client: ClientCertificate): SallyportError {
  const own = client.leaf && describeCertificate(client.leaf);
  const expired = expiredOn(client);
  const which =
    expired === null
      ? own
        ? ` ${own.subject}, issued by ${own.issuer}`
        : ''
      : `, which expired on ${expired}`;
  return new SallyportError(
    'client-certificate',
    `${subject} refused our client certificate${which} (${client.file}).`,
    {
      advice:
        expired === null
          ? 'Get a client certificate from the authority that this server trusts.'
          : 'Renew the client certificate.',
      cause: error,
    },
  );
}

/** The day our client certificate expired; null for one that is valid, and where that is not known. */
function expiredOn({ leaf }: ClientCertificate): string | null {
  if (!leaf) return null;
  const { validTo } = describeCertificate(leaf);
  return validTo <= Date.now() ? dayText(validTo) : null;
}

function shown(certificate: CertificateDescription): string {
  return `${certificate.subject}, SHA-256 ${fingerprintText(certificate.sha256)}`;
}

/** OpenSSL's line without its numbers and source files. */
function plain(message: string): string {
  const parts = message.split(':').map((part) => part.trim());
  return parts.length >= 5
    ? (parts[parts.findIndex((part) => /SSL routines/i.test(part)) + 2] ?? message)
    : message;
}

import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

/** A certificate with its private key, both PEM. */
export interface KeyPairPem {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface CertificateWish {
  readonly commonName: string;
  /** Host names and addresses it is for; none for a client's certificate. */
  readonly names?: readonly string[];
  /** Days from now; 0 or less makes one that has expired. */
  readonly days?: number;
}

const DAY_MS = 86_400_000;

/** A certificate authority that lives as long as the run; its key never leaves the process. */
export class PracticeCa {
  readonly #key: forge.pki.rsa.PrivateKey;
  readonly #certificate: forge.pki.Certificate;
  /** Its own certificate: what `SALLYPORT_CA_FILE` would hold. */
  readonly caPem: string;

  constructor() {
    const { privateKey, publicKey } = generateKeys();
    this.#key = privateKey;
    const certificate = blank('Sallyport practice CA', publicKey, 30);
    certificate.setIssuer(certificate.subject.attributes);
    certificate.setExtensions([
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      { name: 'subjectKeyIdentifier' },
    ]);
    certificate.sign(this.#key, forge.md.sha256.create());
    this.#certificate = certificate;
    this.caPem = forge.pki.certificateToPem(certificate);
  }

  issue({ commonName, names = [], days = 30 }: CertificateWish): KeyPairPem {
    const { privateKey, publicKey } = generateKeys();
    const certificate = blank(commonName, publicKey, days);
    certificate.setIssuer(this.#certificate.subject.attributes);
    const altNames = names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name }));
    certificate.setExtensions([
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: names.length > 0, clientAuth: names.length === 0 },
      ...(altNames.length > 0 ? [{ name: 'subjectAltName', altNames }] : []),
    ]);
    certificate.sign(this.#key, forge.md.sha256.create());
    return {
      certPem: forge.pki.certificateToPem(certificate),
      keyPem: forge.pki.privateKeyToPem(privateKey),
    };
  }
}

/** SHA-256 of a certificate as `openssl x509 -fingerprint -sha256` prints it: `AB:CD:…`. */
export function fingerprint(certPem: string): string {
  return new X509Certificate(certPem).fingerprint256;
}

/** A certificate and its key as a PKCS#12 file's bytes. */
export function toPkcs12({ certPem, keyPem }: KeyPairPem, password: string): Buffer {
  const key = forge.pki.privateKeyFromPem(keyPem);
  const certificate = forge.pki.certificateFromPem(certPem);
  const asn1 = forge.pkcs12.toPkcs12Asn1(key, [certificate], password, { algorithm: 'aes256' });
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}

function generateKeys(): { privateKey: forge.pki.rsa.PrivateKey; publicKey: forge.pki.rsa.PublicKey } {
  // Node makes an RSA key in a tenth of the time that node-forge takes.
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    privateKey: forge.pki.privateKeyFromPem(privateKey),
    publicKey: forge.pki.publicKeyFromPem(publicKey),
  };
}

function blank(commonName: string, publicKey: forge.pki.PublicKey, days: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  // Positive, and in as few bytes as that takes: OpenSSL reads no number that begins with two zeros.
  certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
  const end = Date.now() + days * DAY_MS;
  certificate.validity.notBefore = new Date(Math.min(Date.now(), end) - DAY_MS);
  certificate.validity.notAfter = new Date(end);
  certificate.setSubject([{ name: 'commonName', value: commonName }]);
  return certificate;
}

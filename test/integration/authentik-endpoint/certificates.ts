import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

/** A certificate with its key, made for one run of the tests. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface IssueOptions {
  readonly name: string;
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** Days from now; negative is the past. */
  readonly fromDay?: number;
  readonly toDay?: number;
  readonly authority?: boolean;
  /** Who signs; itself where nobody is named. */
  readonly by?: Issued;
}

const DAY = 24 * 60 * 60 * 1000;

export function issue({
  name,
  names = [],
  addresses = [],
  fromDay = -1,
  toDay = 30,
  authority = false,
  by,
}: IssueOptions): Issued {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() + fromDay * DAY);
  certificate.validity.notAfter = new Date(Date.now() + toDay * DAY);
  const subject = [{ name: 'commonName', value: name }];
  certificate.setSubject(subject);
  certificate.setIssuer(by ? forge.pki.certificateFromPem(by.cert).subject.attributes : subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: authority, critical: true },
    ...(authority ? [{ name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }] : []),
    ...(names.length + addresses.length === 0
      ? []
      : [
          {
            name: 'subjectAltName',
            altNames: [
              ...names.map((value) => ({ type: 2, value })),
              ...addresses.map((ip) => ({ type: 7, ip })),
            ],
          },
        ]),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(by?.key ?? pair.privateKey), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key: pair.privateKey };
}

/** Certificate and key in one PKCS#12 file. */
export function pkcs12(
  { cert, key }: Issued,
  passphrase: string,
  algorithm: '3des' | 'aes256' = '3des',
): Buffer {
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(key),
    [forge.pki.certificateFromPem(cert)],
    passphrase,
    { algorithm },
  );
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}

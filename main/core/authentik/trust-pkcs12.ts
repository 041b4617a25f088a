import { createPrivateKey, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import type { Secret } from '../base/secret.ts';
import { SallyportError } from '../errors.ts';

export interface Pkcs12Content {
  /** Certificates as PEM, the one that belongs to the key first. */
  readonly certificate: string;
  /** PKCS#8 PEM; held by whoever asked, never logged. */
  readonly key: string;
}

/**
 * Reads a PKCS#12 file that the TLS library itself refuses: files made by older tools are encrypted with
 * RC2, which OpenSSL 3 no longer does. Keys and certificates that come out are parsed again by `node:crypto`.
 * Throws `client-certificate` for a wrong passphrase, a damaged file and a file without key or certificate.
 */
export function readPkcs12(file: Buffer, passphrase: Secret | null, path: string): Pkcs12Content {
  const bags = decrypt(file, passphrase, path);
  const keys = bags.flatMap(keyPem);
  const certificates = bags.flatMap(certificateOf);
  const [key] = keys;
  if (key === undefined) {
    throw new SallyportError(
      'client-certificate',
      `The client certificate file ${path} holds no private key.`,
      {
        advice: 'Export it again together with its private key.',
      },
    );
  }
  const privateKey = createPrivateKey(key);
  const own = certificates.find((certificate) => certificate.checkPrivateKey(privateKey));
  if (own === undefined) {
    throw new SallyportError(
      'client-certificate',
      `The client certificate file ${path} holds no certificate that belongs to its private key.`,
      { advice: 'Export it again together with its certificate.' },
    );
  }
  const chain = [own, ...certificates.filter((certificate) => certificate !== own)];
  return { key, certificate: chain.map((certificate) => certificate.toString()).join('') };
}

function decrypt(file: Buffer, passphrase: Secret | null, path: string): forge.pkcs12.Bag[] {
  try {
    const asn1 = forge.asn1.fromDer(file.toString('binary'));
    const content = forge.pkcs12.pkcs12FromAsn1(asn1, false, passphrase?.reveal() ?? '');
    return content.safeContents.flatMap(({ safeBags }) => safeBags);
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    if (/password|MAC could not be verified/i.test(text)) {
      throw new SallyportError(
        'client-certificate',
        `The passphrase does not open the client certificate file ${path}.`,
        { advice: 'Check the passphrase.', cause: error },
      );
    }
    throw new SallyportError('client-certificate', `The client certificate file ${path} cannot be read.`, {
      advice: 'It should be a PEM file or a PKCS#12 file (.p12, .pfx).',
      cause: error,
    });
  }
}

function keyPem(bag: forge.pkcs12.Bag): string[] {
  if (bag.type !== forge.pki.oids['keyBag'] && bag.type !== forge.pki.oids['pkcs8ShroudedKeyBag']) return [];
  // forge parses RSA keys only; any other kind stays ASN.1, which node:crypto understands.
  const asn1 = bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1;
  const key = createPrivateKey({ key: derOf(asn1), format: 'der', type: 'pkcs8' });
  return [key.export({ format: 'pem', type: 'pkcs8' }).toString()];
}

function certificateOf(bag: forge.pkcs12.Bag): X509Certificate[] {
  if (bag.type !== forge.pki.oids['certBag']) return [];
  return [new X509Certificate(derOf(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1))];
}

function derOf(asn1: forge.asn1.Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
}

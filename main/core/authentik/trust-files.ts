import { X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Secret } from '../base/secret.ts';
import { SallyportError } from '../errors.ts';
import { readPkcs12 } from './trust-pkcs12.ts';

export interface ClientCertificateOptions {
  /** Certificate (with its chain) as PEM, or certificate and key together as PKCS#12. */
  readonly file: string;
  /** The private key as PEM; null where it is in `file`. */
  readonly keyFile: string | null;
  readonly passphrase: Secret | null;
}

/** What `tls.createSecureContext` needs to show a client certificate, and the certificate itself. */
export interface ClientCertificate {
  readonly file: string;
  readonly context: Pick<SecureContextOptions, 'cert' | 'key' | 'pfx' | 'passphrase'>;
  /** Null where only the TLS library could open the file. */
  readonly leaf: X509Certificate | null;
}

/** No certificate, key or bundle is larger. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

const PEM =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * The certificates of an own certificate authority, as PEM: from a PEM file with one or several, or from DER.
 * Throws `file-unreadable` where the file cannot be read and `settings-invalid` where it holds no certificate.
 */
export async function readCaFile(path: string): Promise<string[]> {
  const subject = `The CA file ${path}`;
  const content = await readBounded(path, subject);
  return certificatesOf(content.toString('latin1').match(PEM), content, subject);
}

/** The certificates in a text that was pasted, each as PEM. Throws `settings-invalid` where there is none. */
export function readCaPem(text: string): string[] {
  return certificatesOf(text.match(PEM), Buffer.alloc(0), 'The text');
}

function certificatesOf(blocks: readonly string[] | null, whole: Buffer, subject: string): string[] {
  try {
    return (blocks ?? [whole]).map((block) => new X509Certificate(block).toString());
  } catch (error) {
    const what = blocks ? 'holds a certificate that cannot be read' : 'holds no certificate';
    throw new SallyportError('settings-invalid', `${subject} ${what}.`, {
      advice: 'It should hold certificates as PEM (-----BEGIN CERTIFICATE-----) or one as DER.',
      cause: error,
    });
  }
}

/** The client certificate, tried out. Throws `file-unreadable`, or `client-certificate` with what is wrong with it. */
export async function readClientCertificate({
  file,
  keyFile,
  passphrase,
}: ClientCertificateOptions): Promise<ClientCertificate> {
  const content = await readBounded(file, `The client certificate file ${file}`);
  const text = content.toString('latin1');
  if (!text.includes('-----BEGIN')) return fromPkcs12(content, passphrase, file);

  const key = keyFile === null ? text : await readBounded(keyFile, `The client key file ${keyFile}`);
  if (keyFile === null && !text.includes('PRIVATE KEY-----')) {
    throw new SallyportError(
      'client-certificate',
      `The client certificate file ${file} holds no private key.`,
      {
        advice: 'Name the file with its private key too, or use a PKCS#12 file.',
      },
    );
  }
  const context = { cert: text, key, ...(passphrase && { passphrase: passphrase.reveal() }) };
  try {
    createSecureContext(context);
    return { file, context, leaf: new X509Certificate(text.match(PEM)?.[0] ?? text) };
  } catch (error) {
    throw new SallyportError('client-certificate', pemProblem(error, file, keyFile ?? file), {
      cause: error,
    });
  }
}

function fromPkcs12(content: Buffer, passphrase: Secret | null, file: string): ClientCertificate {
  const native = { pfx: content, ...(passphrase && { passphrase: passphrase.reveal() }) };
  try {
    // forge first for the certificate's dates and for files that OpenSSL 3 refuses.
    const { certificate, key } = readPkcs12(content, passphrase, file);
    const context = { cert: certificate, key };
    createSecureContext(context);
    return { file, context, leaf: new X509Certificate(certificate) };
  } catch (error) {
    try {
      createSecureContext(native);
    } catch {
      throw error;
    }
    return { file, context: native, leaf: null };
  }
}

function pemProblem(error: unknown, file: string, keyFile: string): string {
  const text = error instanceof Error ? `${'code' in error ? error.code : ''} ${error.message}` : '';
  if (/mismatch/i.test(text))
    return `The private key in ${keyFile} does not belong to the certificate in ${file}.`;
  if (/BAD_PASSWORD|bad decrypt|BAD_DECRYPT|empty password|INTERRUPTED|bad password read/i.test(text)) {
    return `The passphrase does not open the private key in ${keyFile}.`;
  }
  return `The client certificate in ${file} cannot be used with the private key in ${keyFile}.`;
}

async function readBounded(path: string, subject: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > MAX_FILE_BYTES) {
        throw new SallyportError('settings-invalid', `${subject} is too large: it has ${size} bytes.`, {
          advice: `No certificate file needs more than ${MAX_FILE_BYTES} bytes.`,
        });
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw SallyportError.from(error, subject, 'file-unreadable');
  }
}

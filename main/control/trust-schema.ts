import * as v from 'valibot';
import { failure } from './status-schema.ts';

/* What a person types to reach authentik before it is kept, and the certificates that a server shows. */

/** More certificates than a chain has. */
export const MAX_CHAIN = 10;
/** A chain of certificates as PEM is shorter, in characters. */
const MAX_PEM = 64 * 1024;

export const host = v.pipe(v.string(), v.maxLength(4096));
export const pem = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_PEM));
export const fingerprint = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** Stands in place of what is kept, for one look of the doctor. */
export const proposal = v.object({
  host: v.exactOptional(host),
  token: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(16 * 1024))),
  insecure: v.exactOptional(v.boolean()),
  fingerprint: v.exactOptional(fingerprint),
  caPem: v.exactOptional(pem),
});

const certificate = v.object({
  subject: v.string(),
  issuer: v.string(),
  names: v.pipe(v.array(v.string()), v.readonly()),
  /** ISO 8601. */
  validFrom: v.string(),
  validTo: v.string(),
  /** SHA-256 as people compare it: `AB:CD:…`. */
  fingerprint: v.string(),
  selfSigned: v.boolean(),
  isCa: v.boolean(),
  pem: v.string(),
});

export const certificateReport = v.object({
  /** The server's own first, then its issuers as far as they are known. */
  chain: v.pipe(v.array(certificate), v.maxLength(MAX_CHAIN), v.readonly()),
  /** Whether the outpost would talk to this server as it is set now; `insecure` does not count. */
  trusted: v.boolean(),
  /** Why it would not, or why no certificate was seen. */
  failure: v.nullable(failure),
});

export type Proposal = v.InferOutput<typeof proposal>;
export type CertificateReport = v.InferOutput<typeof certificateReport>;

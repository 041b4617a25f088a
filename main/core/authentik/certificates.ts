import { X509Certificate } from 'node:crypto';
import type { Moment } from '../status.ts';

/** What a person needs to know about a certificate to recognise it. */
export interface CertificateDescription {
  /** Whom it was issued to, such as `CN=sso.example.org, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** Host names and addresses it is good for; empty where it names none. */
  readonly names: readonly string[];
  readonly validFrom: Moment;
  readonly validTo: Moment;
  /** SHA-256 of the whole certificate: 64 lower-case hex digits. */
  readonly sha256: string;
  readonly selfSigned: boolean;
}

/** Describes a certificate given as PEM, as DER or already parsed. Throws Node's own error for anything else. */
export function describeCertificate(certificate: X509Certificate | Buffer | string): CertificateDescription {
  const parsed = certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate);
  return {
    subject: oneLine(parsed.subject),
    issuer: oneLine(parsed.issuer),
    names: alternativeNames(parsed.subjectAltName),
    validFrom: Date.parse(parsed.validFrom),
    validTo: Date.parse(parsed.validTo),
    sha256: parsed.fingerprint256.replace(/:/g, '').toLowerCase(),
    selfSigned: parsed.checkIssued(parsed),
  };
}

/** A fingerprint the way people compare it: upper-case pairs with colons. */
export function fingerprintText(sha256: string): string {
  return (sha256.toUpperCase().match(/../g) ?? []).join(':');
}

/** A day the way every log reads it: `2026-03-01`. */
export function dayText(moment: Moment): string {
  return Number.isFinite(moment) ? new Date(moment).toISOString().slice(0, 10) : 'an unreadable day';
}

/** Names for a sentence: the first few, then how many more there are. */
export function namesText(names: readonly string[]): string {
  if (names.length === 0) return 'no name at all';
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function oneLine(distinguishedName: string | undefined): string {
  // Node gives one attribute per line, and nothing at all for an empty subject.
  return (distinguishedName ?? '').split('\n').join(', ') || '(empty)';
}

function alternativeNames(text: string | undefined): string[] {
  if (!text) return [];
  return text
    .split(', ')
    .map((entry) => entry.replace(/^(DNS|IP Address|URI):/, ''))
    .filter((entry) => entry !== '');
}

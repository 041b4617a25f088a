import type { DoctorReport } from '../../../main/core/doctor/step.ts';
import type { ShownCertificate, Snippet } from '../../../preload/contract/types.ts';
import type { Proposed } from '../model/doctor.ts';

/** Whom to trust beside the system: nobody, one authority, exactly one certificate, or anyone. */
export type Trust =
  | { readonly kind: 'system' }
  | { readonly kind: 'authority'; readonly certificate: ShownCertificate }
  | { readonly kind: 'pinned'; readonly certificate: ShownCertificate }
  | { readonly kind: 'anyone' };

/** What the person has filled in, before anything of it is kept. */
export interface Draft {
  readonly host: string;
  readonly token: string;
  /** Stands for a token that was found in a snippet; the token itself never comes here. */
  readonly tokenId: string | null;
  readonly trust: Trust;
}

export const EMPTY_DRAFT: Draft = { host: '', token: '', tokenId: null, trust: { kind: 'system' } };

/** The draft with what a snippet told; what it does not tell stays. A snippet never turns the checks off. */
export function withSnippet(draft: Draft, snippet: Snippet): Draft {
  return {
    ...draft,
    host: snippet.host ?? draft.host,
    ...(snippet.tokenId !== null && { tokenId: snippet.tokenId, token: '' }),
  };
}

/** What the doctor tries in place of what is kept. */
export function proposedOf({ host, token, tokenId, trust }: Draft): Proposed {
  return {
    ...(host.trim() !== '' && { host }),
    ...(token !== '' ? { token } : tokenId !== null && { tokenId }),
    ...(trust.kind === 'authority' && { caPem: trust.certificate.pem }),
    ...(trust.kind === 'pinned' && { fingerprint: trust.certificate.fingerprint }),
    ...(trust.kind === 'anyone' && { insecure: true }),
  };
}

/** Whether the server's certificate is what stands in the way, so that it should be shown. */
export function wantsCertificate(report: DoctorReport): boolean {
  return report.steps.some(
    ({ id, outcome }) => id === 'tls' && outcome.kind === 'failed' && outcome.failure.code.startsWith('tls-'),
  );
}

/** The certificate to trust as an authority: the last of the chain that is one; null where none was shown. */
export function authorityOf(chain: readonly ShownCertificate[]): ShownCertificate | null {
  return [...chain].reverse().find(({ isCa }) => isCa) ?? null;
}

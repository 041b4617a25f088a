import type { DoctorReport } from '../../../main/core/doctor/step.ts';
import type { ErrorCode, Failure } from '../../../main/core/errors.ts';
import type { OutpostStatus } from '../../../main/core/status.ts';

const ADDRESS = 'authentik.host';
const TOKEN = 'authentik.token';

/** The setting that a failure is about, where it is about one: its sentence belongs there as well. */
const FIELD_OF: Readonly<Partial<Record<ErrorCode, string>>> = {
  'dns-failed': ADDRESS,
  'connect-refused': ADDRESS,
  'connect-timeout': ADDRESS,
  'not-authentik': ADDRESS,
  'tls-name': ADDRESS,
  'tls-expired': ADDRESS,
  'token-missing': TOKEN,
  'token-unreadable': TOKEN,
  'token-rejected': TOKEN,
  'no-outpost': TOKEN,
  'wrong-outpost-type': TOKEN,
  'tls-untrusted': 'trust.caFile',
  'tls-fingerprint': 'trust.fingerprint',
  'client-certificate': 'trust.clientCertificate',
  'proxy-failed': 'proxy.url',
  'guacd-missing': 'guacd.target',
  'guacd-unreachable': 'guacd.target',
  'port-taken': 'metrics.listen',
  'listen-failed': 'metrics.listen',
};

/** What is wrong with a setting as it counts now, as far as the outpost has found out; null where nothing is. */
export function failureNow(status: OutpostStatus | null, key: string): Failure | null {
  if (status === null) return null;
  const { link, guacd, metrics } = status;
  const failures = [
    link.kind === 'waiting' || link.kind === 'rejected' ? link.reason : null,
    guacd.kind === 'down' ? guacd.reason : null,
    metrics.kind === 'failed' ? metrics.reason : null,
  ];
  return failures.find((failure) => failure !== null && FIELD_OF[failure.code] === key) ?? null;
}

/** What the doctor found wrong with a setting that was tried; null where nothing is. */
export function failureTried({ steps }: DoctorReport, key: string): Failure | null {
  for (const { id, outcome } of steps) {
    if (outcome.kind !== 'failed') continue;
    // A token that cannot be one is known before anybody is asked, by a code that is no token's alone.
    const field = id === 'token' ? TOKEN : FIELD_OF[outcome.failure.code];
    if (field === key) return outcome.failure;
  }
  return null;
}

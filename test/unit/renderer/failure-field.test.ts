import { describe, expect, it } from 'vitest';
import type { DoctorReport, StepOutcome } from '../../../main/core/doctor/step.ts';
import type { ErrorCode, Failure } from '../../../main/core/errors.ts';
import { failureNow, failureTried } from '../../../renderer/console/settings/failure-field.ts';
import { statusOf } from '../desktop/status.ts';

const failure = (code: ErrorCode): Failure => ({ code, message: `It is ${code}.` });

describe('a failure of the outpost', () => {
  it.each<[ErrorCode, string]>([
    ['connect-refused', 'authentik.host'],
    ['token-rejected', 'authentik.token'],
    ['tls-untrusted', 'trust.caFile'],
    ['client-certificate', 'trust.clientCertificate'],
    ['proxy-failed', 'proxy.url'],
  ])('of the link, %s, is told at %s and nowhere else', (code, key) => {
    const link = { kind: 'waiting', attempt: 1, retryAt: 0, reason: failure(code) } as const;
    expect(failureNow(statusOf({ link }), key)).toEqual(failure(code));
    expect(failureNow(statusOf({ link }), 'limits.sessions')).toBeNull();
  });

  it('of guacd and of the metrics is told at theirs, also when the link has one', () => {
    const status = statusOf({
      link: { kind: 'rejected', retryAt: 0, reason: failure('token-rejected') },
      guacd: { kind: 'down', reason: failure('guacd-missing'), retryAt: 0 },
      metrics: { kind: 'failed', address: '127.0.0.1:9300', reason: failure('port-taken') },
    });
    expect(failureNow(status, 'guacd.target')).toEqual(failure('guacd-missing'));
    expect(failureNow(status, 'metrics.listen')).toEqual(failure('port-taken'));
    expect(failureNow(status, 'authentik.token')).toEqual(failure('token-rejected'));
  });

  it('is nothing where all is well, or nothing is known', () => {
    expect(failureNow(statusOf({}), 'authentik.host')).toBeNull();
    expect(failureNow(null, 'authentik.host')).toBeNull();
  });
});

describe('a failure that the doctor found', () => {
  const report = (id: string, outcome: StepOutcome): DoctorReport => ({
    healthy: false,
    steps: [{ id, title: id, outcome, tookMs: 1 }],
  });

  it('is told at the field whose value was tried', () => {
    const rejected = report('token-accepted', { kind: 'failed', failure: failure('token-rejected') });
    expect(failureTried(rejected, 'authentik.token')).toEqual(failure('token-rejected'));
    expect(failureTried(rejected, 'authentik.host')).toBeNull();
    const malformed = report('token', { kind: 'failed', failure: failure('settings-invalid') });
    expect(failureTried(malformed, 'authentik.token')).toEqual(failure('settings-invalid'));
  });

  it('is none where a step was passed, warned or left out', () => {
    const warned = report('token-accepted', { kind: 'warned', failure: failure('token-rejected') });
    expect(failureTried(warned, 'authentik.token')).toBeNull();
  });
});

import { useEffect, useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { CertificateReport, ShownCertificate } from '../../../preload/contract/types.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { CopyButton } from '../../shared/copy-button.tsx';
import { Confirm } from '../../shared/dialog.tsx';
import { day } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { StatusBadge } from '../../shared/state-glyph.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { authorityOf, type Trust } from './draft.ts';

/** What the server shows, and the ways to believe it. */
export function CertificateCard({
  host,
  trust,
  onTrust,
}: {
  readonly host: string;
  readonly trust: Trust;
  readonly onTrust: (trust: Trust) => void;
}) {
  const { client } = useModel();
  const [report, setReport] = useState<CertificateReport | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [asking, ask] = useState(false);
  useEffect(() => {
    let current = true;
    void client.call('certificate/show', { host }).then((answer) => {
      if (!current) return;
      setReport(answer.ok ? answer.value : null);
      setFailure(answer.ok ? null : answer.failure);
    });
    return () => {
      current = false;
    };
  }, [client, host]);
  if (failure) return <FailureNote failure={failure} tone="bad" />;
  const leaf = report?.chain[0];
  if (!report || !leaf) return null;
  const authority = authorityOf(report.chain);
  return (
    <Card title={t('certificate.title')} lead={t('certificate.lead')} tone="warn">
      <div class="stack">
        <CertificateFacts certificate={leaf} />
        {authority && authority.fingerprint !== leaf.fingerprint && (
          <details class="details">
            <summary>{t('certificate.authority', { name: authority.subject })}</summary>
            <CertificateFacts certificate={authority} />
          </details>
        )}
        <p class="quiet small">{t('certificate.compare')}</p>
        <div class="row">
          {authority && (
            <Button icon="shield" onClick={() => onTrust({ kind: 'authority', certificate: authority })}>
              {t('certificate.trust')}
            </Button>
          )}
          <Button icon="lock" onClick={() => onTrust({ kind: 'pinned', certificate: leaf })}>
            {t('certificate.pin')}
          </Button>
          <Button look="plain" onClick={() => ask(true)}>
            {t('certificate.anyone')}
          </Button>
        </div>
        {trust.kind !== 'system' && <TrustChoice trust={trust} onUndo={() => onTrust({ kind: 'system' })} />}
        {asking && (
          <Confirm
            title={t('settings.insecure-title')}
            action={t('settings.insecure-action')}
            onClose={() => ask(false)}
            onConfirm={() => onTrust({ kind: 'anyone' })}
          >
            <p>{t('settings.insecure-words')}</p>
          </Confirm>
        )}
      </div>
    </Card>
  );
}

/** What was chosen, and the way back. */
export function TrustChoice({ trust, onUndo }: { readonly trust: Trust; readonly onUndo: () => void }) {
  if (trust.kind === 'system') return null;
  const words =
    trust.kind === 'anyone'
      ? t('certificate.chosen-anyone')
      : t(`certificate.chosen-${trust.kind}`, { name: trust.certificate.subject });
  return (
    <div class="row">
      <StatusBadge tone={trust.kind === 'anyone' ? 'warn' : 'good'}>{words}</StatusBadge>
      <Button small look="plain" onClick={onUndo}>
        {t('certificate.undo')}
      </Button>
    </div>
  );
}

function CertificateFacts({ certificate }: { readonly certificate: ShownCertificate }) {
  const { copy } = useModel();
  const { subject, issuer, names, validFrom, validTo, fingerprint, selfSigned } = certificate;
  return (
    <dl class="facts">
      <dt>{t('certificate.subject')}</dt>
      <dd class="wrap-anywhere">{subject}</dd>
      <dt>{t('certificate.issuer')}</dt>
      <dd class="wrap-anywhere">{selfSigned ? t('certificate.self-signed') : issuer}</dd>
      {names.length > 0 && (
        <>
          <dt>{t('certificate.names')}</dt>
          <dd class="wrap-anywhere">{names.join(', ')}</dd>
        </>
      )}
      <dt>{t('certificate.validity')}</dt>
      <dd>{t('certificate.from-to', { from: day(Date.parse(validFrom)), to: day(Date.parse(validTo)) })}</dd>
      <dt>{t('certificate.fingerprint')}</dt>
      <dd>
        <code class="fingerprint">{fingerprint}</code>
        <CopyButton small text={() => fingerprint} copy={copy} label={t('certificate.copy')}>
          {t('copy.copy')}
        </CopyButton>
      </dd>
    </dl>
  );
}

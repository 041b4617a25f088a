import { useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { ImportPreview, ImportResult } from '../../../main/core/offline/machines/shapes.ts';
import type { Answer } from '../../../preload/contract/console.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { decimal } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { useUnsaved } from '../parts/unsaved.tsx';
import { ImportRows } from './import-rows.tsx';
import { ImportSources } from './import-sources.tsx';

type Step =
  | { readonly kind: 'choose' }
  | { readonly kind: 'preview'; readonly preview: ImportPreview }
  | { readonly kind: 'done'; readonly result: ImportResult };

/** From files, something pasted, or authentik: shown first, then made. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { client } = useModel();
  const [step, setStep] = useState<Step>({ kind: 'choose' });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [leave, setLeave] = useState<ReadonlySet<string>>(new Set());

  const run = async <T,>(asked: Promise<Answer<T>>): Promise<T | null> => {
    setBusy(true);
    setFailure(null);
    const answer = await asked;
    setBusy(false);
    if (answer.ok) return answer.value;
    setFailure(answer.failure);
    return null;
  };
  const show = (preview: ImportPreview | null) => {
    if (preview === null) return;
    setLeave(new Set());
    setStep({ kind: 'preview', preview });
  };
  const giveUp = () => {
    if (step.kind === 'preview') void client.call('machines/import/forget', { import: step.preview.import });
  };
  const close = () =>
    unlessLost(() => {
      giveUp();
      onClose();
    });
  const back = () =>
    unlessLost(() => {
      giveUp();
      setStep({ kind: 'choose' });
    });
  const apply = async ({ import: id }: ImportPreview) => {
    const result = await run(client.call('machines/import/apply', { import: id, leave: [...leave] }));
    if (result) setStep({ kind: 'done', result });
    return result !== null;
  };
  // A preview is had again in a moment; what was picked out in it is work.
  const picked = step.kind === 'preview' && leave.size > 0 ? step.preview : null;
  const unlessLost = useUnsaved(
    picked === null ? null : { name: t('machines.import-title'), save: () => apply(picked) },
  );

  return (
    <Dialog
      wide
      title={t('machines.import-title')}
      onClose={close}
      actions={
        <Actions
          step={step}
          busy={busy}
          leave={leave}
          onBack={back}
          onClose={close}
          onApply={(p) => void apply(p)}
        />
      }
    >
      <div class="stack">
        {failure && <FailureNote failure={failure} tone="bad" />}
        {step.kind === 'choose' && (
          <ImportSources
            busy={busy}
            onChoose={async () =>
              show((await run(client.call('machines/import/choose', {})))?.preview ?? null)
            }
            onPaste={async (text, format) =>
              show(await run(client.call('machines/import/paste', { text, format })))
            }
            onAuthentik={async (token) =>
              show(await run(client.call('machines/import/authentik', { token })))
            }
            onRefused={setFailure}
          />
        )}
        {step.kind === 'preview' && (
          <ImportRows
            preview={step.preview}
            leave={leave}
            busy={busy}
            onLeave={setLeave}
            onPassphrase={async (passphrase) =>
              show(
                await run(
                  client.call('machines/import/preview', { import: step.preview.import, passphrase }),
                ),
              )
            }
          />
        )}
        {step.kind === 'done' && <Done result={step.result} />}
      </div>
    </Dialog>
  );
}

function Actions({
  step,
  busy,
  leave,
  onBack,
  onClose,
  onApply,
}: {
  readonly step: Step;
  readonly busy: boolean;
  readonly leave: ReadonlySet<string>;
  readonly onBack: () => void;
  readonly onClose: () => void;
  readonly onApply: (preview: ImportPreview) => void;
}) {
  if (step.kind === 'choose') return <Button onClick={onClose}>{t('dialog.cancel')}</Button>;
  if (step.kind === 'done')
    return (
      <Button look="primary" autoFocus onClick={onClose}>
        {t('dialog.close')}
      </Button>
    );
  const taken = step.preview.rows.filter(({ action, key }) => action !== 'skip' && !leave.has(key)).length;
  return (
    <>
      <Button onClick={onBack}>{t('machines.import-back')}</Button>
      <Button look="primary" busy={busy} disabled={taken === 0} onClick={() => onApply(step.preview)}>
        {t('machines.import-apply', { count: taken })}
      </Button>
    </>
  );
}

function Done({
  result: { added, changed, skipped, credentials, failure },
}: {
  readonly result: ImportResult;
}) {
  return (
    <>
      <p role="status">
        {t('machines.import-done', {
          added: decimal(added),
          changed: decimal(changed),
          skipped: decimal(skipped),
        })}
      </p>
      {credentials > 0 && <p class="quiet">{t('machines.import-credentials', { count: credentials })}</p>}
      {failure && <FailureNote failure={failure} tone="warn" />}
    </>
  );
}

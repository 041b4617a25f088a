import { useState } from 'preact/hooks';
import type { DiagnosticsEntry } from '../../../preload/contract/types.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { Field } from '../../shared/field.tsx';
import { bytes } from '../../shared/format.ts';
import { coreText, t } from '../../shared/i18n/translate.ts';
import { Progress } from '../../shared/progress.tsx';
import { Switch } from '../../shared/switch.tsx';
import { useModel } from '../model/model.ts';

/** One file for whoever helps: what is inside is shown before it is saved. */
export function Diagnostics() {
  const [opened, open] = useState(false);
  return (
    <Card
      title={t('diagnostics.title')}
      lead={t('diagnostics.lead')}
      actions={<Button onClick={() => open(true)}>{t('diagnostics.prepare')}</Button>}
    >
      {opened && <DiagnosticsDialog onClose={() => open(false)} />}
    </Card>
  );
}

function DiagnosticsDialog({ onClose }: { readonly onClose: () => void }) {
  const model = useModel();
  const [replaceNames, setReplaceNames] = useState(true);
  const [entries, setEntries] = useState<readonly DiagnosticsEntry[] | null>(null);
  const [busy, setBusy] = useState(false);
  const prepare = async (replace: boolean) => {
    setReplaceNames(replace);
    setEntries(null);
    setBusy(true);
    const prepared = await model.act('diagnostics/prepare', { replaceNames: replace });
    setBusy(false);
    setEntries(prepared?.entries ?? null);
  };
  const save = async () => {
    setBusy(true);
    const saved = await model.act('diagnostics/save', { replaceNames });
    setBusy(false);
    if (saved === null || saved.path === null) return;
    model.tell(t('diagnostics.saved', { path: saved.path }));
    onClose();
  };
  return (
    <Dialog
      title={t('diagnostics.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('dialog.cancel')}</Button>
          {entries === null ? (
            <Button look="primary" busy={busy} onClick={() => void prepare(replaceNames)}>
              {t('diagnostics.show')}
            </Button>
          ) : (
            <Button look="primary" busy={busy} onClick={() => void save()}>
              {t('diagnostics.save')}
            </Button>
          )}
        </>
      }
    >
      <div class="stack">
        <p>{t('diagnostics.words')}</p>
        <Field label={t('diagnostics.replace')} help={t('diagnostics.replace-help')} beside>
          {(ids) => (
            <Switch
              id={ids.control}
              describedBy={ids.describedBy}
              on={replaceNames}
              onChange={(on) => (entries === null ? setReplaceNames(on) : void prepare(on))}
            />
          )}
        </Field>
        {busy && entries === null && <Progress label={t('diagnostics.preparing')} />}
        {entries !== null && (
          <ul class="lines" aria-label={t('diagnostics.contents')}>
            {entries.map(({ name, bytes: size, what }) => (
              <li key={name} class="line">
                <span class="line-main">
                  <code>{name}</code>
                  <br />
                  <span class="quiet small">{coreText(what) ?? what}</span>
                </span>
                <span class="quiet numbers line-end">{bytes(size)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

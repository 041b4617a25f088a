import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import type { Draft, Question } from '../model/unsaved.ts';

/** Has it asked about before the page is left; null while there is nothing to lose. */
export function useUnsaved(draft: Draft | null): void {
  const { unsaved } = useModel();
  const latest = useRef(draft);
  latest.current = draft ?? latest.current;
  const isThere = draft !== null;
  useEffect(
    () => (isThere ? unsaved.hold(() => latest.current ?? { name: '', save: null }) : undefined),
    [isThere, unsaved],
  );
}

/** Asks before what was changed is lost; over whatever the page shows. */
export function UnsavedQuestion() {
  const { unsaved } = useModel();
  const question = unsaved.question.value;
  return question === null ? null : <Asked question={question} />;
}

function Asked({ question: { drafts, leave, stay } }: { readonly question: Question }) {
  const [busy, setBusy] = useState(false);
  const saves = drafts.flatMap(({ save }) => save ?? []);
  const canSave = saves.length === drafts.length;
  const save = async () => {
    setBusy(true);
    // One after the other; the first that is refused says so on the page, and the person is back there.
    for (const one of saves) if (!(await one())) return stay();
    leave();
  };
  return (
    <Dialog
      title={t('unsaved.title')}
      onClose={stay}
      actions={
        <>
          <Button onClick={stay} autoFocus>
            {t('unsaved.stay')}
          </Button>
          <Button look="danger" onClick={leave}>
            {t('unsaved.discard')}
          </Button>
          <Button look="primary" disabled={!canSave} busy={busy} onClick={() => void save()}>
            {t('unsaved.save')}
          </Button>
        </>
      }
    >
      <p>{t('unsaved.words')}</p>
      <ul>
        {drafts.map(({ name }) => (
          <li key={name} class="wrap-anywhere">
            <strong>{name}</strong>
          </li>
        ))}
      </ul>
      {!canSave && <p class="quiet">{t('unsaved.cannot')}</p>}
    </Dialog>
  );
}

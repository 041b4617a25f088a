import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import type { Draft, Held, Question } from '../model/unsaved.ts';

/**
 * Has it asked about before the page is left; null while there is nothing to lose. A form that closes by itself asks by
 * the returned function: it calls `leave` at once where nothing was changed.
 */
export function useUnsaved(draft: Draft | null): (leave: () => void) => void {
  const { unsaved } = useModel();
  const latest = useRef(draft);
  latest.current = draft ?? latest.current;
  const held = useRef<Held>(() => latest.current ?? { name: '', save: null });
  const isThere = draft !== null;
  // With what is drawn, and not after it: an answer that saves goes on with what became unsaved by that.
  useLayoutEffect(() => (isThere ? unsaved.hold(held.current) : undefined), [isThere, unsaved]);
  return (leave) => unsaved.askAbout(held.current, leave);
}

/** Asks before what was changed is lost; over whatever the page shows. */
export function UnsavedQuestion() {
  const { unsaved } = useModel();
  const question = unsaved.question.value;
  return question === null ? null : <Asked question={question} />;
}

function Asked({ question: { drafts, save, leave, stay } }: { readonly question: Question }) {
  const [busy, setBusy] = useState(false);
  const canSave = drafts.every((draft) => draft.save !== null);
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
          <Button
            look="primary"
            disabled={!canSave}
            busy={busy}
            onClick={() => {
              setBusy(true);
              void save();
            }}
          >
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

import { useState } from 'preact/hooks';
import { Button } from '../../shared/button.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';

/** Makes a machine of a session, without anything secret. */
export function SaveSession({ id }: { readonly id: string }) {
  const model = useModel();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const kept = await model.act('machines/save-session', { id });
    setBusy(false);
    if (!kept) return;
    const { machine, left } = kept;
    model.tell(
      left.length === 0
        ? t('machines.saved', { name: machine.name })
        : t('machines.saved-without', { name: machine.name, left: left.join(', ') }),
    );
  };
  return (
    <Button busy={busy} onClick={() => void save()}>
      {t('machines.save-session')}
    </Button>
  );
}

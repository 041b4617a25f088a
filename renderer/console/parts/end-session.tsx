import type { SessionStatus } from '../../../main/core/status.ts';
import { Confirm } from '../../shared/dialog.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import { sayUser } from '../words.ts';

/** Asks before one session is ended, and says whom it hits. */
export function EndSession({
  session,
  onClose,
}: {
  readonly session: SessionStatus;
  readonly onClose: () => void;
}) {
  const model = useModel();
  const who = { user: sayUser(session.user), machine: session.machine };
  return (
    <Confirm
      title={t('sessions.end-title')}
      action={t('sessions.end')}
      onClose={onClose}
      onConfirm={() => void model.act('session/end', { id: session.id }, t('sessions.end-done', who))}
    >
      <p>{t('sessions.end-words', who)}</p>
    </Confirm>
  );
}

import type { SessionStatus } from '../../../main/core/status.ts';
import { Button } from '../../shared/button.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useModel } from '../model/model.ts';
import { sayUser } from '../words.ts';

/** Opens a window that shows a session and sends nothing to it; nothing for one that is such a window's itself. */
export function WatchSession({
  session: { id, source, state, user, machine },
  small = false,
}: {
  readonly session: Pick<SessionStatus, 'id' | 'source' | 'state' | 'user' | 'machine'>;
  readonly small?: boolean;
}) {
  const model = useModel();
  if (source === 'watch') return null;
  return (
    <Button
      small={small}
      icon="eye"
      label={t('sessions.watch-label', { user: sayUser(user), machine })}
      disabled={state !== 'live'}
      onClick={() => void model.act('viewer/watch', { session: id })}
    >
      {t('sessions.watch')}
    </Button>
  );
}

import type { OutpostStatus } from '../../../main/core/status.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { bytes, duration } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import { useModel } from '../model/model.ts';
import { sayUser, sessionTone } from '../words.ts';

const SHOWN = 5;

/** The newest open sessions; the page of sessions has all of them. */
export function RecentSessions({ status }: { readonly status: OutpostStatus }) {
  const { now, route } = useModel();
  const { sessions } = status;
  const newest = [...sessions].sort((one, other) => other.startedAt - one.startedAt).slice(0, SHOWN);
  return (
    <Card
      title={t('overview.open-sessions')}
      actions={
        <Button small onClick={() => route.go('sessions')}>
          {t('overview.all-sessions')}
        </Button>
      }
    >
      {newest.length === 0 ? (
        <p class="quiet">{t('overview.no-sessions')}</p>
      ) : (
        <ul class="lines">
          {newest.map((session) => (
            <li key={session.id} class="line">
              <StateGlyph tone={sessionTone(session.state)} />
              <span class="line-main wrap-anywhere">
                <strong>{sayUser(session.user)}</strong> <span class="quiet">→ {session.machine}</span>
              </span>
              <span class="chip">{session.protocol.toUpperCase()}</span>
              <span class="quiet numbers line-end">
                {duration(now.value - session.startedAt)} ·{' '}
                {bytes(session.bytesToPeer + session.bytesToGuacd)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

import type { ComponentChildren } from 'preact';
import type { EndedSession, SessionStatus } from '../../../main/core/status.ts';
import { Button } from '../../shared/button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { bytes, decimal, duration, moment } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { StatusBadge } from '../../shared/state-glyph.tsx';
import { Tooltip } from '../../shared/tooltip.tsx';
import { FailureNote } from '../failure-note.tsx';
import { SaveSession } from '../machines/save-session.tsx';
import { useModel } from '../model/model.ts';
import { endTone, sayEndReason, saySessionState, sayUser, sessionTone } from '../words.ts';
import { SessionFiles } from './session-files.tsx';
import { WatchSession } from './watch-session.tsx';

/** Everything that is known of one session. Of the connection's parameters only the names are. */
export function SessionDetails({
  session,
  onEnd,
  onClose,
}: {
  readonly session: SessionStatus | EndedSession;
  readonly onEnd?: () => void;
  readonly onClose: () => void;
}) {
  const { now } = useModel();
  const ended = 'endedAt' in session ? session : null;
  const until = ended?.endedAt ?? now.value;
  return (
    <Dialog
      drawer
      title={`${sayUser(session.user)} → ${session.machine}`}
      onClose={onClose}
      actions={
        <>
          {session.source !== 'watch' && <SaveSession id={session.id} />}
          {'state' in session && <WatchSession session={session} />}
          {onEnd && (
            <Button look="danger" onClick={onEnd}>
              {t('sessions.end')}
            </Button>
          )}
        </>
      }
    >
      <div class="stack">
        {ended ? (
          <StatusBadge tone={endTone(ended)}>{sayEndReason(ended.reason)}</StatusBadge>
        ) : (
          'state' in session && (
            <StatusBadge tone={sessionTone(session.state)}>{saySessionState(session)}</StatusBadge>
          )
        )}
        {ended?.failure && <FailureNote failure={ended.failure} />}
        {'transfers' in session && session.transfers && <SessionFiles transfers={session.transfers} />}
        <dl class="facts">
          <Fact name={t('sessions.protocol')}>{session.protocol.toUpperCase()}</Fact>
          <Fact name={t('sessions.source')}>{t(`sessions.source-${session.source}`)}</Fact>
          <Fact name={t('sessions.started')}>{moment(session.startedAt)}</Fact>
          {ended && <Fact name={t('sessions.ended')}>{moment(ended.endedAt)}</Fact>}
          <Fact name={t('sessions.lasted')}>{duration(until - session.startedAt)}</Fact>
          <Fact name={t('sessions.setup')}>
            {session.setupMs === null ? '–' : t('time.milliseconds', { value: decimal(session.setupMs) })}
          </Fact>
          <Fact name={t('sessions.to-person')}>{bytes(session.bytesToPeer)}</Fact>
          <Fact name={t('sessions.to-machine')}>{bytes(session.bytesToGuacd)}</Fact>
          {'queuedBytes' in session && (
            <Fact name={<Tooltip text={t('sessions.queue-why')}>{t('sessions.queue')}</Tooltip>}>
              {bytes(session.queuedBytes)}
            </Fact>
          )}
          {'heldUntil' in session && session.heldUntil !== undefined && (
            <Fact name={<Tooltip text={t('sessions.held-why')}>{t('sessions.held-until')}</Tooltip>}>
              {moment(session.heldUntil)}
            </Fact>
          )}
          {'watchers' in session && session.watchers !== undefined && (
            <Fact name={t('sessions.watchers')}>{decimal(session.watchers)}</Fact>
          )}
          <Fact name="guacd">{session.guacd ?? '–'}</Fact>
          <Fact name={t('sessions.id')}>
            <code>{session.id}</code>
          </Fact>
        </dl>
        <div>
          <h3>{t('sessions.parameters')}</h3>
          <p class="quiet small">{t('sessions.parameters-why')}</p>
          <ul class="chips">
            {session.parameters.map((name) => (
              <li key={name} class="chip mono">
                {name}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Dialog>
  );
}

function Fact({
  name,
  children,
}: {
  readonly name: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <>
      <dt>{name}</dt>
      <dd class="numbers wrap-anywhere">{children}</dd>
    </>
  );
}

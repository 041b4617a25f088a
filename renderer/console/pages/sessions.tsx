import { useState } from 'preact/hooks';
import { countSessions } from '../../../main/core/describe-session.ts';
import type { EndedSession, SessionStatus } from '../../../main/core/status.ts';
import { Button } from '../../shared/button.tsx';
import { EmptyState } from '../../shared/empty-state.tsx';
import { bytes, clock, duration, recent } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { StatusBadge } from '../../shared/state-glyph.tsx';
import { type Column, Table } from '../../shared/table.tsx';
import { panelId, Tabs, tabId } from '../../shared/tabs.tsx';
import { useModel } from '../model/model.ts';
import { EndSession } from '../parts/end-session.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SessionDetails } from '../parts/session-details.tsx';
import { sayFiles } from '../parts/session-files.tsx';
import { WatchSession } from '../parts/watch-session.tsx';
import { Recordings } from '../recordings/recordings.tsx';
import { endTone, sayEndReason, saySessionState, sayUser, sessionTone } from '../words.ts';

type View = 'open' | 'ended' | 'recordings';

/** Who is connected to what now, and how what was before ended. */
export function SessionsPage() {
  const { status } = useModel();
  const [view, setView] = useState<View>('open');
  const [opened, open] = useState<string | null>(null);
  const [ending, end] = useState<SessionStatus | null>(null);
  const sessions = status.value?.sessions ?? [];
  const history = status.value?.history ?? [];
  const live = sessions.find(({ id }) => id === opened);
  const details = live ?? history.find(({ id }) => id === opened);
  const limit = status.value?.sessionLimit ?? 0;
  return (
    <div class="page tall">
      <PageHead
        title={t('nav.sessions')}
        {...(limit > 0 && { lead: t('sessions.limit', { count: countSessions(sessions), limit }) })}
      />
      <Tabs
        label={t('sessions.views')}
        tabs={[
          { id: 'open', text: t('sessions.open-tab', { count: sessions.length }) },
          { id: 'ended', text: t('sessions.ended-tab', { count: history.length }) },
          { id: 'recordings', text: t('recordings.tab') },
        ]}
        current={view}
        onSelect={setView}
      />
      <div id={panelId(view)} role="tabpanel" aria-labelledby={tabId(view)} class="panel-fill">
        {view === 'open' && <OpenSessions sessions={sessions} onOpen={open} onEnd={end} />}
        {view === 'ended' && <EndedSessions history={history} onOpen={open} />}
        {view === 'recordings' && <Recordings />}
      </div>
      {details && (
        <SessionDetails
          session={details}
          {...(live && { onEnd: () => end(live) })}
          onClose={() => open(null)}
        />
      )}
      {ending && <EndSession session={ending} onClose={() => end(null)} />}
    </div>
  );
}

/** The columns that say whose session it is, open or ended; made when drawn, in the language of the moment. */
function whose(): Column<Pick<SessionStatus, 'user' | 'machine' | 'protocol'>>[] {
  return [
    {
      id: 'user',
      title: t('sessions.user'),
      least: 7,
      grow: 2,
      cell: ({ user }) => <strong>{sayUser(user)}</strong>,
    },
    {
      id: 'machine',
      title: t('sessions.machine'),
      least: 8,
      grow: 2.2,
      cell: ({ machine }) => machine,
    },
    {
      id: 'protocol',
      title: t('sessions.protocol'),
      least: 4.25,
      spare: 1,
      cell: ({ protocol }) => <span class="chip">{protocol.toUpperCase()}</span>,
    },
  ];
}

function OpenSessions({
  sessions,
  onOpen,
  onEnd,
}: {
  readonly sessions: readonly SessionStatus[];
  readonly onOpen: (id: string) => void;
  readonly onEnd: (session: SessionStatus) => void;
}) {
  const { now, status } = useModel();
  if (sessions.length === 0) {
    const online = status.value?.link.kind === 'online';
    return (
      <EmptyState icon="sessions" title={t('sessions.none')}>
        {online ? t('sessions.none-online') : t('sessions.none-offline')}
      </EmptyState>
    );
  }
  const columns: Column<SessionStatus>[] = [
    ...whose(),
    {
      id: 'state',
      title: t('sessions.state'),
      least: 7,
      cell: ({ state, source, transfers }) => (
        <StatusBadge tone={sessionTone(state)}>
          {transfers && state === 'live' ? sayFiles(transfers) : saySessionState({ state, source })}
        </StatusBadge>
      ),
    },
    {
      id: 'started',
      title: t('sessions.open-for'),
      least: 5.5,
      align: 'end',
      cell: ({ startedAt }) => <span title={clock(startedAt)}>{duration(now.value - startedAt)}</span>,
    },
    {
      id: 'to-person',
      title: t('sessions.to-person'),
      least: 5,
      spare: 2,
      align: 'end',
      cell: ({ bytesToPeer }) => bytes(bytesToPeer),
    },
    {
      id: 'to-machine',
      title: t('sessions.to-machine'),
      least: 5.5,
      spare: 3,
      align: 'end',
      cell: ({ bytesToGuacd }) => bytes(bytesToGuacd),
    },
    {
      id: 'queue',
      title: t('sessions.queue'),
      least: 4.5,
      spare: 4,
      align: 'end',
      cell: ({ queuedBytes }) => (queuedBytes === 0 ? '–' : bytes(queuedBytes)),
    },
    {
      id: 'end',
      title: t('sessions.actions'),
      quietTitle: true,
      least: 13.5,
      align: 'end',
      cell: (session) => (
        <span class="row-actions">
          <WatchSession session={session} small />
          <Button
            small
            label={t('sessions.end-label', { user: sayUser(session.user), machine: session.machine })}
            disabled={session.state === 'ending'}
            onClick={() => onEnd(session)}
          >
            {t('sessions.end')}
          </Button>
        </span>
      ),
    },
  ];
  return (
    <Table
      label={t('sessions.open-table')}
      columns={columns}
      rows={sessions}
      keyOf={({ id }) => id}
      onOpen={({ id }) => onOpen(id)}
    />
  );
}

function EndedSessions({
  history,
  onOpen,
}: {
  readonly history: readonly EndedSession[];
  readonly onOpen: (id: string) => void;
}) {
  if (history.length === 0)
    return (
      <EmptyState icon="sessions" title={t('sessions.no-history')}>
        {t('sessions.no-history-why')}
      </EmptyState>
    );
  const columns: Column<EndedSession>[] = [
    ...whose(),
    {
      id: 'ended',
      title: t('sessions.ended'),
      least: 10.5,
      cell: ({ endedAt }) => recent(endedAt, Date.now()),
    },
    {
      id: 'lasted',
      title: t('sessions.lasted'),
      least: 6,
      spare: 2,
      align: 'end',
      cell: ({ startedAt, endedAt }) => duration(endedAt - startedAt),
    },
    {
      id: 'bytes',
      title: t('sessions.moved'),
      least: 5,
      spare: 3,
      align: 'end',
      cell: ({ bytesToPeer, bytesToGuacd }) => bytes(bytesToPeer + bytesToGuacd),
    },
    {
      id: 'how',
      title: t('sessions.how'),
      least: 11,
      grow: 2.2,
      cell: (session) => <StatusBadge tone={endTone(session)}>{sayEndReason(session.reason)}</StatusBadge>,
    },
  ];
  return (
    <Table
      label={t('sessions.ended-table')}
      columns={columns}
      rows={history}
      keyOf={({ id }) => id}
      onOpen={({ id }) => onOpen(id)}
    />
  );
}

import { useState } from 'preact/hooks';
import type { Answer } from '../../../preload/contract/console.ts';
import type { Recording } from '../../../preload/contract/recordings.ts';
import { Button, IconButton } from '../../shared/button.tsx';
import { CoreWords } from '../../shared/core-words.tsx';
import { Confirm } from '../../shared/dialog.tsx';
import { EmptyState } from '../../shared/empty-state.tsx';
import { bytes, duration, recent } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { StatusBadge } from '../../shared/state-glyph.tsx';
import { type Column, Table } from '../../shared/table.tsx';
import type { Tone } from '../../shared/tone.ts';
import { useModel } from '../model/model.ts';
import { useLoaded } from '../model/use-loaded.ts';
import { sayUser } from '../words.ts';
import { Player } from './player.tsx';

interface List {
  readonly recordings: readonly Recording[];
  readonly bytes: number;
}

/** What was recorded of sessions. */
export function Recordings() {
  const model = useModel();
  const [playing, play] = useState<Recording | null>(null);
  const [removing, remove] = useState<Recording | null>(null);
  const running = model.status.value?.sessions.filter(({ recording }) => recording === 'on').length ?? 0;
  // Another one has begun or ended.
  const { loaded, reload } = useLoaded(() => readAll(model), running);
  if (loaded.kind === 'loading') return <p class="quiet">{t('recordings.loading-list')}</p>;
  if (loaded.kind === 'failed')
    return (
      <EmptyState icon="sessions" title={t('recordings.failed')}>
        <CoreWords text={loaded.failure.message} />
      </EmptyState>
    );
  const list = loaded.value;
  if (list.recordings.length === 0)
    return (
      <EmptyState icon="sessions" title={t('recordings.none')}>
        {t('recordings.none-why')}
      </EmptyState>
    );
  return (
    <>
      <p class="quiet">{t('recordings.size', { count: list.recordings.length, size: bytes(list.bytes) })}</p>
      <Table
        label={t('recordings.table')}
        columns={columns(play, remove, (id) => void model.act('recordings/export', { id }))}
        rows={list.recordings}
        keyOf={({ id }) => id}
        onOpen={play}
      />
      {playing && <Player recording={playing} onClose={() => play(null)} />}
      {removing && (
        <Confirm
          title={t('recordings.remove-title')}
          action={t('recordings.remove')}
          onClose={() => remove(null)}
          onConfirm={() =>
            void model.act('recordings/remove', { id: removing.id }, t('recordings.removed')).then(reload)
          }
        >
          <p>{t('recordings.remove-words', { user: sayUser(removing.user), machine: removing.machine })}</p>
        </Confirm>
      )}
    </>
  );
}

const TONES: Readonly<Record<Recording['state'], Tone>> = {
  running: 'busy',
  whole: 'good',
  'broken-off': 'warn',
};

function columns(
  play: (recording: Recording) => void,
  remove: (recording: Recording) => void,
  keep: (id: string) => void,
): Column<Recording>[] {
  return [
    {
      id: 'user',
      title: t('sessions.user'),
      least: 6.5,
      grow: 2,
      cell: ({ user }) => <strong>{sayUser(user)}</strong>,
    },
    { id: 'machine', title: t('sessions.machine'), least: 7, grow: 2, cell: ({ machine }) => machine },
    {
      id: 'protocol',
      title: t('sessions.protocol'),
      least: 4.25,
      spare: 2,
      cell: ({ protocol }) => <span class="chip">{protocol.toUpperCase()}</span>,
    },
    {
      id: 'began',
      title: t('recordings.began'),
      least: 8,
      cell: ({ startedAt }) => recent(startedAt, Date.now()),
    },
    {
      id: 'length',
      title: t('recordings.length'),
      least: 4.5,
      spare: 1,
      align: 'end',
      cell: ({ durationMs }) => duration(durationMs),
    },
    {
      id: 'bytes',
      title: t('recordings.bytes'),
      least: 5,
      spare: 3,
      align: 'end',
      cell: (recording) => bytes(recording.bytes),
    },
    {
      id: 'state',
      title: t('sessions.state'),
      least: 8,
      cell: ({ state, sealed }) => (
        <StatusBadge tone={TONES[state]}>
          {sealed && state === 'whole' ? t('recordings.sealed') : t(`recordings.state-${state}`)}
        </StatusBadge>
      ),
    },
    {
      id: 'actions',
      title: t('sessions.actions'),
      quietTitle: true,
      // As wide as the longer word of both languages.
      least: 10.5,
      align: 'end',
      cell: (recording) => {
        const who = { user: sayUser(recording.user), machine: recording.machine };
        return (
          <span class="row-actions">
            <Button small label={t('recordings.play-label', who)} onClick={() => play(recording)}>
              {t('recordings.play')}
            </Button>
            <IconButton
              icon="download"
              label={t('recordings.export-label', who)}
              onClick={() => keep(recording.id)}
            />
            <IconButton
              icon="cross"
              label={t('recordings.remove-label', who)}
              disabled={recording.state === 'running'}
              onClick={() => remove(recording)}
            />
          </span>
        );
      },
    },
  ];
}

async function readAll({ client }: Pick<ReturnType<typeof useModel>, 'client'>): Promise<Answer<List>> {
  const recordings: Recording[] = [];
  for (;;) {
    const answer = await client.call('recordings/list', { offset: recordings.length, text: '' });
    if (!answer.ok) return answer;
    const page = answer.value;
    recordings.push(...page.recordings);
    if (page.recordings.length === 0 || recordings.length >= page.total)
      return { ok: true, value: { recordings, bytes: page.bytes } };
  }
}

import { useMemo, useState } from 'preact/hooks';
import type { HandOver, JournalEntry } from '../../../preload/contract/journal.ts';
import { Button } from '../../shared/button.tsx';
import { Card } from '../../shared/card.tsx';
import { EmptyState } from '../../shared/empty-state.tsx';
import { decimal, recent } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import { type Column, Table } from '../../shared/table.tsx';
import { FailureNote } from '../failure-note.tsx';
import { EntryDetails, toldState } from '../journal/entry-details.tsx';
import { GROUP_NAMES, GROUPS, type Group, toneOfEvent } from '../journal/groups.ts';
import { HandOverNote } from '../journal/hand-over-note.tsx';
import { useJournal } from '../journal/use-journal.ts';
import { sayAudit } from '../journal/words.ts';
import { useModel } from '../model/model.ts';
import { PageHead } from '../parts/page-head.tsx';

type Filter = Group | 'all';
const FILTERS: readonly Filter[] = ['all', ...GROUP_NAMES];

/** The journal: what happened on this host, and what of it authentik has been told. */
export function ActivityPage() {
  const model = useModel();
  const [group, setGroup] = useState<Filter>('all');
  const [text, setText] = useState('');
  const [opened, open] = useState<JournalEntry | null>(null);
  const [exporting, setExporting] = useState(false);
  const isAll = group === 'all' && text.trim() === '';
  const search = useMemo(
    () => ({
      ...(group !== 'all' && { kinds: [...GROUPS[group]] }),
      ...(text.trim() !== '' && { text: text.trim() }),
    }),
    [group, text],
  );
  const { journal, more } = useJournal(search);
  const entries = journal.kind === 'there' ? journal.entries : [];
  const save = async () => {
    setExporting(true);
    const saved = await model.act('audit/export', search);
    setExporting(false);
    if (saved === null || saved.path === null) return;
    model.tell(
      t('journal.exported', { count: saved.entries, shown: decimal(saved.entries), path: saved.path }),
    );
  };
  return (
    <div class="page tall">
      <PageHead title={t('nav.activity')} lead={t('activity.lead')}>
        <Button busy={exporting} disabled={entries.length === 0} onClick={() => void save()}>
          {t(isAll ? 'journal.export' : 'journal.export-found')}
        </Button>
      </PageHead>
      <BrokenNote />
      {journal.kind === 'there' && <HandOverNote handOver={journal.handOver} />}
      <div class="toolbar" role="toolbar" aria-label={t('journal.tools')}>
        <span class="search">
          <input
            class="input"
            type="search"
            maxLength={256}
            aria-label={t('journal.search')}
            placeholder={t('journal.search')}
            value={text}
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </span>
        <Select
          label={t('activity.filter')}
          value={group}
          choices={FILTERS.map((value) => ({ value, text: t(`activity.filter-${value}`) }))}
          onChange={setGroup}
        />
        <span class="quiet small numbers toolbar-end" role="status">
          {journal.kind === 'there' &&
            t(journal.whole ? 'journal.count' : 'journal.count-more', {
              count: entries.length,
              shown: decimal(entries.length),
            })}
        </span>
      </div>
      {journal.kind === 'failed' && <FailureNote failure={journal.failure} tone="bad" />}
      {journal.kind === 'there' && (
        <div class="panel-fill">
          {entries.length === 0 ? (
            <Nothing
              isAll={isAll}
              showAll={() => {
                setGroup('all');
                setText('');
              }}
            />
          ) : (
            <Table
              label={t('activity.table')}
              columns={columns(journal.handOver)}
              rows={entries}
              keyOf={({ n }) => n}
              rowHeight={40}
              growsAtTop
              onFollow={(atEnd) => {
                if (atEnd) more();
              }}
              onOpen={open}
            />
          )}
        </div>
      )}
      {opened && journal.kind === 'there' && (
        <EntryDetails entry={opened} handOver={journal.handOver} onClose={() => open(null)} />
      )}
    </div>
  );
}

/** The outpost found at its start that somebody has changed the journal. */
function BrokenNote() {
  const warnings = useModel().status.value?.warnings ?? [];
  const broken = warnings.filter(({ code }) => code === 'journal-broken');
  if (broken.length === 0) return null;
  return (
    <Card tone="bad" title={t('journal.broken')}>
      {broken.map((failure) => (
        <FailureNote key={failure.message} failure={failure} tone="bad" />
      ))}
    </Card>
  );
}

function Nothing({ isAll, showAll }: { readonly isAll: boolean; readonly showAll: () => void }) {
  if (isAll)
    return (
      <EmptyState icon="activity" title={t('activity.none')}>
        {t('activity.none-why')}
      </EmptyState>
    );
  return (
    <EmptyState
      icon="search"
      title={t('activity.none-filtered')}
      action={<Button onClick={showAll}>{t('journal.show-all')}</Button>}
    />
  );
}

function columns(handOver: HandOver): Column<JournalEntry>[] {
  return [
    {
      id: 'when',
      title: t('activity.when'),
      least: 10.5,
      cell: ({ at }) => <span class="quiet numbers">{recent(Date.parse(at), Date.now())}</span>,
    },
    {
      id: 'what',
      title: t('activity.what'),
      least: 18,
      grow: 1,
      cell: ({ event }) => (
        <span class="with-glyph">
          <StateGlyph tone={toneOfEvent(event)} />
          <span>{sayAudit(event)}</span>
        </span>
      ),
    },
    {
      id: 'authentik',
      title: 'authentik',
      least: 6.5,
      spare: 2,
      cell: (entry) => {
        const state = toldState(entry, handOver);
        return state === 'not' ? (
          <span class="quiet">–</span>
        ) : (
          <span class={`journal-state ${state}`}>{t(`journal.state-${state}`)}</span>
        );
      },
    },
    {
      id: 'number',
      title: t('journal.number'),
      least: 4.5,
      spare: 1,
      align: 'end',
      cell: ({ n }) => <span class="quiet">{decimal(n)}</span>,
    },
  ];
}

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../../shared/button.tsx';
import { CopyButton } from '../../shared/copy-button.tsx';
import { EmptyState } from '../../shared/empty-state.tsx';
import { decimal } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { Select } from '../../shared/select.tsx';
import { type Column, Table } from '../../shared/table.tsx';
import {
  fieldsText,
  LEVELS,
  type Level,
  lineText,
  matching,
  type NumberedLine,
  part,
} from '../model/log-lines.ts';
import { useModel } from '../model/model.ts';
import { LineDetails, logTime } from '../parts/line-details.tsx';
import { PageHead } from '../parts/page-head.tsx';

/** Most bytes that a copy may have, in characters: the clipboard's call takes no more. */
const COPY_CHARACTERS = 900_000;

/** The outpost's log as it is written. */
export function LogPage() {
  const model = useModel();
  const { log } = model;
  const [level, setLevel] = useState<Level>('trace');
  const [text, setText] = useState('');
  const [follow, setFollow] = useState(true);
  /** The lines at the moment of the pause; null while it runs. */
  const [held, hold] = useState<readonly NumberedLine[] | null>(null);
  const [opened, open] = useState<NumberedLine | null>(null);
  const filter = useRef<HTMLInputElement>(null);
  const all = held ?? log.lines.value;
  const lines = useMemo(() => matching(all, level, text), [all, level, text]);
  const waiting = held === null ? 0 : log.lines.value.filter(({ number }) => number > newest(held)).length;

  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      if (event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      filter.current?.select();
      filter.current?.focus();
    };
    addEventListener('keydown', find);
    return () => removeEventListener('keydown', find);
  }, []);

  return (
    <div class="page tall">
      <PageHead title={t('nav.log')}>
        <Button icon="folder" onClick={() => void model.act('log/open-folder', {})}>
          {t('log.folder')}
        </Button>
        <CopyButton text={() => copyText(lines)} copy={model.copy}>
          {t('log.copy')}
        </CopyButton>
      </PageHead>
      <div class="toolbar" role="toolbar" aria-label={t('log.tools')}>
        <span class="search">
          <input
            ref={filter}
            class="input"
            type="search"
            maxLength={256}
            aria-label={t('log.filter')}
            placeholder={t('log.filter')}
            value={text}
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </span>
        <Select
          label={t('log.level')}
          value={level}
          choices={LEVELS.map((value) => ({ value, text: t(`log.level-${value}`) }))}
          onChange={setLevel}
        />
        <Button
          icon={held === null ? 'pause' : 'play'}
          pressed={held !== null}
          onClick={() => hold(held === null ? log.lines.value : null)}
        >
          {held === null ? t('log.pause') : t('log.resume', { count: waiting })}
        </Button>
        <Button icon="down" pressed={follow} disabled={held !== null} onClick={() => setFollow(!follow)}>
          {t('log.follow')}
        </Button>
        <span class="quiet small numbers toolbar-end">
          {lines.length === all.length
            ? t('log.lines', { count: lines.length, shown: decimal(lines.length) })
            : t('log.lines-of', { shown: decimal(lines.length), all: decimal(all.length) })}
        </span>
      </div>
      {log.missed.value > 0 && <p class="quiet small">{t('log.missed', { count: log.missed.value })}</p>}
      <div class="panel-fill">
        {lines.length === 0 ? (
          <EmptyState icon="log" title={t(all.length === 0 ? 'log.none' : 'log.none-filtered')}>
            {t(all.length === 0 ? 'log.none-why' : 'log.none-filtered-why')}
          </EmptyState>
        ) : (
          <Table
            label={t('log.table')}
            columns={columns()}
            rows={lines}
            keyOf={({ number }) => number}
            rowHeight={28}
            dense
            rowClass={({ line }) => `level-${line.level}`}
            follow={follow && held === null}
            onFollow={setFollow}
            onOpen={open}
          />
        )}
      </div>
      {opened && <LineDetails line={opened.line} onClose={() => open(null)} />}
    </div>
  );
}

function columns(): Column<NumberedLine>[] {
  return [
    { id: 'time', title: t('log.time'), least: 6.25, cell: ({ line }) => logTime(line) },
    {
      id: 'level',
      title: t('log.level'),
      least: 4.75,
      cell: ({ line }) => <span class={`level ${line.level}`}>{t(`log.word-${line.level}`)}</span>,
    },
    { id: 'part', title: t('log.part'), least: 5, spare: 1, cell: ({ line }) => part(line.logger) },
    {
      id: 'event',
      title: t('log.event'),
      least: 14,
      grow: 1,
      cell: ({ line }) => (
        <span lang="en">
          {line.event} <span class="quiet mono">{fieldsText(line)}</span>
        </span>
      ),
    },
  ];
}

function newest(lines: readonly NumberedLine[]): number {
  return lines[lines.length - 1]?.number ?? -1;
}

/** The newest lines that fit. */
function copyText(lines: readonly NumberedLine[]): string {
  const texts: string[] = [];
  let length = 0;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const numbered = lines[index];
    if (!numbered) break;
    const text = lineText(numbered.line);
    length += text.length + 1;
    if (length > COPY_CHARACTERS) break;
    texts.push(text);
  }
  return texts.reverse().join('\n');
}

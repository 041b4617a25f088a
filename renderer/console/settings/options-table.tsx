import type { OutpostOptionRow } from '../../../preload/contract/types.ts';
import { Card } from '../../shared/card.tsx';
import { EmptyState } from '../../shared/empty-state.tsx';
import { coreText, locale, t } from '../../shared/i18n/translate.ts';
import { StatusBadge } from '../../shared/state-glyph.tsx';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';
import { useLoaded } from '../model/use-loaded.ts';

/** authentik's own configuration of this outpost, whole: what each option means and whether it counts here. */
export function OptionsTable() {
  const { client, status } = useModel();
  const fetched = status.value?.outpost?.updatedAt ?? null;
  const { loaded } = useLoaded(() => client.call('outpost/config', {}), fetched);
  if (loaded.kind === 'loading') return null;
  if (loaded.kind === 'failed') return <FailureNote failure={loaded.failure} tone="bad" />;
  const { rows } = loaded.value;
  if (rows.length === 0 || fetched === null)
    return (
      <EmptyState icon="settings" title={t('options.none')}>
        {t('options.none-why')}
      </EmptyState>
    );
  const groups = [
    { title: t('options.used'), lead: t('options.used-lead'), rows: rows.filter(({ applies }) => applies) },
    {
      title: t('options.unused'),
      lead: t('options.unused-lead'),
      rows: rows.filter(({ applies }) => !applies),
    },
  ];
  return (
    <div class="stack">
      {groups.map((group) => (
        <Card key={group.title} title={group.title} lead={group.lead}>
          <ul class="options">
            {group.rows.map((row) => (
              <Option key={row.name} row={row} />
            ))}
          </ul>
        </Card>
      ))}
    </div>
  );
}

function Option({ row }: { readonly row: OutpostOptionRow }) {
  return (
    <li class="option">
      <div class="option-head">
        <code class="wrap-anywhere">{row.name}</code>
        <code class="option-value wrap-anywhere">{row.value}</code>
        {!row.given && <span class="origin default">{t('settings.origin-default')}</span>}
        {row.problem && <StatusBadge tone="warn">{t('options.problem')}</StatusBadge>}
      </div>
      {row.meaning !== null && <CoreSentence text={row.meaning} />}
      <CoreSentence text={row.here} quiet />
      {row.problem && <FailureNote failure={row.problem} />}
    </li>
  );
}

function CoreSentence({ text, quiet = false }: { readonly text: string; readonly quiet?: boolean }) {
  const words = coreText(text);
  return (
    <p
      class={quiet ? 'quiet small' : undefined}
      lang={words === null && locale() !== 'en' ? 'en' : undefined}
    >
      {words ?? text}
    </p>
  );
}

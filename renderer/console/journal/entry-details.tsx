import { isForAuthentik } from '../../../main/core/audit-for-authentik.ts';
import type { HandOver, JournalEntry } from '../../../preload/contract/journal.ts';
import { CopyButton } from '../../shared/copy-button.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { bytes, clock, day as dayOf, decimal } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import { useModel } from '../model/model.ts';
import { toneOfEvent } from './groups.ts';
import { sayAudit } from './words.ts';

/** One entry of the journal with all that it holds. */
export function EntryDetails({
  entry,
  handOver,
  onClose,
}: {
  readonly entry: JournalEntry;
  readonly handOver: HandOver;
  readonly onClose: () => void;
}) {
  const model = useModel();
  const { hash, ...line } = entry;
  const { kind, ...fields } = entry.event;
  const at = Date.parse(entry.at);
  return (
    <Dialog
      drawer
      title={t('journal.entry', { number: decimal(entry.n) })}
      onClose={onClose}
      actions={
        <CopyButton text={() => JSON.stringify(line)} copy={model.copy}>
          {t('journal.copy')}
        </CopyButton>
      }
    >
      <div class="stack">
        <p class="with-glyph journal-sentence">
          <StateGlyph tone={toneOfEvent(entry.event)} size={18} />
          <strong class="wrap-anywhere">{sayAudit(entry.event)}</strong>
        </p>
        <dl class="facts">
          <dt>{t('activity.when')}</dt>
          <dd class="numbers">
            {dayOf(at)}, {clock(at)}
          </dd>
          <dt>authentik</dt>
          <dd>{t(`journal.told-${toldState(entry, handOver)}`)}</dd>
          <dt>{t('journal.kind')}</dt>
          <dd>
            <code>{kind}</code>
          </dd>
          {Object.entries(fields).map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
        <div class="journal-chain">
          <h3>{t('journal.chain')}</h3>
          <p class="quiet small">{t('journal.chain-why')}</p>
          <dl class="facts">
            <dt>{t('journal.hash')}</dt>
            <dd class="mono wrap-anywhere small">{hash}</dd>
            <dt>{t('journal.previous')}</dt>
            <dd class="mono wrap-anywhere small">{entry.previous}</dd>
          </dl>
        </div>
      </div>
    </Dialog>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: unknown }) {
  return (
    <>
      <dt>
        <code>{name}</code>
      </dt>
      <dd class="wrap-anywhere">{valueText(name, value)}</dd>
    </>
  );
}

function valueText(name: string, value: unknown): string {
  if (value === null) return '–';
  if (typeof value === 'number' && /^bytes|^size$/.test(name)) return `${bytes(value)} (${decimal(value)})`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Whether authentik knows of an entry: what it sees by itself, or need not know, is never told. */
export function toldState(
  { n, event }: JournalEntry,
  { upTo, wanted }: HandOver,
): 'not' | 'told' | 'waits' | 'off' {
  if (!isForAuthentik(event)) return 'not';
  if (n <= upTo) return 'told';
  return wanted ? 'waits' : 'off';
}

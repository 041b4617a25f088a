import type { HandOver } from '../../../preload/contract/journal.ts';
import { Button } from '../../shared/button.tsx';
import { decimal } from '../../shared/format.ts';
import { t } from '../../shared/i18n/translate.ts';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import type { Tone } from '../../shared/tone.ts';
import { FailureNote } from '../failure-note.tsx';
import { useModel } from '../model/model.ts';

/** What authentik has been told of the journal, what waits, and why. */
export function HandOverNote({ handOver }: { readonly handOver: HandOver }) {
  const { route } = useModel();
  const { wanted, failure, upTo, waiting } = handOver;
  return (
    <section class={`journal-told ${toneOf(handOver)}`} aria-label="authentik">
      <StateGlyph tone={toneOf(handOver)} size={18} />
      <div>
        <p>
          {!wanted && t('journal.told-none')}
          {wanted && waiting === 0 && t('journal.told-all', { number: decimal(upTo) })}
          {wanted && waiting > 0 && t('journal.waiting', { count: waiting, shown: decimal(waiting) })}
        </p>
        {wanted && failure !== null && <FailureNote failure={failure} />}
      </div>
      <Button small look="plain" onClick={() => route.go('settings', 'monitoring')}>
        {t('journal.setting')}
      </Button>
    </section>
  );
}

function toneOf({ wanted, failure, waiting }: HandOver): Tone {
  if (!wanted) return 'off';
  if (failure !== null) return 'warn';
  return waiting === 0 ? 'good' : 'busy';
}

import { IconButton } from './button.tsx';
import { t } from './i18n/translate.ts';
import { StateGlyph } from './state-glyph.tsx';

export interface ToastNote {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  /** The language of the text, where it is not the page's. */
  readonly lang?: string;
}

/** Short news at the window's edge. Screen readers say them as they come; failures stay until they are put away. */
export function Toasts({
  notes,
  onClose,
}: {
  readonly notes: readonly ToastNote[];
  readonly onClose: (id: number) => void;
}) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {notes.map(({ id, tone, text, lang }) => (
        <div key={id} class="toast">
          <StateGlyph tone={tone} size={18} />
          <p lang={lang}>{text}</p>
          <IconButton icon="cross" label={t('toast.close')} onClick={() => onClose(id)} />
        </div>
      ))}
    </div>
  );
}

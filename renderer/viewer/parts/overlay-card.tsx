import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import type { Tone } from '../../shared/tone.ts';

/** A card over the screen: what is the matter, and what can be done. */
export function OverlayCard({
  tone,
  title,
  words,
  actions,
  onEscape,
  children,
}: {
  readonly tone: Tone;
  readonly title: string;
  readonly words: ComponentChildren;
  readonly actions: ComponentChildren;
  /** Where there is a way back. */
  readonly onEscape?: () => void;
  readonly children?: ComponentChildren;
}) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    const find = (what: string) => card.current?.querySelector<HTMLElement>(what);
    (find('[data-first]') ?? find('input, button'))?.focus();
  }, []);
  return (
    <div class="overlay">
      <section
        ref={card}
        class="overlay-card"
        aria-label={title}
        onKeyDown={({ key }) => {
          if (key === 'Escape') onEscape?.();
        }}
      >
        <div class="overlay-head">
          <StateGlyph tone={tone} size={28} />
          <h2>{title}</h2>
        </div>
        <div class="overlay-words" role="status">
          {words}
        </div>
        {children}
        <div class="row overlay-actions">{actions}</div>
      </section>
    </div>
  );
}

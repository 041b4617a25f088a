import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

/** A word that explains itself when pointed at or reached by keyboard; Escape takes the words away. */
export function Tooltip({ text, children }: { readonly text: string; readonly children: ComponentChildren }) {
  const id = useId();
  const [shown, show] = useState(false);
  return (
    <span class="tooltip">
      <button
        type="button"
        class="tooltip-anchor"
        aria-describedby={id}
        onMouseEnter={() => show(true)}
        onMouseLeave={() => show(false)}
        onFocus={() => show(true)}
        onBlur={() => show(false)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') show(false);
        }}
      >
        {children}
      </button>
      <span role="tooltip" id={id} class={shown ? 'tooltip-text' : 'unseen'}>
        {text}
      </span>
    </span>
  );
}

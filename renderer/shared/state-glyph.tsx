import type { JSX } from 'preact';
import type { Tone } from './tone.ts';

/** Disc with a tick, broken ring, triangle, octagon with a cross, empty ring, half disc. */
const SHAPES: Readonly<Record<Tone, () => JSX.Element>> = {
  good: () => (
    <>
      <circle cx="12" cy="12" r="9" class="fill" />
      <path d="M7.8 12.4l2.9 2.9 5.6-6" class="cut" />
    </>
  ),
  busy: () => <circle cx="12" cy="12" r="8" class="ring" stroke-dasharray="11 5.75" />,
  warn: () => (
    <>
      <path d="M12 3.2l9.6 17H2.4z" class="fill round" />
      <path d="M12 9.8v4.6M12 17.2v.1" class="cut" />
    </>
  ),
  bad: () => (
    <>
      <path d="M8.1 2.8h7.8l5.3 5.3v7.8l-5.3 5.3H8.1l-5.3-5.3V8.1z" class="fill" />
      <path d="M8.8 8.8l6.4 6.4M15.2 8.8l-6.4 6.4" class="cut" />
    </>
  ),
  off: () => <circle cx="12" cy="12" r="7.5" class="ring" />,
  leaving: () => (
    <>
      <circle cx="12" cy="12" r="8" class="ring" />
      <path d="M12 4a8 8 0 0 1 0 16z" class="fill" />
    </>
  ),
};

/** The shape alone; what it means is written beside it. */
export function StateGlyph({ tone, size = 16 }: { readonly tone: Tone; readonly size?: number }) {
  return (
    <svg
      class={`glyph ${tone}`}
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[tone]()}
    </svg>
  );
}

/** A state as shape, colour and word. */
export function StatusBadge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return (
    <span class={`badge ${tone}`}>
      <StateGlyph tone={tone} size={14} />
      <span>{children}</span>
    </span>
  );
}

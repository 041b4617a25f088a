import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface CardProps {
  readonly title?: string;
  /** One quiet line below the title. */
  readonly lead?: ComponentChildren;
  /** What stands at the title's right. */
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
  readonly tone?: 'plain' | 'warn' | 'bad' | 'accent';
}

/** A surface with a title of its own; with one it is a region that screen readers can jump to. */
export function Card({ title, lead, actions, children, tone = 'plain' }: CardProps) {
  const id = useId();
  return (
    <section class={`card ${tone}`} aria-labelledby={title === undefined ? undefined : id}>
      {(title !== undefined || actions) && (
        <header class="card-head">
          <div>
            {title !== undefined && <h2 id={id}>{title}</h2>}
            {lead && <p class="quiet small">{lead}</p>}
          </div>
          {actions && <div class="row">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

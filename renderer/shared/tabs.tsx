import { useRef } from 'preact/hooks';

export interface Tab<T extends string> {
  readonly id: T;
  readonly text: string;
}

/** Which of a page's parts is shown. Arrow keys go from one to the next, Home and End to the ends. */
export function Tabs<T extends string>({
  label,
  tabs,
  current,
  onSelect,
  upright = false,
}: {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly current: T;
  readonly onSelect: (id: T) => void;
  /** One below the other. */
  readonly upright?: boolean;
}) {
  const list = useRef<HTMLDivElement>(null);
  const go = (index: number) => {
    const next = tabs[(index + tabs.length) % tabs.length];
    if (!next) return;
    onSelect(next.id);
    const element = list.current?.querySelector(`#${tabId(next.id)}`);
    if (element instanceof HTMLElement) element.focus();
  };
  return (
    <div
      ref={list}
      class={upright ? 'tabs upright' : 'tabs'}
      role="tablist"
      aria-label={label}
      aria-orientation={upright ? 'vertical' : 'horizontal'}
      onKeyDown={(event) => {
        const index = tabs.findIndex(({ id }) => id === current);
        const to = {
          ArrowRight: index + 1,
          ArrowDown: index + 1,
          ArrowLeft: index - 1,
          ArrowUp: index - 1,
          Home: 0,
          End: tabs.length - 1,
        }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        go(to);
      }}
    >
      {tabs.map(({ id, text }) => (
        <button
          key={id}
          id={tabId(id)}
          type="button"
          role="tab"
          class="tab"
          aria-selected={id === current}
          aria-controls={panelId(id)}
          tabIndex={id === current ? 0 : -1}
          onClick={() => onSelect(id)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

export function tabId(id: string): string {
  return `tab-${id}`;
}

export function panelId(id: string): string {
  return `panel-${id}`;
}

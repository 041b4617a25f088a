import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { IconButton } from '../../shared/button.tsx';
import { t } from '../../shared/i18n/translate.ts';
import { useViewer } from '../model/viewer.ts';

/** Something beside the screen. Escape closes it, and the keys go to the machine again. */
export function Panel({
  title,
  children,
  wide = false,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}) {
  const viewer = useViewer();
  const id = useId();
  const element = useRef<HTMLElement>(null);
  const close = () => {
    viewer.panel.value = 'none';
  };
  useEffect(() => {
    const first = element.current?.querySelector<HTMLElement>(
      '[data-first], .panel-body button, .panel-body input',
    );
    first?.focus();
  }, []);
  return (
    <section
      ref={element}
      class={wide ? 'panel wide' : 'panel'}
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="cross" label={t('dialog.close')} onClick={close} />
      </header>
      <div class="panel-body">{children}</div>
    </section>
  );
}

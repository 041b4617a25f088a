import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button, IconButton } from './button.tsx';
import { t } from './i18n/translate.ts';

export interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
  /** The buttons below; where there are none, one that closes. */
  readonly actions?: ComponentChildren;
  /** At the right edge, as high as the window: for details beside a list. */
  readonly drawer?: boolean;
  /** For forms and lists: as wide as the window allows, within reason. */
  readonly wide?: boolean;
}

/**
 * A modal window of the page. The browser's own `showModal` keeps the focus inside and everything else out of reach;
 * Escape closes, and the focus goes back to where it was.
 */
export function Dialog({ title, children, onClose, actions, drawer = false, wide = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    const first = dialog?.querySelector('[data-first]');
    if (first instanceof HTMLElement) first.focus();
    const onVeil = (event: MouseEvent) => {
      // Only the veil is the dialog itself; what is inside lies in the frame.
      if (event.target === dialog) close.current();
    };
    dialog?.addEventListener('click', onVeil);
    return () => {
      dialog?.removeEventListener('click', onVeil);
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog${drawer ? ' drawer' : ''}${wide ? ' wide' : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-frame">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="cross" label={t('dialog.close')} onClick={onClose} />
        </header>
        <div class="dialog-body">{children}</div>
        {actions && <footer class="dialog-foot">{actions}</footer>}
      </div>
    </dialog>
  );
}

export interface ConfirmProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button that does it says: a verb, never "OK". */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is taken away. The safe answer has the focus. */
export function Confirm({ title, children, action, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose} autoFocus>
            {t('dialog.cancel')}
          </Button>
          <Button
            look="danger"
            onClick={() => {
              onClose();
              onConfirm();
            }}
          >
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}

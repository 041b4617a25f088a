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
    if (dialog) cameFrom.set(dialog, before);
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
      focusBack(before);
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

/** What had the focus before a dialog was opened. */
const cameFrom = new WeakMap<Element, Element | null>();

/**
 * To what had the focus before. Where that went away with a dialog of its own, to what had it before that one; where it
 * went altogether, such as the row of what was just removed, to the page: never to nowhere, from where Tab begins anew.
 */
function focusBack(before: Element | null): void {
  let target = before;
  while (target !== null && !target.isConnected) {
    const dialog: Element | null = target.closest('dialog');
    target = dialog === null ? null : (cameFrom.get(dialog) ?? null);
  }
  const place = target ?? document.querySelector('main');
  if (place instanceof HTMLElement) place.focus();
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

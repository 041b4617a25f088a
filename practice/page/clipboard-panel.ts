import * as v from 'valibot';
import { button, element, setAttributes } from './element.ts';

export interface ClipboardPanel {
  /** The button that opens it. */
  readonly toggle: HTMLButtonElement;
  readonly root: HTMLElement;
  close(): void;
  /** The machine has put this on its clipboard. */
  receive(text: string): void;
  /** Hands the machine what the browser's clipboard holds, where that may be read without asking. */
  offer(): Promise<void>;
}

/** Known to Chromium, and not to TypeScript. */
const CLIPBOARD_READ = v.parse(
  v.custom<PermissionName>((name) => name === 'clipboard-read'),
  'clipboard-read',
);

/**
 * The machine's clipboard beside the browser's. Where the browser allows it they are kept the same; where it does
 * not, a text is put through by hand.
 */
export function createClipboardPanel(send: (text: string) => void): ClipboardPanel {
  const field = element('textarea', { id: 'clipboard-text', rows: '6', spellcheck: 'false' });
  const note = element('p', { class: 'quiet', role: 'status' });
  const toggle = button('Clipboard', () => open(!shown), {
    'aria-expanded': 'false',
    'aria-controls': 'clipboard',
  });
  const root = element(
    'section',
    { id: 'clipboard', class: 'clipboard', hidden: true, 'aria-label': 'Clipboard' },
    element('label', { for: 'clipboard-text' }, 'Clipboard of the machine'),
    field,
    element(
      'div',
      { class: 'actions' },
      button('Send to machine', () => put(field.value), { class: 'primary' }),
      button('Close', () => open(false)),
    ),
    note,
  );
  let last = '';
  let shown = false;
  const show = (wanted: boolean) => {
    shown = wanted;
    root.hidden = !wanted;
    setAttributes(toggle, { 'aria-expanded': String(wanted) });
    note.textContent = '';
  };
  const open = (wanted: boolean) => {
    show(wanted);
    (wanted ? field : toggle).focus();
  };
  const put = (text: string) => {
    last = text;
    send(text);
    note.textContent = 'The machine has it. Paste it there.';
  };
  root.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') open(false);
  });
  return {
    toggle,
    root,
    close: () => show(false),
    receive(text) {
      last = text;
      field.value = text;
      // Without the focus, or without permission, the text waits in the field.
      navigator.clipboard?.writeText(text).catch(() => undefined);
    },
    async offer() {
      const text = await readQuietly();
      if (text === null || text === last) return;
      field.value = text;
      last = text;
      send(text);
    },
  };
}

/** The browser's clipboard where the person has allowed reading it; null else. Never asks. */
async function readQuietly(): Promise<string | null> {
  try {
    const { state } = await navigator.permissions.query({ name: CLIPBOARD_READ });
    return state === 'granted' ? await navigator.clipboard.readText() : null;
  } catch {
    return null;
  }
}

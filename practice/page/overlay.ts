import { button, element, setAttributes, setText } from './element.ts';
import { LIST_LINK } from './route.ts';

export interface Overlay {
  readonly root: HTMLElement;
  /** Says that something takes a moment. */
  wait(title: string, sentence: string): void;
  /** Says that it is over, and offers to begin again. */
  over(title: string, sentence: string): void;
  hide(): void;
}

/** Lies over the machine's screen whenever that shows nothing that is alive. */
export function createOverlay(onReconnect: () => void): Overlay {
  const title = element('h2', { id: 'overlay-title' });
  const sentence = element('p', { id: 'overlay-sentence' });
  const spinner = element('span', { class: 'spinner', 'aria-hidden': 'true' });
  const reconnect = button('Reconnect', onReconnect, { class: 'primary' });
  const back = element('a', { class: 'button', href: LIST_LINK }, 'Back to list');
  const words = element('div', { role: 'status' }, title, sentence);
  const root = element(
    'div',
    { class: 'overlay' },
    element(
      'div',
      { class: 'overlay-card', role: 'group', 'aria-labelledby': 'overlay-title' },
      spinner,
      words,
      element('div', { class: 'actions' }, reconnect, back),
    ),
  );
  const show = (kind: 'waiting' | 'over', heading: string, text: string) => {
    setAttributes(root, { hidden: false, 'data-kind': kind });
    setText(title, heading);
    setText(sentence, text);
    setAttributes(spinner, { hidden: kind === 'over' });
    setAttributes(reconnect, { hidden: kind === 'waiting' });
  };
  return {
    root,
    wait: (heading, text) => show('waiting', heading, text),
    over: (heading, text) => {
      show('over', heading, text);
      reconnect.focus();
    },
    hide: () => setAttributes(root, { hidden: true }),
  };
}

import { button, element, setAttributes } from './element.ts';
import { endSession } from './practice-api.ts';
import type { Known } from './watch.ts';

/** The sessions that browsers have open, whoever opened them. */
export function createSessionsPanel(): { readonly root: HTMLElement; update(known: Known): void } {
  const none = element('p', { class: 'quiet' }, 'No session is open.');
  const list = element('ul', { class: 'sessions' });
  let shown = '';
  return {
    root: element(
      'section',
      { class: 'panel', 'aria-labelledby': 'sessions' },
      element('h2', { id: 'sessions' }, 'Sessions'),
      none,
      list,
    ),
    update({ state, reachable }) {
      const sessions = reachable ? (state?.sessions ?? []) : [];
      setAttributes(none, { hidden: sessions.length > 0 });
      const now = sessions.map(({ id, state: kind }) => `${id} ${kind}`).join();
      if (now === shown) return;
      shown = now;
      list.replaceChildren(
        ...sessions.map(({ id, machine, state: kind }) =>
          element(
            'li',
            {},
            element('span', { class: 'dot', 'data-state': kind, 'aria-hidden': 'true' }),
            element('span', {}, machine),
            element('span', { class: 'quiet' }, kind === 'paired' ? 'open' : 'waiting for the outpost'),
            button('End', () => void endSession(id), { 'aria-label': `End the session on ${machine}` }),
          ),
        ),
      );
    },
  };
}

import { element, setAttributes } from './element.ts';
import type { Known } from './watch.ts';

/** What authentik's event list would show of what outposts have told it, newest first. */
export function createEventsPanel(): { readonly root: HTMLElement; update(known: Known): void } {
  const none = element('p', { class: 'quiet' }, 'No outpost has told of anything.');
  const list = element('ol', { class: 'events', hidden: true });
  let shown = '';
  return {
    root: element(
      'section',
      { class: 'panel wide', 'aria-labelledby': 'events' },
      element('h2', { id: 'events' }, 'Events'),
      none,
      list,
    ),
    update({ state }) {
      const events = state?.events ?? [];
      const now = events.map(({ id }) => id).join();
      if (now === shown) return;
      shown = now;
      setAttributes(none, { hidden: events.length > 0 });
      setAttributes(list, { hidden: events.length === 0 });
      list.replaceChildren(
        ...events.map(({ at, words, about }) =>
          element(
            'li',
            {},
            element('time', { class: 'quiet', datetime: at }, clock(at)),
            element('span', {}, words),
            element('span', { class: 'quiet' }, about),
          ),
        ),
      );
    },
  };
}

/** The time of day of an ISO 8601 moment, on the clock of whoever looks. */
function clock(at: string): string {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? '' : moment.toLocaleTimeString('en-GB');
}

import type { JournalEvent } from './journal.ts';
import type { PageState } from './page-state.ts';

/** So many of the newest are shown. */
const MAX_EVENTS = 12;
const MAX_CHARACTERS = 200;

/** The newest events for the page, newest first, in words of whoever posted them. */
export function pageEvents(events: readonly JournalEvent[]): PageState['events'] {
  return events
    .slice(-MAX_EVENTS)
    .reverse()
    .map(({ pk, action, context, created }) => ({
      id: pk,
      at: textOf(context['at']) || created,
      words: textOf(context['message']) || action,
      about: [context['user'], context['machine']]
        .map(textOf)
        .filter((text) => text !== '')
        .join(' · '),
    }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_CHARACTERS) : '';
}

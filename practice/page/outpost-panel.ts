import { element, setAttributes, setText } from './element.ts';
import type { Known } from './watch.ts';
import { ageWords } from './words.ts';

/** What authentik's health page would show of the outpost. */
export function createOutpostPanel(): { readonly root: HTMLElement; update(known: Known): void } {
  const none = element('p', { class: 'quiet' }, 'No outpost has said hello yet.');
  const rows = element('tbody');
  const table = element(
    'table',
    { hidden: true },
    element(
      'thead',
      {},
      element('tr', {}, ...['Host', 'Version', 'Sessions', 'Hello'].map((title) => columnHead(title))),
    ),
    rows,
  );
  const lines = new Map<string, HTMLTableRowElement>();
  return {
    root: element(
      'section',
      { class: 'panel', 'aria-labelledby': 'outposts' },
      element('h2', { id: 'outposts' }, 'Outpost'),
      none,
      table,
    ),
    update({ state, reachable }) {
      const outposts = reachable ? (state?.outposts ?? []) : [];
      setAttributes(none, { hidden: outposts.length > 0 });
      setAttributes(table, { hidden: outposts.length === 0 });
      for (const { uuid, hostname, version, activeConnections, ageMs, connected } of outposts) {
        const line = lines.get(uuid) ?? element('tr', {}, ...[1, 2, 3, 4].map(() => element('td')));
        if (!lines.has(uuid)) rows.append(line);
        lines.set(uuid, line);
        const hello = connected ? ageWords(ageMs) : `${ageWords(ageMs)}, now gone`;
        const texts = [hostname, version, String(activeConnections), hello];
        for (const [index, cell] of [...line.cells].entries()) setText(cell, texts[index] ?? '');
      }
      for (const [uuid, line] of lines) {
        if (outposts.some((outpost) => outpost.uuid === uuid)) continue;
        line.remove();
        lines.delete(uuid);
      }
    },
  };
}

function columnHead(title: string): HTMLElement {
  return element('th', { scope: 'col' }, title);
}

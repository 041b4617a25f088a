import { element, icon, setAttributes, setText } from './element.ts';
import { createEventsPanel } from './events-panel.ts';
import { createMachineCard, type MachineCard } from './machine-card.ts';
import { createOutpostPanel } from './outpost-panel.ts';
import { createSessionsPanel } from './sessions-panel.ts';
import type { Known } from './watch.ts';
import { presenceAdvice, presenceOf, presenceWords, protocolName } from './words.ts';

/** A part of the page that is shown and then kept up to date. */
export interface View {
  readonly root: HTMLElement;
  update(known: Known): void;
}

const GATE = 'M5 20V7h3v2.5h2V7h4v2.5h2V7h3v13h-4.5v-4a2.5 2.5 0 0 0-5 0v4z';

/** The machines, the outpost and the sessions. */
export function createListView(): View {
  const presence = element('p', { class: 'presence', role: 'status' });
  const advice = element('p', { class: 'notice', hidden: true });
  const cards = element('ul', { class: 'cards' });
  const empty = element(
    'p',
    { class: 'notice', hidden: true },
    'No practice machine runs on this computer. What is missing, and how to get it, stands below.',
  );
  const missing = element('section', { class: 'missing', hidden: true, 'aria-labelledby': 'missing' });
  const outpost = createOutpostPanel();
  const sessions = createSessionsPanel();
  const events = createEventsPanel();
  const generation = element('p', { class: 'generation' });
  const known = new Map<string, MachineCard>();

  const root = element(
    'main',
    { class: 'list' },
    element('header', { class: 'head' }, icon(GATE), element('h1', {}, 'Sallyport practice'), presence),
    element(
      'p',
      { class: 'lead' },
      'This page stands in for authentik. A machine that you open here is reached as in production: through the outpost and guacd on this computer.',
    ),
    advice,
    element('section', { 'aria-labelledby': 'machines' }, heading('machines', 'Machines'), empty, cards),
    missing,
    element('div', { class: 'panels' }, outpost.root, sessions.root, events.root),
    element('footer', {}, generation),
  );

  return {
    root,
    update(now) {
      const { state, reachable } = now;
      const kind = presenceOf(state, reachable);
      setAttributes(presence, { 'data-presence': kind });
      setText(presence, presenceWords(kind));
      const told = presenceAdvice(kind);
      setAttributes(advice, { hidden: told === null });
      setText(advice, told ?? '');
      outpost.update(now);
      sessions.update(now);
      events.update(now);
      if (state === null) return;
      for (const machine of state.machines) {
        const card = known.get(machine.name) ?? createMachineCard(machine);
        if (!known.has(machine.name)) cards.append(card.root);
        known.set(machine.name, card);
        card.update(state, kind);
      }
      for (const [name, card] of known) {
        if (state.machines.some((machine) => machine.name === name)) continue;
        card.root.remove();
        known.delete(name);
      }
      setAttributes(empty, { hidden: state.machines.length > 0 });
      showMissing(missing, state.missing);
      setText(
        generation,
        state.generation === 'newest'
          ? 'Behaves like authentik from 2026 on.'
          : 'Behaves like authentik before 2026.',
      );
    },
  };
}

function showMissing(
  section: HTMLElement,
  missing: readonly { readonly protocol: string; readonly reason: string }[],
): void {
  setAttributes(section, { hidden: missing.length === 0 });
  const told = missing.map(({ protocol, reason }) => `${protocol} ${reason}`).join();
  if (section.dataset['told'] === told) return;
  section.dataset['told'] = told;
  section.replaceChildren(
    heading('missing', 'Not on this computer'),
    element(
      'ul',
      {},
      ...missing.map(({ protocol, reason }) =>
        element('li', {}, element('span', { class: 'badge' }, protocolName(protocol)), reason),
      ),
    ),
  );
}

function heading(id: string, text: string): HTMLElement {
  return element('h2', { id }, text);
}

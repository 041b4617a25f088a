import type { PageState } from '../authentik/page-state.ts';
import { element, icon, setAttributes, setText } from './element.ts';
import { OPEN, protocolIcon } from './icons.ts';
import { machineLink } from './route.ts';
import { type OutpostPresence, protocolName, sessionCount } from './words.ts';

export interface MachineCard {
  readonly root: HTMLElement;
  update(state: PageState, presence: OutpostPresence): void;
}

/** A machine in the list: a link that opens it, which is none while no outpost could. */
export function createMachineCard({
  name,
  protocol,
  description,
}: PageState['machines'][number]): MachineCard {
  const open = element('span', { class: 'open-sessions' });
  const link = element(
    'a',
    { class: 'card' },
    element('span', { class: 'card-protocol' }, icon(protocolIcon(protocol)), protocolName(protocol)),
    element(
      'span',
      { class: 'card-words' },
      element('span', { class: 'card-name' }, name),
      element('span', { class: 'card-description' }, description),
      open,
    ),
    icon(OPEN),
  );
  return {
    root: element('li', {}, link),
    update(state, presence) {
      const able = presence === 'online';
      setAttributes(link, {
        href: able ? machineLink(name) : undefined,
        role: able ? undefined : 'link',
        'aria-disabled': able ? undefined : 'true',
      });
      setText(open, sessionCount(state, name));
    },
  };
}

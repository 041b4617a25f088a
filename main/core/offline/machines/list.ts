import type { Machine } from './machine.ts';

export interface MachineFilter {
  /** Every word of it stands in the name, host, user, group, tags or notes, whatever its case. */
  readonly search?: string;
  /** The group, or one that it lies in. */
  readonly group?: string;
  readonly tag?: string;
}

/** By group and name, as people sort. */
export function sortMachines(machines: readonly Machine[]): readonly Machine[] {
  return [...machines].sort(byGroupAndName);
}

/** The machines that a filter leaves, in their order. */
export function listMachines(machines: readonly Machine[], filter: MachineFilter = {}): readonly Machine[] {
  const words = (filter.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return machines.filter((machine) => fits(machine, filter, words));
}

function fits(machine: Machine, { group, tag }: MachineFilter, words: readonly string[]): boolean {
  if (group !== undefined && machine.group !== group && !isBelow(machine.group, group)) return false;
  if (tag !== undefined && !machine.tags.includes(tag)) return false;
  if (words.length === 0) return true;
  const { name, host, user, tags, notes, protocol } = machine;
  const whole = [name, host, user, machine.group, protocol, ...tags, notes].join('\n').toLowerCase();
  return words.every((word) => whole.includes(word));
}

/** Groups are nested with a slash between, with blanks around it or not. */
function isBelow(group: string, above: string): boolean {
  return group.startsWith(above) && /^\s*\//.test(group.slice(above.length));
}

// Made once: a comparison with options of its own for each pair takes seconds for thousands.
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function byGroupAndName(one: Machine, other: Machine): number {
  return (
    collator.compare(one.group, other.group) ||
    collator.compare(one.name, other.name) ||
    (one.id < other.id ? -1 : 1)
  );
}

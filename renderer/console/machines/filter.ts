import { addressText, type Machine } from '../../../main/core/offline/machines/machine.ts';

export interface Filter {
  readonly text: string;
  /** A group, or one that it lies in; empty for all. */
  readonly group: string;
  /** Empty for all. */
  readonly tag: string;
}

/** A machine with everything that a search looks at, in small letters; made once, not at each key. */
export interface Found {
  readonly machine: Machine;
  readonly text: string;
}

export function searchable(machines: readonly Machine[]): readonly Found[] {
  return machines.map((machine) => {
    const { name, group, tags, user, notes, protocol } = machine;
    const text = [name, group, ...tags, user, protocol, addressText(machine), notes].join('\n').toLowerCase();
    return { machine, text };
  });
}

export function matching(all: readonly Found[], { text, group, tag }: Filter): readonly Machine[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all
    .filter(
      ({ machine, text: whole }) =>
        (group === '' || isIn(machine.group, group)) &&
        (tag === '' || machine.tags.includes(tag)) &&
        words.every((word) => whole.includes(word)),
    )
    .map(({ machine }) => machine);
}

/** Every group and those that they lie in: `A / B` gives `A` and `A / B`. */
export function groupsOf(machines: readonly Machine[]): readonly string[] {
  const groups = new Set<string>();
  for (const { group } of machines) {
    const parts = group.split('/').map((part) => part.trim());
    for (let depth = 1; depth <= parts.length; depth += 1) groups.add(parts.slice(0, depth).join(' / '));
  }
  groups.delete('');
  return sorted(groups);
}

export function tagsOf(machines: readonly Machine[]): readonly string[] {
  return sorted(new Set(machines.flatMap(({ tags }) => tags)));
}

function isIn(group: string, above: string): boolean {
  const plain = group
    .split('/')
    .map((part) => part.trim())
    .join(' / ');
  return plain === above || plain.startsWith(`${above} / `);
}

function sorted(texts: ReadonlySet<string>): readonly string[] {
  return [...texts].sort(new Intl.Collator(undefined, { numeric: true }).compare);
}

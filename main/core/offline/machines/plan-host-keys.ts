import { bestKey, type KeyTarget, knownHostsName, matchHostKeys, mayBeAnother } from './host-keys.ts';
import { type Reading, shown } from './import-types.ts';
import { type Machine, type MachineDraft, portOf } from './machine.ts';
import { type Draftable, EMPTY_ROW, placeIn } from './plan-row.ts';
import type { PlanRow } from './shapes.ts';

/** Puts known hosts' keys into the drafts; machines of the book that get one become drafts themselves. */
export async function takeHostKeys(
  readings: readonly Reading[],
  machines: readonly Machine[],
  drafts: Draftable[],
  nextKey: () => string,
): Promise<PlanRow[]> {
  const hostKeys = readings.flatMap((reading) => reading.hostKeys);
  if (hostKeys.length === 0) return [];
  const changing = new Set(drafts.flatMap(({ before }) => (before === null ? [] : [before.id])));
  const others = machines.filter(({ id, protocol }) => protocol === 'ssh' && !changing.has(id));
  const targets: KeyTarget[] = [
    ...drafts
      .filter(({ draft }) => draft.protocol === 'ssh')
      .map(({ key, draft, candidate }) => ({
        id: `draft ${key}`,
        names: namesOf(draft, candidate?.aliases ?? []),
      })),
    ...others.map((machine) => ({ id: machine.id, names: namesOf(machine, []) })),
  ];
  const { keys, unmatched } = await matchHostKeys(hostKeys, targets);
  const rows: PlanRow[] = [];
  const draftOfTarget = new Map(drafts.map((item) => [`draft ${item.key}`, item]));
  const machineOf = new Map(others.map((machine) => [machine.id, machine]));
  for (const [id, found] of keys) {
    const best = bestKey(found);
    const draftable = draftOfTarget.get(id);
    const before = machineOf.get(id);
    if (best === undefined) continue;
    const target = draftable?.draft ?? before;
    const there = target?.parameters['host-key'];
    if (target === undefined || sameKey(there, best.line)) continue;
    if (there !== undefined) {
      const why =
        'It has another host key already. If the machine was installed anew, take that out of it and import again.';
      rows.push({ ...EMPTY_ROW, ...placeIn(target), key: nextKey(), origin: best.origin, why });
      continue;
    }
    const notes = mayBeAnother(best)
      ? [
          `Only its key of the kind ${best.type} is known. A server that has an ECDSA key as well shows guacd that one, and is then refused: take that key in this case.`,
        ]
      : [];
    const draft = { ...target, parameters: { ...target.parameters, 'host-key': best.line } };
    if (draftable) {
      draftable.draft = draft;
      draftable.notes.push(...notes);
    } else if (before)
      drafts.push({ key: nextKey(), before, draft, candidate: null, origin: best.origin, notes });
  }
  return [...rows, ...unmatchedRows(unmatched, nextKey)];
}

function unmatchedRows(
  unmatched: Awaited<ReturnType<typeof matchHostKeys>>['unmatched'],
  nextKey: () => string,
): PlanRow[] {
  const isHashed = ({ names }: (typeof unmatched)[number]) => names.every((name) => name.startsWith('|'));
  const rows: PlanRow[] = unmatched
    .filter((key) => !isHashed(key))
    .map(({ origin, names }) => ({
      ...EMPTY_ROW,
      key: nextKey(),
      name: shown(names.join(', ')),
      origin,
      why: 'No SSH machine here has this name and port.',
    }));
  const hashed = unmatched.filter(isHashed);
  const [first] = hashed;
  if (first === undefined) return rows;
  const count = hashed.length === 1 ? 'A hashed name is' : `${hashed.length} hashed names are`;
  const why = `${count} none of the SSH machines here; what else they could be cannot be told.`;
  return [...rows, { ...EMPTY_ROW, key: nextKey(), origin: first.origin, why }];
}

function namesOf(
  machine: Pick<MachineDraft, 'protocol' | 'host' | 'port'>,
  aliases: readonly string[],
): string[] {
  const port = portOf(machine);
  return [machine.host, ...aliases].map((name) => knownHostsName(name, port));
}

function sameKey(there: string | undefined, line: string): boolean {
  return (
    there !== undefined &&
    there.trim().split(/\s+/).slice(-2).join(' ') === line.split(' ').slice(-2).join(' ')
  );
}

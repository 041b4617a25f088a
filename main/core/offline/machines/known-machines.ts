import type { Candidate } from './import-types.ts';
import { type Machine, type MachineDraft, portOf } from './machine.ts';

/** Finds the machine that a candidate is, if it is there or was read before. None is found twice. */
export class KnownMachines {
  readonly #byId: ReadonlyMap<string, Machine>;
  readonly #byPlace = new Map<string, Machine[]>();
  readonly #read = new Map<string, Candidate>();
  readonly #taken = new Set<Machine>();

  constructor(machines: readonly Machine[]) {
    this.#byId = new Map(machines.map((machine) => [machine.id, machine]));
    for (const machine of machines) {
      const place = placeOf(machine);
      const there = this.#byPlace.get(place);
      if (there) there.push(machine);
      else this.#byPlace.set(place, [machine]);
    }
  }

  /** The machine with its id. */
  takeById({ id }: Candidate): Machine | null {
    const machine = id === undefined ? undefined : this.#byId.get(id);
    return machine && !this.#taken.has(machine) ? this.#take(machine) : null;
  }

  /** A machine with its place and user. */
  takeSame(draft: MachineDraft): Machine | null {
    return this.#best(draft, ({ user }) => user === draft.user);
  }

  /** A machine at its place where one of the two names no user. */
  takeFitting(draft: MachineDraft): Machine | null {
    return this.#best(draft, ({ user }) => user === '' || draft.user === '');
  }

  /** Where the same machine was read before in this import; else it is noted as read. */
  readBefore(candidate: Candidate, draft: MachineDraft): string | undefined {
    const place = `${placeOf(draft)} ${draft.user}`;
    const earlier = this.#read.get(place);
    if (earlier === undefined) this.#read.set(place, candidate);
    // An own export knows two machines apart, whatever they have in common.
    else if (candidate.id === undefined || candidate.id === earlier.id) return earlier.origin;
    return undefined;
  }

  #best(draft: MachineDraft, fits: (machine: Machine) => boolean): Machine | null {
    const there = this.#byPlace.get(placeOf(draft)) ?? [];
    const free = there.filter((machine) => !this.#taken.has(machine) && fits(machine));
    const best = free.find(({ name }) => name === draft.name) ?? free[0];
    return best ? this.#take(best) : null;
  }

  #take(machine: Machine): Machine {
    this.#taken.add(machine);
    return machine;
  }
}

function placeOf(machine: Pick<MachineDraft, 'protocol' | 'host' | 'port'>): string {
  return `${machine.protocol} ${machine.host.toLowerCase()} ${portOf(machine)}`;
}

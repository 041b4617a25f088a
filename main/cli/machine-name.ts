import type { ControlClient } from '../control/client.ts';
import { SallyportError } from '../core/errors.ts';
import type { Machine } from '../core/offline/machines/machine.ts';

/** A shorter beginning of an id is a slip of the fingers rather than a choice. */
const SHORTEST = 3;

export interface ListFilter {
  readonly search?: string;
  readonly group?: string;
  readonly tag?: string;
}

/** All machines that the filter leaves, page by page; anew where the book changed meanwhile. */
export async function allMachines(
  client: ControlClient,
  filter: ListFilter = {},
): Promise<readonly Machine[]> {
  let machines: Machine[] = [];
  let revision: number | undefined;
  for (;;) {
    const page = await client.request('machines/list', { ...filter, offset: machines.length });
    if (revision !== undefined && revision !== page.revision && machines.length > 0) machines = [];
    else machines.push(...page.machines);
    revision = page.revision;
    if (page.machines.length === 0 || machines.length >= page.total) return machines;
  }
}

/**
 * The machine that is called `given`, whatever its case, or whose id begins so. Throws `machine-not-found` where
 * there is none, and `request-invalid` where there are several.
 */
export function findMachine(machines: readonly Machine[], given: string): Machine {
  const word = given.toLowerCase();
  const named = machines.filter(({ id, name }) => id === given || name.toLowerCase() === word);
  const found =
    named.length > 0 || word.length < SHORTEST
      ? named
      : machines.filter(({ id }) => id.toLowerCase().startsWith(word));
  const [only] = found;
  const shown = JSON.stringify(given.length > 40 ? `${given.slice(0, 40)}…` : given);
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1)
    throw new SallyportError('request-invalid', `${found.length} machines are called ${shown}.`, {
      advice: 'Give the id of one, as `sallyport machines list` shows it.',
    });
  throw new SallyportError('machine-not-found', `There is no machine ${shown}.`, {
    advice: 'See `sallyport machines list` for those that are kept.',
  });
}

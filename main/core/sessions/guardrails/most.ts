import type { Most } from './rule.ts';

/** A session that was let in, and what the bounds on sessions at once compare it by. */
export interface Admitted {
  readonly user: string | null;
  /** `address:port` in one spelling. */
  readonly place: string;
  readonly rule: string | null;
}

/** What is full once `mine` would come in as well, for a sentence; null where there is room. */
export function whatIsFull(most: Most, others: readonly Admitted[], mine: Admitted): string | null {
  const { inAll, perMachine, perUser } = most;
  if (inAll !== undefined && others.length >= inAll) return `${sessions(inAll)} at once`;
  if (perMachine !== undefined && count(others, ({ place }) => place === mine.place) >= perMachine)
    return `${sessions(perMachine)} to one machine at once`;
  // Who is not known counts as one person: a bound must not be lost with a name.
  if (perUser !== undefined && count(others, ({ user }) => user === mine.user) >= perUser)
    return `${sessions(perUser)} of one person at once`;
  return null;
}

function count(others: readonly Admitted[], isSame: (other: Admitted) => boolean): number {
  return others.filter(isSame).length;
}

function sessions(number: number): string {
  return number === 1 ? '1 session' : `${number} sessions`;
}

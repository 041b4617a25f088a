import type { Most } from './rule.ts';

/** A session that was let in, and what the bounds on sessions at once compare it by. */
export interface Admitted {
  readonly id: string;
  readonly user: string | null;
  /** `address:port` in one spelling. */
  readonly place: string;
  readonly rule: string | null;
}

/** A bound that is reached. */
export interface Full {
  /** For a sentence: `1 session to one machine at once`. */
  readonly words: string;
  /** The sessions that fill it. */
  readonly by: readonly Admitted[];
}

/** What is full once `mine` would come in as well; null where there is room. */
export function whatIsFull(most: Most, others: readonly Admitted[], mine: Admitted): Full | null {
  const same = (isSame: (other: Admitted) => boolean) => others.filter(isSame);
  return (
    reached(most.inAll, others, 'at once') ??
    reached(
      most.perMachine,
      same(({ place }) => place === mine.place),
      'to one machine at once',
    ) ??
    // Who is not known counts as one person: a bound must not be lost with a name.
    reached(
      most.perUser,
      same(({ user }) => user === mine.user),
      'of one person at once',
    )
  );
}

function reached(bound: number | undefined, by: readonly Admitted[], words: string): Full | null {
  if (bound === undefined || by.length < bound) return null;
  return { words: `${sessions(bound)} ${words}`, by };
}

function sessions(number: number): string {
  return number === 1 ? '1 session' : `${number} sessions`;
}

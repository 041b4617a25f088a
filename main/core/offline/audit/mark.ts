/** A place in the journal. */
export interface Mark {
  readonly n: number;
  /** Hash of that entry's line. */
  readonly hash: string;
}

/** An entry that must be there, and how that is known. */
export interface KnownMark extends Mark {
  readonly by: 'authentik' | 'last-run';
}

const BY: Readonly<Record<KnownMark['by'], string>> = {
  authentik: 'which authentik has been told of',
  'last-run': 'which was there when the outpost ran before',
};

/** In words, what is missing of that which is known; null where all of it is there. `first`: what is older was removed. */
export function missingMark(
  known: readonly KnownMark[],
  first: number,
  hashes: ReadonlyMap<number, string>,
): string | null {
  for (const { n, hash, by } of known) {
    const found = hashes.get(n);
    if (n < first || found === hash) continue;
    return found === undefined
      ? `entry ${n}, ${BY[by]}, is missing`
      : `entry ${n} is not the one ${BY[by].replace('which', 'that')}`;
  }
  return null;
}

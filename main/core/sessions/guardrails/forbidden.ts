/** The addresses of a name, as this host would connect to them, best first. Rejects as `dns.lookup` does. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** By the name of a machine; null where nobody can say. */
export type ByName = ReadonlyMap<string, readonly string[] | null>;

/** The addresses of machines that rules forbid by name. DNS may be away: then what it last said holds. */
export class ForbiddenMachines {
  #known: ByName = new Map();

  /** Asks for all of them anew. Never rejects. */
  async look(names: readonly string[], resolve: Resolve): Promise<ByName> {
    const before = this.#known;
    const found = await Promise.all(
      names.map(async (name) => {
        const addresses = await resolve(name).catch((error: unknown) =>
          // A name that nobody knows has no addresses; that is no reason to refuse anybody.
          isUnknownName(error) ? [] : (before.get(name) ?? null),
        );
        return [name, addresses] as const;
      }),
    );
    this.#known = new Map(found);
    return this.#known;
  }
}

function isUnknownName(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';
}

export interface InstancesOptions {
  /** After how many milliseconds without a hello an instance is forgotten; authentik: 15 s. */
  readonly healthMs: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /**
   * Whom a new session may go to. `health`: as authentik does, anyone whose hello is fresh, also when it has just
   * gone away, and the session is then lost. `connected`: only those whose event websocket is open.
   */
  readonly balancing: 'health' | 'connected';
}

/** An outpost process as authentik's health page shows it. */
export interface InstanceView {
  readonly uuid: string;
  readonly version: string;
  readonly buildHash: string;
  readonly hostname: string;
  readonly activeConnections: number;
  /** Everything of its hellos, merged. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Milliseconds since its last hello. */
  readonly ageMs: number;
  /** Whether an event websocket of it is open. */
  readonly connected: boolean;
}

interface Instance {
  readonly args: Record<string, unknown>;
  lastSeen: number;
}

/** The health of outpost processes, keyed by their instance uuid, gone when their hello is too old. */
export class Instances {
  readonly #options: InstancesOptions;
  readonly #instances = new Map<string, Instance>();
  readonly #sockets = new Map<string, number>();

  constructor(options: InstancesOptions) {
    this.#options = options;
  }

  opened(uuid: string): void {
    this.#sockets.set(uuid, (this.#sockets.get(uuid) ?? 0) + 1);
  }

  /** A websocket has closed; the health it left stays until it is too old, as authentik's does. */
  closed(uuid: string): void {
    const left = (this.#sockets.get(uuid) ?? 1) - 1;
    if (left > 0) this.#sockets.set(uuid, left);
    else this.#sockets.delete(uuid);
  }

  hello(uuid: string, args: Readonly<Record<string, unknown>>): void {
    this.#forgetOld();
    const known = this.#instances.get(uuid);
    const instance = known ?? { args: {}, lastSeen: 0 };
    // A later hello without a field keeps the field's old value: authentik merges.
    Object.assign(instance.args, args);
    instance.lastSeen = this.#options.now();
    if (!known) this.#instances.set(uuid, instance);
  }

  /** Those whose hello is fresh, in the order they came. */
  list(): InstanceView[] {
    this.#forgetOld();
    return [...this.#instances].map(([uuid, { args, lastSeen }]) => ({
      uuid,
      version: text(args['version']),
      buildHash: text(args['buildHash']),
      hostname: text(args['hostname']),
      activeConnections: whole(args['active_connections']),
      args: { ...args },
      ageMs: this.#options.now() - lastSeen,
      connected: this.#sockets.has(uuid),
    }));
  }

  /** The instance that gets the next session: the one with the fewest; undefined where there is none. */
  next(): InstanceView | undefined {
    const candidates = this.list().filter(
      ({ connected }) => connected || this.#options.balancing === 'health',
    );
    return candidates.sort((left, right) => left.activeConnections - right.activeConnections)[0];
  }

  #forgetOld(): void {
    const oldest = this.#options.now() - this.#options.healthMs;
    for (const [uuid, { lastSeen }] of this.#instances) {
      if (lastSeen < oldest) this.#instances.delete(uuid);
    }
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function whole(value: unknown): number {
  const number = Number(value);
  return Number.isInteger(number) ? number : 0;
}

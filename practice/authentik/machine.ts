/** A machine that practice offers, with what authentik's admin would have entered for it. */
export interface PracticeMachine {
  /** What the page shows and `openSession` takes; unique. */
  readonly name: string;
  /** `ssh`, `vnc` or `rdp`. */
  readonly protocol: string;
  /** What a person can expect of it, in one line. */
  readonly description?: string;
  /** Guacamole's connection parameters by name, such as `hostname` and `port`. May hold passwords. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A machine that practice would offer if it could be started. */
export interface MissingMachine {
  readonly protocol: string;
  /** Why it is not there and what to do about it. */
  readonly reason: string;
}

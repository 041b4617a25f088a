/** What the practice page is told about everything, as JSON below `practice/state`. Nothing secret is in it. */
export interface PageState {
  readonly generation: 'older' | 'newest';
  readonly machines: readonly {
    readonly name: string;
    readonly protocol: string;
    readonly description: string;
  }[];
  /** Machines that could not be started. */
  readonly missing: readonly { readonly protocol: string; readonly reason: string }[];
  /** Outpost processes whose hello is fresh; those that are connected get sessions. */
  readonly outposts: readonly {
    readonly uuid: string;
    readonly hostname: string;
    readonly version: string;
    readonly activeConnections: number;
    /** Milliseconds since its last hello. */
    readonly ageMs: number;
    readonly connected: boolean;
  }[];
  /** Sessions whose browser is there; `paired`: the outpost is, too. */
  readonly sessions: readonly {
    readonly id: string;
    readonly machine: string;
    readonly state: 'waiting' | 'paired';
  }[];
  /** What outposts have told, newest first. */
  readonly events: readonly {
    readonly id: string;
    /** ISO 8601: when it happened, which may be long before it was told. */
    readonly at: string;
    readonly words: string;
    /** The person and the machine, as far as there are any. */
    readonly about: string;
  }[];
}

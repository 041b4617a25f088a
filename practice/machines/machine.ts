/** What a practice machine speaks. */
export type MachineProtocol = 'ssh' | 'vnc' | 'rdp';

/** Guacamole connection parameters by name, secrets included, as instruction 3 carries them. */
export type Parameters = Readonly<Record<string, string>>;

/** A real server on loopback, started for practice or for a test. */
export interface Machine {
  /** What people call it, such as `Practice SSH`. */
  readonly name: string;
  readonly protocol: MachineProtocol;
  /** Its port on 127.0.0.1. */
  readonly port: number;
  /** The way in that always works. */
  readonly parameters: Parameters;
  /** Every way in by name, such as `key` and `password`; `parameters` is one of them. */
  readonly logins: Readonly<Record<string, Parameters>>;
  /** The folder its shell starts in, and its `HOME`: what is typed there can be seen here. */
  readonly home: string;
  /** Ends the server and everything that runs in it; resolves when all of it is gone. */
  stop(): Promise<void>;
}

/** What every machine needs to start. */
export interface MachineOptions {
  /** A private folder of its own, which exists and is empty. */
  readonly dir: string;
  /** Hears of what goes on, one line at a time, without line ends. */
  readonly log: (line: string) => void;
}

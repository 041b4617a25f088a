import type { Failure } from '../../errors.ts';

/* What the address book says to whoever drives it, as plain values. */

/** What is wrong with one field of a machine. */
export interface MachineProblem {
  /** A field of `MachineDraft`, or `parameters.<name>`. */
  readonly field: string;
  readonly failure: Failure;
}

/** What an import would do with one entry. */
export interface PlanRow {
  /** Names the row when it is applied. */
  readonly key: string;
  readonly action: 'add' | 'change' | 'skip';
  readonly name: string;
  /** Empty where it is not known. */
  readonly protocol: string;
  readonly host: string;
  readonly port: number | null;
  /** Where it stands, such as `servers.csv, line 4`. */
  readonly origin: string;
  /** Why it is skipped. */
  readonly why: string | null;
  /** Fields that change, for `change`. */
  readonly fields: readonly string[];
  /** What could not be taken over, each as a sentence. */
  readonly notes: readonly string[];
  /** What becomes of a password or key that came with it; null where none did. */
  readonly secret: 'kept' | 'left-out' | null;
}

/** What an import would do, before it is made. */
export interface ImportPreview {
  readonly import: string;
  readonly rows: readonly PlanRow[];
  /** A file holds secrets that a passphrase opens; ask for it and look again. */
  readonly sealed: boolean;
  readonly canKeepSecrets: boolean;
}

export interface ImportResult {
  readonly added: number;
  readonly changed: number;
  readonly skipped: number;
  readonly credentials: number;
  /** Why secrets were not kept after all. */
  readonly failure: Failure | null;
}

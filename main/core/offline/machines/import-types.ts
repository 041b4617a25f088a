import type { CredentialFields } from './credentials.ts';
import type { CredentialUse, MachineDraft } from './machine.ts';

/** A credential that came with a machine; it goes to the vault or nowhere. Machines that share one have the same object. */
export interface FoundCredential {
  /** Null: called after the machine, and with its user. */
  readonly name: string | null;
  readonly fields: CredentialFields;
}

export type CredentialsFound = { readonly [Use in CredentialUse]?: FoundCredential };

/** A machine as a file has it, not yet looked at. */
export interface Candidate {
  /** Where it stands, for people: `servers.csv, line 4`. */
  readonly origin: string;
  /** From our own export: the machine that this was. */
  readonly id?: string;
  /** What the file says; what it does not say is left out, and changes nothing of a machine that is there. */
  readonly draft: Partial<Omit<MachineDraft, 'protocol' | CredentialUse>> & { readonly protocol: string };
  readonly credentials: CredentialsFound;
  /** Other names that it goes by, for host keys. */
  readonly aliases: readonly string[];
  /** What could not be taken over, each as a sentence. */
  readonly notes: readonly string[];
}

/** Something in a file that becomes no machine. */
export interface Skipped {
  readonly origin: string;
  readonly name: string;
  readonly why: string;
}

/** A server's key from `known_hosts`. */
export interface HostKey {
  readonly origin: string;
  /** As it stands there: `web1`, `[web1]:2222`, `*.example.org`, `!old`, or hashed: `|1|salt|hash`. */
  readonly names: readonly string[];
  /** `ssh-ed25519` and the like. */
  readonly type: string;
  /** Base64. */
  readonly key: string;
}

export interface Reading {
  readonly candidates: readonly Candidate[];
  readonly skipped: readonly Skipped[];
  readonly hostKeys: readonly HostKey[];
}

export const IMPORT_FORMATS = ['rdp', 'csv', 'json', 'ssh-config', 'known-hosts'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** A file as it was chosen or pasted. */
export interface ImportFile {
  readonly name: string;
  /** Null: told from its name and its content. */
  readonly format: ImportFormat | null;
  readonly bytes: Uint8Array;
}

export const IMPORT_LIMITS = {
  /** Bytes of all files of one import. */
  bytes: 16 * 1024 * 1024,
  files: 2_000,
  /** Machines, host keys and what is skipped, all together. */
  entries: 20_000,
  /** Values of one entry that are looked at: of a line of CSV, or an object of JSON. */
  columns: 256,
  /** Characters of the name of a column. */
  title: 256,
  /** Characters of one value; a machine as a whole may have no more bytes. */
  value: 128 * 1024,
} as const;

/** A file, or what follows in it, that becomes no machine. */
export function nothingIn(origin: string, why: string): Reading {
  return { candidates: [], skipped: [{ origin, name: '', why }], hostKeys: [] };
}

/** What is said once, where an import stops at its bound. */
export function tooMany(origin: string): Skipped {
  return { origin, name: '', why: `More than ${IMPORT_LIMITS.entries} entries: the rest was not read.` };
}

/** A part of a file in a sentence: short, on one line, without control characters. */
export function shown(text: string, most = 60): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\p{C}/gu, '\uFFFD');
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

import type { MachinesDesk } from '../control/machines-handlers.ts';
import type { RecordEvent } from '../core/audit-event.ts';
import { Endpoint, type EndpointOptions } from '../core/authentik/endpoint.ts';
import { racCatalogue } from '../core/authentik/rac-catalogue.ts';
import { Emitter } from '../core/base/emitter.ts';
import type { Secret } from '../core/base/secret.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import { AddressBook } from '../core/offline/machines/address-book.ts';
import { draftProblems } from '../core/offline/machines/check.ts';
import type { CredentialVault } from '../core/offline/machines/credentials.ts';
import { exportPlain, exportSealed } from '../core/offline/machines/export.ts';
import { readAuthentik } from '../core/offline/machines/from-authentik.ts';
import { factsOfEnded, type SessionFacts } from '../core/offline/machines/from-session.ts';
import { Imports, type UploadPiece } from '../core/offline/machines/imports.ts';
import { listMachines, type MachineFilter } from '../core/offline/machines/list.ts';
import { addressText, type Machine, portOf } from '../core/offline/machines/machine.ts';
import { PARAMETERS } from '../core/offline/machines/parameter-table.ts';
import { wake } from '../core/offline/machines/wake.ts';
import type { OutpostStatus } from '../core/status.ts';

export interface MachinesOptions {
  readonly folder: string;
  readonly vault: CredentialVault;
  /** How authentik is reached, without a token. Rejects where no address is configured. */
  readonly endpoint: () => Promise<Omit<EndpointOptions, 'token'>>;
  /** Keeps a token out of the log until the returned function is called. */
  readonly conceal: (token: Secret) => () => void;
  /** What an open session was opened with; null where it is none. */
  readonly sessionFacts: (id: string) => SessionFacts | null;
  readonly status: () => OutpostStatus;
  /** Tells the journal. */
  readonly record: RecordEvent;
}

type RawDraft = Parameters<MachinesDesk['put']>[1];

/** The address book with everything that is done with it, over the control socket and by other parts. */
export class Machines implements MachinesDesk {
  readonly #options: MachinesOptions;
  readonly #changed = new Emitter<number>();
  readonly #ready: Promise<{ book: AddressBook; imports: Imports }>;
  #open!: () => void;
  #book: AddressBook | null = null;
  #imports: Imports | null = null;

  readonly onChange = this.#changed.on;

  constructor(options: MachinesOptions) {
    this.#options = options;
    this.#ready = new Promise<void>((resolve) => {
      this.#open = resolve;
    }).then(() => this.#begun());
  }

  /** Reads the book; until then whoever asks waits. Not before it is sure that no other outpost has it. */
  async begin(): Promise<void> {
    this.#open();
    await this.#ready;
  }

  /** Resolves when nothing is being written any more; what waits to be imported is forgotten. */
  async end(): Promise<void> {
    this.#imports?.end();
    await this.#book?.settled();
  }

  get warnings(): readonly Failure[] {
    return this.#book?.warnings ?? [];
  }

  get revision(): number {
    return this.#book?.revision ?? 0;
  }

  async list(filter: MachineFilter): Promise<readonly Machine[]> {
    const { book } = await this.#ready;
    return listMachines(book.machines, filter);
  }

  async get(id: string): Promise<Machine> {
    const { book } = await this.#ready;
    return book.get(id);
  }

  async put(id: string | null, draft: RawDraft): Promise<Machine> {
    const { book } = await this.#ready;
    const { revision } = book;
    const machine = await book.put({ id, draft });
    if (book.revision !== revision)
      this.#options.record({
        kind: id === null ? 'machine-added' : 'machine-changed',
        machine: named(machine),
      });
    return machine;
  }

  check(draft: RawDraft) {
    return draftProblems(draft);
  }

  async remove(ids: readonly string[]): Promise<number> {
    const { book } = await this.#ready;
    const { removed } = await book.change({ remove: [...new Set(ids)] });
    for (const machine of removed) this.#options.record({ kind: 'machine-removed', machine: named(machine) });
    return removed.length;
  }

  parameters() {
    return [...PARAMETERS.values()];
  }

  async upload(piece: UploadPiece): Promise<string> {
    const { imports } = await this.#ready;
    return imports.upload(piece);
  }

  async preview(id: string, passphrase: Secret | null) {
    const { imports } = await this.#ready;
    return imports.preview(id, passphrase);
  }

  async previewAuthentik(token: Secret, signal: AbortSignal) {
    const { imports } = await this.#ready;
    const reveal = this.#options.conceal(token);
    try {
      const endpoint = await Endpoint.open({ ...(await this.#options.endpoint()), token });
      const reading = readAuthentik(await racCatalogue(endpoint, signal), endpoint.display);
      return await imports.previewReading(reading, `authentik at ${endpoint.display}`);
    } finally {
      reveal();
    }
  }

  async apply(id: string, leave: readonly string[]) {
    const { imports } = await this.#ready;
    const from = imports.from(id);
    const result = await imports.apply(id, leave);
    const { added, changed, skipped } = result;
    this.#options.record({ kind: 'machines-imported', from, added, changed, skipped });
    return result;
  }

  async forget(id: string): Promise<void> {
    const { imports } = await this.#ready;
    imports.forget(id);
  }

  async export(ids: readonly string[] | null, passphrase: Secret | null) {
    const { book } = await this.#ready;
    const machines = ids === null ? book.machines : ids.map((id) => book.get(id));
    const now = new Date();
    const exported =
      passphrase === null
        ? exportPlain(machines, now)
        : await exportSealed(machines, now, passphrase, this.#options.vault);
    this.#options.record({
      kind: 'machines-exported',
      count: machines.length,
      withSecrets: passphrase !== null,
    });
    return exported;
  }

  async saveSession(id: string) {
    const { book } = await this.#ready;
    const facts = this.#options.sessionFacts(id) ?? this.#endedFacts(id);
    const { draft, left } = facts;
    const same = book.machines.find(
      (machine) =>
        machine.protocol === draft.protocol &&
        machine.host.toLowerCase() === draft.host.toLowerCase() &&
        portOf(machine) === portOf(draft) &&
        machine.user === draft.user,
    );
    if (same)
      throw new SallyportError(
        'request-invalid',
        `${addressText(same)} is kept already, as “${same.name}”.`,
        {
          advice: 'Change that one where something should be different.',
        },
      );
    return { machine: await this.put(null, draft), left };
  }

  async wake(id: string): Promise<string> {
    const { host, port } = await wake(await this.get(id));
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  }

  #endedFacts(id: string): SessionFacts {
    const ended = this.#options.status().history.find((session) => session.id === id);
    if (!ended)
      throw new SallyportError('session-not-found', 'There is no such session.', {
        advice: 'Only sessions since the outpost was started can be kept.',
      });
    const facts = factsOfEnded(ended);
    if (facts) return facts;
    throw new SallyportError('request-invalid', 'Of this session it is not known which machine it was on.');
  }

  async #begun(): Promise<{ book: AddressBook; imports: Imports }> {
    const { folder, vault } = this.#options;
    const book = await AddressBook.open(folder);
    const imports = new Imports(book, vault);
    this.#book = book;
    this.#imports = imports;
    book.onChange(() => this.#changed.emit(book.revision));
    return { book, imports };
  }
}

/** As the journal names it. */
function named(machine: Machine): string {
  const address = addressText(machine);
  return machine.name === address ? address : `${machine.name} (${address})`;
}

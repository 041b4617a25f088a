import { assemble, type Parts } from './assembly.ts';
import { PracticeBrowser, type PracticeBrowserOptions } from './browser.ts';
import type { BulkPipes } from './bulk-pipes.ts';
import type { PracticeCa } from './certificates.ts';
import { EventInstruction } from './event-sockets.ts';
import { type Faults, NO_FAULTS, PARTS, type Part } from './faults.ts';
import type { FileDesk } from './file-desk.ts';
import type { Generation } from './generation.ts';
import type { InstanceView } from './instances.ts';
import type { Journal } from './journal.ts';
import { close, listen } from './listener.ts';
import type { PracticeMachine } from './machine.ts';
import type { PracticeAuthentikOptions } from './options.ts';
import type { SessionView } from './rac-session.ts';
import type { SessionWish } from './tokens.ts';
import { type UntilOptions, until } from './until.ts';

/** What a session is opened with, beside the machine. */
export interface OpenSessionOptions
  extends Partial<Omit<SessionWish, 'machine'>>,
    Omit<PracticeBrowserOptions, 'url' | 'caPem'> {
  /** An earlier connection token, as a page that is reloaded brings it; machine and user are its own. */
  readonly token?: string;
}

/** A stand-in for authentik on this machine: API, event websocket, sessions of browsers, and a page. */
export class PracticeAuthentik {
  /** What `AUTHENTIK_HOST` is to be, sub-path included, with a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** An admin's API token, which may list endpoints and providers. */
  readonly adminToken: string;
  readonly outpostPk: string;
  readonly generation: Generation;
  readonly journal: Journal;
  /** The authority of this run; undefined without TLS. */
  readonly ca: PracticeCa | undefined;
  /** SHA-256 of the server's own certificate, `AB:CD:…`; undefined without TLS. */
  readonly fingerprint: string | undefined;

  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.url = parts.url;
    this.port = parts.port;
    this.token = parts.token;
    this.adminToken = parts.adminToken;
    this.outpostPk = parts.outpostPk;
    this.generation = parts.generation;
    this.journal = parts.journal;
    this.ca = parts.ca;
    this.fingerprint = parts.fingerprint;
  }

  /** Resolves when it listens on 127.0.0.1; rejects with the system's error when the port is taken. */
  static async start(options: PracticeAuthentikOptions = {}): Promise<PracticeAuthentik> {
    return new PracticeAuthentik(await assemble(options));
  }

  /** The certificate of the authority as PEM; undefined without TLS. */
  get caPem(): string | undefined {
    return this.ca?.caPem;
  }

  get faults(): Faults {
    return this.#parts.faults.current;
  }

  /** Changes the faults of the moment; what is not named stays. Resolves when they hold. */
  async setFaults(change: Partial<Faults>): Promise<void> {
    const before = this.#parts.faults.current;
    const after: Faults = { ...before, ...change };
    this.#parts.faults.set(after);
    for (const part of PARTS) {
      const frozen = this.#parts.faults.for(part).blackHole;
      for (const channel of this.#parts.connections.channels([part])) {
        if (frozen) channel.hold('freeze');
        else if (channel.frozen) channel.release('freeze');
      }
    }
    if (after.down && !before.down) await close(this.#parts.server, this.#parts.connections);
    if (!after.down && before.down) await listen(this.#parts.server, this.port);
  }

  clearFaults(): Promise<void> {
    return this.setFaults(NO_FAULTS);
  }

  /** Closes the outpost's websockets with a code; 1012 is what authentik says when it restarts. */
  closeSockets(code = 1012, parts: readonly Part[] = ['events', 'sessions']): void {
    for (const channel of this.#parts.connections.channels(parts)) channel.close(code);
  }

  /** Resets the TCP connections of the outpost's websockets. */
  resetSockets(parts: readonly Part[] = ['events', 'sessions']): void {
    for (const channel of this.#parts.connections.channels(parts)) channel.reset();
  }

  /** Ends the outpost's websockets in the middle of a frame. */
  breakSockets(parts: readonly Part[] = ['events', 'sessions']): void {
    for (const channel of this.#parts.connections.channels(parts)) channel.breakMidFrame();
  }

  /** The outpost processes whose hello is fresh, as authentik's health page shows them. */
  instances(): InstanceView[] {
    return this.#parts.instances.list();
  }

  /** Those among them that get sessions at all: their event websocket is open. */
  get online(): boolean {
    return this.#parts.instances.list().some(({ connected }) => connected);
  }

  /** All sessions, oldest first, up to 1000 ended ones included. */
  sessions(): readonly SessionView[] {
    return this.#parts.sessions.views;
  }

  /** Tells every instance to fetch its configuration again. Returns how many websockets it went to. */
  triggerUpdate(): number {
    return this.sendInstruction({ instruction: EventInstruction.triggerUpdate, args: {} });
  }

  /** Tells every instance that a login has ended. */
  endSession(sessionId: string): number {
    return this.sendInstruction({
      instruction: EventInstruction.sessionEnd,
      args: { session_id: sessionId },
    });
  }

  /** Sends a frame on every event websocket, or on those of one instance: text and bytes as they are, else JSON. */
  sendInstruction(raw: unknown, instanceUuid?: string): number {
    const asItIs = typeof raw === 'string' || Buffer.isBuffer(raw);
    return this.#parts.events.send(asItIs ? raw : JSON.stringify(raw), instanceUuid);
  }

  /** Sends a frame on the websocket that the outpost opened for session `id`, whatever it is. */
  sendToOutpost(id: string, data: string | Buffer): void {
    this.#parts.sessions.find(id)?.tellOutpost(data);
  }

  /** Where to ask about the files of session `id`; undefined where there is no such session. */
  files(id: string): FileDesk | undefined {
    return this.#parts.sessions.find(id)?.files;
  }

  /** Where the bytes of transfers go over. */
  get pipes(): BulkPipes {
    return this.#parts.pipes;
  }

  /** Closes the browser's websocket of session `id` from authentik's side. */
  closeBrowser(id: string): void {
    this.#parts.sessions.find(id)?.closeBrowser();
  }

  /** A connection token, as authentik makes one when a user opens an endpoint. */
  createToken(wish: SessionWish): string {
    return this.#parts.tokens.create(wish);
  }

  /** Opens a session the way a browser does. Resolves when the browser's websocket is open, not the session. */
  async openSession(
    machine: string | PracticeMachine,
    options: OpenSessionOptions = {},
  ): Promise<PracticeBrowser> {
    const { user = 'akadmin', destChannelId, alter, lengths, token: earlier, ...rest } = options;
    const token =
      earlier ?? this.createToken({ machine: this.#machine(machine), user, destChannelId, alter });
    const browser = await PracticeBrowser.connect({
      ...rest,
      url: `${this.url.replace(/^http/, 'ws')}ws/rac/${token}/`,
      lengths: lengths ?? (this.generation === 'older' ? 'code-points' : 'utf16'),
      ...(this.caPem === undefined ? {} : { caPem: this.caPem }),
    });
    this.#parts.lifetime.add(() => browser.kill());
    return browser;
  }

  /** Resolves with what `look` finds, which is asked whenever something has happened here. */
  until<T>(look: () => T | undefined | false, options?: UntilOptions): Promise<T> {
    return until(look, (listener) => this.journal.onChange(listener), options);
  }

  /** Ends everything it started; open websockets without a word. */
  stop(): Promise<void> {
    return this.#parts.lifetime.end();
  }

  #machine(machine: string | PracticeMachine): PracticeMachine {
    if (typeof machine !== 'string') return machine;
    const found = this.#parts.machines.find(({ name }) => name === machine);
    if (!found) throw new Error(`There is no practice machine "${machine}".`);
    return found;
  }
}

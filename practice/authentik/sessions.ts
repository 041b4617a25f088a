import type { PipeLimits } from './bounded-pipe.ts';
import type { BulkPipes } from './bulk-pipes.ts';
import type { Channel } from './channel.ts';
import { EventInstruction, type EventSockets } from './event-sockets.ts';
import type { FileDesk } from './file-desk.ts';
import type { Generation } from './generation.ts';
import { createChannelId, initConnectionArgs } from './init-connection.ts';
import type { Instances } from './instances.ts';
import type { Journal } from './journal.ts';
import { RacSession, type SessionView } from './rac-session.ts';
import type { SessionWish } from './tokens.ts';

export interface SessionsOptions {
  readonly generation: Generation;
  readonly limits: PipeLimits;
  readonly pipes: BulkPipes;
  readonly instances: Instances;
  readonly events: EventSockets;
  readonly journal: Journal;
  readonly lateDisconnectMs: () => number;
}

const MAX_REMEMBERED = 1000;

/** The sessions of a run, ended ones included up to 1000. */
export class Sessions {
  readonly #options: SessionsOptions;
  #sessions: { readonly id: string; readonly token: string; readonly session: RacSession }[] = [];

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  get views(): readonly SessionView[] {
    return this.#sessions.map(({ session }) => session.view);
  }

  /** Whether there is a session of this id whose browser is still there. */
  find(id: string): RacSession | undefined {
    const all = this.#sessions.filter((entry) => entry.id === id);
    const alive = all.filter(({ session }) => session.view.state !== 'browser-gone');
    // The same id twice: the one that still waits is meant.
    const waiting = alive.find(({ session }) => session.view.state === 'waiting');
    return (waiting ?? alive.at(-1) ?? all.at(-1))?.session;
  }

  /** Where to ask about the files of the session that a browser has opened with this token. */
  deskOf(token: string): FileDesk | undefined {
    const { generation } = this.#options;
    const found = this.#sessions.filter((entry) => entry.token === token).at(-1);
    return generation === 'newest' && found?.session.view.state === 'paired'
      ? found.session.files
      : undefined;
  }

  /** A browser has come with a token: asks the instance with the fewest sessions to connect it. */
  open(browser: Channel, token: string, wish: SessionWish, query: URLSearchParams): void {
    const { events, instances, pipes, journal, generation, limits, lateDisconnectMs } = this.#options;
    const id = wish.destChannelId ?? createChannelId();
    const session = new RacSession(browser, {
      id,
      machine: wish.machine.name,
      pipes,
      generation,
      limits,
      lateDisconnectMs,
      onOddity: (sentence) => journal.addOddity(sentence),
      onChange: () => journal.touch(),
    });
    this.#sessions.push({ id, token, session });
    this.#forgetEnded();
    const args = initConnectionArgs(id, token, wish, query, generation);
    const instruction = { instruction: EventInstruction.providerSpecific, args: wish.alter?.(args) ?? args };
    const instance = instances.next();
    const reached = instance ? events.send(JSON.stringify(instruction), instance.uuid) : 0;
    // authentik says nothing to the browser either: its page waits until its own time-out.
    if (reached === 0) journal.addOddity(`No outpost was there for a session on ${wish.machine.name}.`);
    journal.touch();
  }

  /** An outpost has dialled for session `id`; one that nobody waits for is left alone, as authentik does. */
  attach(id: string, outpost: Channel): void {
    const session = this.find(id);
    if (session && session.view.state !== 'browser-gone') session.attach(outpost);
    else
      this.#options.journal.addOddity(
        `The outpost opened a websocket for session ${id}, which no browser waits for.`,
      );
  }

  #forgetEnded(): void {
    if (this.#sessions.length <= MAX_REMEMBERED) return;
    const ended = this.#sessions.findIndex(({ session }) => session.view.state === 'browser-gone');
    if (ended >= 0) this.#sessions.splice(ended, 1);
  }
}

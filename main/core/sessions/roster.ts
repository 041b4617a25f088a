import { type Failure, SallyportError } from '../errors.ts';
import type { SessionStatus } from '../status.ts';
import { isCalled } from './names.ts';
import type { SessionRequest } from './request.ts';
import { samenessOf } from './sameness.ts';
import type { Session } from './session.ts';

/** What a session is opened for: something that its peer's end is known by. A newer one replaces it. */
export type Channel = string;

export interface Entry {
  readonly session: Session;
  channel: Channel;
  /** What somebody must have in common with it to go on with it; see `samenessOf`. */
  readonly sameness: string | null;
  /** Resolves when nothing is left of it. */
  over: Promise<void>;
}

/** The sessions that are there, in the order in which they came, and which of them is meant. */
export class Roster {
  readonly #entries = new Map<string, Entry>();

  add(entry: Entry): void {
    this.#entries.set(entry.session.request.id, entry);
  }

  remove(id: string): void {
    this.#entries.delete(id);
  }

  get ids(): string[] {
    return [...this.#entries.keys()];
  }

  get all(): Entry[] {
    return [...this.#entries.values()];
  }

  /** Of each session what everyone sees, with how many watch it. */
  get statuses(): SessionStatus[] {
    const statuses = this.all.map(({ session }) => session.status);
    const watched = new Map<string, number>();
    for (const { watching, state } of statuses)
      if (watching !== undefined && state !== 'ending')
        watched.set(watching, (watched.get(watching) ?? 0) + 1);
    return statuses.map((status) => {
      const watchers = watched.get(status.id);
      return watchers === undefined ? status : { ...status, watchers };
    });
  }

  isThere(id: string): boolean {
    const state = this.find(id)?.state;
    return state !== undefined && state !== 'ending';
  }

  find(id: string): Session | undefined {
    return this.#entries.get(id)?.session;
  }

  /** Throws `session-not-found`. */
  get(id: string): Session {
    const session = this.find(id);
    if (session) return session;
    throw new SallyportError('session-not-found', `There is no session ${id}.`, {
      advice: 'It may have ended already; see the list of sessions.',
    });
  }

  /** How many are in one of these states; views of others are none of them. */
  count(states: readonly SessionStatus['state'][]): number {
    return this.all.filter(
      ({ session }) => session.request.source !== 'watch' && states.includes(session.state),
    ).length;
  }

  get views(): Session[] {
    return this.#sessions(({ session }) => session.request.source === 'watch');
  }

  viewsOf(id: string): Session[] {
    return this.#sessions(({ session }) => session.request.watching === id);
  }

  onChannel(channel: Channel): Session[] {
    return this.#sessions((entry) => entry.channel === channel);
  }

  /** Those that authentik names with `name`, as `isCalled` understands it. */
  called(name: string): Session[] {
    return this.#sessions(({ session, channel }) => isCalled(name, session.request, channel));
  }

  /** What the sessions of this host were asked for with that go on where `window` shows them again. */
  ofWindow(window: string): SessionRequest[] {
    return this.#sessions(({ session: { request, state }, sameness }) => {
      const isThere = request.source === 'local' && GOES_ON.includes(state);
      return isThere && sameness !== null && sameness === samenessOf(request, window);
    }).map(({ request }) => request);
  }

  /** The one that somebody with this sameness can go on with: one that is held, else the newest. */
  same(sameness: string): Entry | undefined {
    const same = this.all.filter(
      (entry) => entry.sameness === sameness && GOES_ON.includes(entry.session.state),
    );
    return same.find(({ session }) => session.state === 'held') ?? same.at(-1);
  }

  /** Ends the held session that waits longest, of those with these ids; false where none can be ended. */
  makeRoom(among: ReadonlySet<string> = new Set(this.ids)): boolean {
    return this.#sessions(({ session }) => session.state === 'held')
      .filter(({ request }) => among.has(request.id))
      .sort((one, other) => (one.status.heldUntil ?? 0) - (other.status.heldUntil ?? 0))
      .some((session) => {
        session.stopHolding(PLACE_NEEDED);
        return session.state === 'ending';
      });
  }

  #sessions(isMeant: (entry: Entry) => boolean): Session[] {
    return this.all.filter(isMeant).map(({ session }) => session);
  }
}

/** States of a session that somebody can go on with. */
const GOES_ON: readonly SessionStatus['state'][] = ['held', 'live'];

const PLACE_NEEDED: Failure = {
  code: 'session-limit',
  message: 'Nobody came back to it, and its place was needed for another session.',
};

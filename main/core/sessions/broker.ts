import { performance } from 'node:perf_hooks';
import { setTimeout as later } from 'node:timers/promises';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { Ring } from '../base/ring.ts';
import { type Failure, SallyportError } from '../errors.ts';
import type { Display, ProtocolVersion } from '../guacamole/handshake.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import type { Guacd } from '../guacd/guacd.ts';
import type { EndedSession, SessionStatus } from '../status.ts';
import { ADMIT_ALL, type Admit } from './admission.ts';
import type { OpenBulkSocket } from './drive/bulk-socket.ts';
import { Turns } from './drive/turns.ts';
import type { DriveFolder } from './drive.ts';
import { Generation } from './generation.ts';
import type { SessionLimits } from './limits.ts';
import { isCalled } from './names.ts';
import type { RefusedSession, SessionObserver, Watcher } from './observer.ts';
import type { OpenPeer } from './peer.ts';
import { Refusals } from './refusals.ts';
import { type Opening, type SessionRequest, watchRequest } from './request.ts';
import { samenessOf } from './sameness.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';
import type { RunningConnection } from './set-up.ts';
import { NO_TAP, type OpenTap } from './tap.ts';
import { viewObserver, WATCHED_ENDED } from './view.ts';
import { type Ending, ending } from './words.ts';

export interface BrokerOptions {
  readonly guacd: Pick<Guacd, 'connect' | 'isLocal'>;
  readonly drives: DriveFolder;
  readonly openBulk: OpenBulkSocket;
  readonly limits: SessionLimits;
  readonly timezone: string;
  readonly observer: SessionObserver;
  readonly logger: Logger;
  readonly conceal: SessionOptions['conceal'];
  /** Who is let in; everybody where left out. */
  readonly admit?: Admit;
  /** Who hears what sessions move; nobody where left out. */
  readonly openTap?: OpenTap;
  /** Whether people are told that they are watched, where guacd can; they are unless told otherwise. */
  readonly tellWatched?: boolean;
}

/** How a session is opened that authentik does not ask for. */
export interface OpenOptions extends Pick<Opening, 'anew'> {
  /** The window that shows it: who shows the same one again goes on with a session that was held. */
  readonly window?: string;
  /** The newest version of Guacamole's protocol that the person's end speaks; authentik's page, where left out. */
  readonly version?: ProtocolVersion;
}

/** A session that somebody asks for, and all that belongs to it. */
interface Wish {
  readonly request: SessionRequest;
  readonly channel: Channel;
  readonly openPeer: OpenPeer;
  readonly options: OpenOptions;
}

interface Entry {
  readonly session: Session;
  channel: Channel;
  /** What somebody must have in common with it to go on with it; see `samenessOf`. */
  readonly sameness: string | null;
  /** Resolves when nothing is left of it. */
  over: Promise<void>;
}

/** What a session is opened for: something that its peer's end is known by. A newer one replaces it. */
export type Channel = string;

const HISTORY = 200;

/** Opens, counts and ends sessions. None waits for another. */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #sessions = new Map<string, Entry>();
  readonly #history = new Ring<EndedSession>(HISTORY);
  readonly #changed = new Emitter<void>();
  readonly #refusals: Refusals;
  /** People on their way back to a session. */
  readonly #returning = new Set<Promise<void>>();
  readonly #turns = new Turns();
  #draining = false;
  /** Aborted when all sessions are ended. */
  #stopping = new AbortController();

  /** What has shown of authentik's generation. */
  readonly generation = new Generation();

  /** Hears whenever a session comes, goes or changes its state. */
  readonly onChange = this.#changed.on;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#refusals = new Refusals(options);
  }

  /**
   * Sessions that are being set up or live, which is what authentik balances by. Those that are held are not among
   * them: where several outposts share the work, the one that holds a session is then the one that is asked for it.
   */
  get active(): number {
    return this.#count(['connecting', 'live']);
  }

  get sessions(): SessionStatus[] {
    const entries = [...this.#sessions.values()];
    const watched = new Map<string, number>();
    for (const { session } of entries) {
      const { watching, state } = session.status;
      if (watching !== undefined && state !== 'ending')
        watched.set(watching, (watched.get(watching) ?? 0) + 1);
    }
    return entries.map(({ session }) => {
      const watchers = watched.get(session.request.id);
      return watchers === undefined ? session.status : { ...session.status, watchers };
    });
  }

  /** The last that ended, newest first. */
  get history(): EndedSession[] {
    return this.#history.toArray().reverse();
  }

  get limit(): number {
    return this.#options.limits.sessions;
  }

  /** From now on new sessions are refused and none is held, or both again. */
  set draining(draining: boolean) {
    this.#draining = draining;
    if (draining) for (const { session } of this.#sessions.values()) session.stopHolding();
  }

  /** Opens a session, brings a person back to one that is held, or tells the person why not. Returns at once. */
  open(request: SessionRequest, channel: Channel, openPeer: OpenPeer, options: OpenOptions = {}): void {
    const wish = { request, channel, openPeer, options };
    const sameness = this.#samenessOf(request, options);
    const same = sameness === null ? undefined : this.#same(sameness);
    if (!same && !options.anew) return this.#begin(wish);
    const returning = this.#goOnOrBegin(same, wish).finally(() => this.#returning.delete(returning));
    this.#returning.add(returning);
  }

  /** What the sessions of this host were asked for with that go on where `window` shows them again. */
  ofWindow(window: string): SessionRequest[] {
    return [...this.#sessions.values()]
      .filter(({ session: { request, state }, sameness }) => {
        const isThere = request.source === 'local' && GOES_ON.includes(state);
        return isThere && sameness !== null && sameness === samenessOf(request, window);
      })
      .map(({ session }) => session.request);
  }

  /**
   * Shows a running session to one who can do nothing in it; returns the new session's id. Throws `session-not-found`
   * or `session-not-watchable`.
   */
  watch(id: string, { user }: Watcher, display: Display, openPeer: OpenPeer): string {
    const { session } = this.#entry(id);
    const { connection } = session;
    if (session.request.source === 'watch' || !connection)
      throw new SallyportError('session-not-watchable', 'There is nothing to see of that session.', {
        advice: 'Wait until it is live; a view of another session cannot be watched.',
      });
    const { watchers } = this.#options.limits;
    if (
      [...this.#sessions.values()].filter((entry) => entry.session.request.source === 'watch').length >=
      watchers
    )
      throw new SallyportError('session-limit', `${watchers} sessions are being watched already.`, {
        advice: 'Close some of the windows that watch.',
      });
    const request = watchRequest(session.request, { user, display });
    this.#run(request, `watch:${request.id}`, openPeer, {
      version: 'VERSION_1_5_0',
      join: connection,
      sameness: null,
    });
    return request.id;
  }

  /** Tells the person in the browser why there is no session; `facts` as far as they were said. Returns at once. */
  refuse(error: SallyportError, openPeer: OpenPeer, facts: RefusedSession): void {
    const { logger, observer } = this.#options;
    const { code, message } = error;
    logger.log('warning', 'Session refused', { code, reason: message });
    observer.sessionEnded(facts.protocol, 'refused');
    observer.refused?.(facts, error.toFailure());
    this.#refusals.tell(ending('refused', error.toFailure(), error.status), openPeer);
  }

  /** Ends one session with a word to the person. Throws `session-not-found`. */
  end(id: string, how: Ending): void {
    this.#entry(id).session.end(how);
  }

  /** What an open session was opened with; its values are secrets. */
  requestOf(id: string): SessionRequest | undefined {
    return this.#sessions.get(id)?.session.request;
  }

  /** Ends the sessions that authentik names with `name`, as `isCalled` understands it. Returns how many. */
  endNamed(name: string, how: Ending): number {
    const named = [...this.#sessions.values()].filter(({ session, channel }) =>
      isCalled(name, session.request, channel),
    );
    for (const { session } of named) session.end(how);
    return named.length;
  }

  /** Ends all sessions; resolves when nothing of them is left. */
  async endAll(how: Ending): Promise<void> {
    this.#stopping.abort();
    this.#stopping = new AbortController();
    const entries = [...this.#sessions.values()];
    for (const { session } of entries) session.end(how);
    await Promise.all([...entries.map(({ over }) => over), ...this.#returning]);
    await this.#refusals.giveUp();
  }

  /** Resolves when the last of the sessions that run now has ended by itself. */
  async allOver(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ over }) => over));
  }

  #entry(id: string): Entry {
    const entry = this.#sessions.get(id);
    if (entry) return entry;
    throw new SallyportError('session-not-found', `There is no session ${id}.`, {
      advice: 'It may have ended already; see the list of sessions.',
    });
  }

  #samenessOf(request: SessionRequest, { window }: OpenOptions): string | null {
    return this.#options.limits.holdMs > 0 ? samenessOf(request, window ?? null) : null;
  }

  /** The newest session that one with this sameness can go on with. */
  #same(sameness: string): Entry | undefined {
    const same = [...this.#sessions.values()].filter(
      (entry) => entry.sameness === sameness && GOES_ON.includes(entry.session.state),
    );
    return same.find(({ session }) => session.state === 'held') ?? same.at(-1);
  }

  async #goOnOrBegin(same: Entry | undefined, wish: Wish): Promise<void> {
    const { openPeer, options } = wish;
    if (same && (await this.#goOn(same, wish))) return;
    let { request } = wish;
    try {
      if (options.anew) request = await options.anew();
    } catch (error) {
      return this.refuse(SallyportError.from(error, 'The session'), openPeer, request);
    }
    this.#begin({ ...wish, request });
  }

  /** Brings a person back to a session; false where it does not go on. */
  async #goOn(entry: Entry, { request, channel, openPeer }: Wish): Promise<boolean> {
    // authentik never ends the earlier of two sessions with one channel: its browser is gone.
    if (entry.channel === channel) entry.session.presumeGone();
    if (!(await this.#isLeft(entry.session))) return false;
    entry.channel = channel;
    const resumption = await entry.session.resume(request, openPeer);
    if (resumption.kind === 'refused') this.refuse(resumption.error, openPeer, request);
    return resumption.kind !== 'gone';
  }

  /**
   * Whether the session waits for a person. One that is live may have lost its person without anybody having said so:
   * whoever is there says something within `presumedGoneMs`.
   */
  async #isLeft(session: Session): Promise<boolean> {
    const { presumedGoneMs } = this.#options.limits;
    const { signal } = this.#stopping;
    const askedAt = performance.now();
    while (session.state === 'live' && !signal.aborted) {
      const { silentMs } = session;
      if (silentMs >= presumedGoneMs) session.presumeGone();
      else if (silentMs < performance.now() - askedAt) return false;
      else await later(LOOK_MS);
    }
    return session.state === 'held';
  }

  /** Opens a session of its own, or tells the person why not. */
  #begin({ request, channel, openPeer, options }: Wish): void {
    this.#endChannel(channel);
    const refusal = this.#refusal();
    if (refusal) return this.refuse(refusal, openPeer, request);
    this.#run(request, channel, openPeer, {
      // authentik's page does not answer `required`, which guacd sends from 1.3 on.
      version: options.version ?? 'VERSION_1_1_0',
      join: null,
      sameness: this.#samenessOf(request, options),
    });
  }

  #run(
    request: SessionRequest,
    channel: Channel,
    openPeer: OpenPeer,
    { version, join, sameness }: RunOptions,
  ): void {
    const { guacd, drives, openBulk, limits, timezone, logger, conceal, ...rest } = this.#options;
    const { id, protocol, user, machine } = request;
    const log = logger.child('session', { session: id, protocol, user, machine });
    log.log('info', join ? 'Watching requested' : 'Session requested', {
      parameters: [...request.parameters.keys()],
    });
    const session: Session = new Session({
      request,
      openPeer,
      join,
      version,
      admit: join ? ADMIT_ALL : (rest.admit ?? ADMIT_ALL),
      sessions: { all: () => this.sessions, makeRoom: (among) => this.#makeRoom(among) },
      openTap: rest.openTap ?? NO_TAP,
      connect: (handshake, signal, options) => guacd.connect(handshake, signal, options),
      drives: guacd.isLocal ? drives : null,
      openBulk,
      turns: this.#turns,
      generation: this.generation,
      timezone,
      limits,
      tellWatched: rest.tellWatched ?? true,
      mayHold: () => sameness !== null && this.#mayHold(session),
      observer: join ? this.#viewObserver(request) : rest.observer,
      logger: log,
      conceal,
      onChange: () => this.#sessionChanged(session),
    });
    const entry: Entry = { session, channel, sameness, over: Promise.resolve() };
    // Before it runs: whoever decides about it sees it among the others.
    this.#sessions.set(id, entry);
    entry.over = session.run().then((ended) => {
      this.#sessions.delete(id);
      this.#history.push(ended);
      this.#changed.emit();
    });
    this.#changed.emit();
  }

  #mayHold(session: Session): boolean {
    const others = this.#count(['held']) - (session.state === 'held' ? 1 : 0);
    return !this.#draining && others < this.#options.limits.held;
  }

  /** guacd ends a connection when the last one leaves it: those who watch must not keep it. */
  #sessionChanged(session: Session): void {
    if (session.state === 'ending')
      for (const { session: other } of this.#sessions.values())
        if (other.request.watching === session.request.id) other.end(ending('machine-ended', WATCHED_ENDED));
    this.#changed.emit();
  }

  #viewObserver({ user, watching = '' }: SessionRequest): SessionObserver {
    return viewObserver(this.#options.observer, { user }, () => this.#sessions.get(watching)?.session.status);
  }

  #count(states: readonly SessionStatus['state'][]): number {
    let count = 0;
    for (const { session } of this.#sessions.values())
      if (session.request.source !== 'watch' && states.includes(session.state)) count += 1;
    return count;
  }

  #endChannel(channel: Channel): void {
    for (const entry of this.#sessions.values()) {
      if (entry.channel === channel) entry.session.end({ ...ending('ended-by-authentik'), quiet: true });
    }
  }

  #refusal(): SallyportError | undefined {
    const { sessions } = this.#options.limits;
    if (this.#draining) {
      return new SallyportError('draining', 'This outpost is being stopped and takes no new sessions.', {
        advice: 'Try again in a moment.',
        status: GuacamoleStatus.serverBusy,
      });
    }
    if (this.#hasRoom(sessions)) return undefined;
    return new SallyportError(
      'session-limit',
      `This outpost has reached its limit of ${sessions} sessions.`,
      {
        advice: 'Try again later, or ask the admin to raise the limit.',
        status: GuacamoleStatus.serverBusy,
      },
    );
  }

  /** Whoever is there comes before whoever has left: the session that waits longest makes room. */
  #hasRoom(sessions: number): boolean {
    while (this.#count(['connecting', 'live', 'held']) >= sessions) if (!this.#makeRoom()) return false;
    return true;
  }

  /** Ends the session that waits longest, of those with these ids; false where none can be ended. */
  #makeRoom(among: ReadonlySet<string> = new Set(this.#sessions.keys())): boolean {
    return this.#longestHeld()
      .filter(({ session }) => among.has(session.request.id))
      .some(({ session }) => {
        session.stopHolding(PLACE_NEEDED);
        return session.state === 'ending';
      });
  }

  #longestHeld(): Entry[] {
    return [...this.#sessions.values()]
      .filter(({ session }) => session.state === 'held')
      .sort((one, other) => (one.session.status.heldUntil ?? 0) - (other.session.status.heldUntil ?? 0));
  }
}

interface RunOptions {
  readonly version: ProtocolVersion;
  /** The connection to watch; null for one of its own. */
  readonly join: RunningConnection | null;
  readonly sameness: string | null;
}

/** States of a session that somebody can go on with. */
const GOES_ON: readonly SessionStatus['state'][] = ['held', 'live'];

/** How often a session is looked at whose person may have gone, in milliseconds. */
const LOOK_MS = 50;

const PLACE_NEEDED: Failure = {
  code: 'session-limit',
  message: 'Nobody came back to it, and its place was needed for another session.',
};

import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { Ring } from '../base/ring.ts';
import { SallyportError } from '../errors.ts';
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
import type { RefusedSession, SessionObserver, Watcher } from './observer.ts';
import type { OpenPeer } from './peer.ts';
import { isLeft } from './presence.ts';
import { Refusals } from './refusals.ts';
import { type Opening, type SessionRequest, watchRequest } from './request.ts';
import { type Channel, type Entry, Roster } from './roster.ts';
import { samenessOf } from './sameness.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session-options.ts';
import { neverBegun } from './session-status.ts';
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

const HISTORY = 200;

/** Opens, counts and ends sessions. None waits for another. */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #roster = new Roster();
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
    return this.#roster.count(['connecting', 'live']);
  }

  get sessions(): SessionStatus[] {
    return this.#roster.statuses;
  }

  get sessionIds(): string[] {
    return this.#roster.ids;
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
    if (draining) for (const { session } of this.#roster.all) session.stopHolding();
  }

  /** Opens a session, brings a person back to one that is held, or tells the person why not. Returns at once. */
  open(request: SessionRequest, channel: Channel, openPeer: OpenPeer, options: OpenOptions = {}): void {
    const wish = { request, channel, openPeer, options };
    const sameness = this.#samenessOf(request, options);
    const same = sameness === null ? undefined : this.#roster.same(sameness);
    if (!same && !options.anew) return this.#begin(wish);
    const returning = this.#goOnOrBegin(same, wish).finally(() => this.#returning.delete(returning));
    this.#returning.add(returning);
  }

  /** See `Roster.ofWindow`. */
  ofWindow(window: string): SessionRequest[] {
    return this.#roster.ofWindow(window);
  }

  /**
   * Shows a running session to one who can do nothing in it; returns the new session's id. Throws `session-not-found`
   * or `session-not-watchable`.
   */
  watch(id: string, { user }: Watcher, display: Display, openPeer: OpenPeer): string {
    const session = this.#roster.get(id);
    const { connection } = session;
    if (session.request.source === 'watch' || !connection)
      throw new SallyportError('session-not-watchable', 'There is nothing to see of that session.', {
        advice: 'Wait until it is live; a view of another session cannot be watched.',
      });
    const { watchers } = this.#options.limits;
    if (this.#roster.views.length >= watchers)
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
    this.#roster.get(id).end(how);
  }

  /** What an open session was opened with; its values are secrets. */
  requestOf(id: string): SessionRequest | undefined {
    return this.#roster.find(id)?.request;
  }

  /** Ends the sessions that authentik names with `name`, as `isCalled` understands it. Returns how many. */
  endNamed(name: string, how: Ending): number {
    const named = this.#roster.called(name);
    for (const session of named) session.end(how);
    return named.length;
  }

  /** Ends all sessions; resolves when nothing of them is left. */
  async endAll(how: Ending): Promise<void> {
    this.#stopping.abort();
    this.#stopping = new AbortController();
    const entries = this.#roster.all;
    for (const { session } of entries) session.end(how);
    await Promise.all([...entries.map(({ over }) => over), ...this.#returning]);
    await this.#refusals.giveUp();
  }

  /** Resolves when the last of the sessions that run now has ended by itself. */
  async allOver(): Promise<void> {
    await Promise.all(this.#roster.all.map(({ over }) => over));
  }

  #samenessOf(request: SessionRequest, { window }: OpenOptions): string | null {
    return this.#options.limits.holdMs > 0 ? samenessOf(request, window ?? null) : null;
  }

  async #goOnOrBegin(same: Entry | undefined, wish: Wish): Promise<void> {
    const { openPeer, options } = wish;
    if (same && (await this.#goOn(same, wish))) return;
    let { request } = wish;
    try {
      if (options.anew) request = await options.anew();
    } catch (error) {
      return this.#refuse(SallyportError.from(error, 'The session'), openPeer, request);
    }
    this.#begin({ ...wish, request });
  }

  /** Brings a person back to a session; false where it does not go on. */
  async #goOn(entry: Entry, { request, channel, openPeer }: Wish): Promise<boolean> {
    // authentik never ends the earlier of two sessions with one channel: its browser is gone.
    if (entry.channel === channel) entry.session.presumeGone();
    const { presumedGoneMs } = this.#options.limits;
    if (!(await isLeft(entry.session, presumedGoneMs, this.#stopping.signal))) return false;
    entry.channel = channel;
    const resumption = await entry.session.resume(request, openPeer);
    if (resumption.kind === 'refused') this.#refuse(resumption.error, openPeer, request);
    return resumption.kind !== 'gone';
  }

  /** Opens a session of its own, or tells the person why not. */
  #begin({ request, channel, openPeer, options }: Wish): void {
    // authentik never ends the earlier of two.
    for (const session of this.#roster.onChannel(channel))
      session.end({ ...ending('ended-by-authentik'), quiet: true });
    const refusal = this.#refusal();
    if (refusal) return this.#refuse(refusal, openPeer, request);
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
      sessions: this.#roster,
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
    this.#roster.add(entry);
    entry.over = session.run().then((ended) => {
      this.#roster.remove(id);
      this.#history.push(ended);
      this.#changed.emit();
    });
    this.#changed.emit();
  }

  #mayHold(session: Session): boolean {
    const others = this.#roster.count(['held']) - (session.state === 'held' ? 1 : 0);
    return !this.#draining && others < this.#options.limits.held;
  }

  /** guacd ends a connection when the last one leaves it: those who watch must not keep it. */
  #sessionChanged(session: Session): void {
    if (session.state === 'ending')
      for (const view of this.#roster.viewsOf(session.request.id))
        view.end(ending('machine-ended', WATCHED_ENDED));
    this.#changed.emit();
  }

  #viewObserver({ user, watching = '' }: SessionRequest): SessionObserver {
    return viewObserver(this.#options.observer, { user }, () => this.#roster.find(watching)?.status);
  }

  /** Refuses what was understood: whoever looks for that session in the history finds why there is none. */
  #refuse(error: SallyportError, openPeer: OpenPeer, request: SessionRequest): void {
    this.refuse(error, openPeer, request);
    this.#history.push(neverBegun(request, error.toFailure(), Date.now()));
    this.#changed.emit();
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
      `This outpost has reached its limit of sessions at once: ${sessions}.`,
      {
        advice: 'Try again later, or ask the admin to raise the limit.',
        status: GuacamoleStatus.serverBusy,
      },
    );
  }

  /** Whoever is there comes before whoever has left: the session that waits longest makes room. */
  #hasRoom(sessions: number): boolean {
    while (this.#roster.count(['connecting', 'live', 'held']) >= sessions)
      if (!this.#roster.makeRoom()) return false;
    return true;
  }
}

interface RunOptions {
  readonly version: ProtocolVersion;
  /** The connection to watch; null for one of its own. */
  readonly join: RunningConnection | null;
  readonly sameness: string | null;
}

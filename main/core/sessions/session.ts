import { performance } from 'node:perf_hooks';
import { type Failure, SallyportError } from '../errors.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import type { GuacdConnection } from '../guacd/guacd.ts';
import type { EndedSession, SessionStatus } from '../status.ts';
import { type Admission, admittedAs } from './admission.ts';
import { Bounds } from './bounds.ts';
import { DriveFiles } from './drive/drive-files.ts';
import { isFileRequest } from './drive/messages.ts';
import { rightsOf } from './drive/rights.ts';
import { failed, mustBeRecorded, setupTimedOut } from './failed.ts';
import { firstSize } from './first-size.ts';
import { guacdClosed } from './guacd-endings.ts';
import { GuacdSide } from './guacd-side.ts';
import { hangUp } from './hang-up.ts';
import { Input } from './input.ts';
import type { OpenPeer } from './peer.ts';
import type { SessionRequest } from './request.ts';
import { OVERTAKEN, type Resumption, Return } from './resumption.ts';
import { Seat } from './seat.ts';
import type { SessionOptions } from './session-options.ts';
import { endedAs, statusOf } from './session-status.ts';
import { Refused, type RunningConnection, SetUp } from './set-up.ts';
import { DISCONNECT, type Ending, ending, lastWord } from './words.ts';

/**
 * One session's whole life: guacd and the person's end are dialled at the same time, joined, and parted with a word.
 * In between the person's end may go and come back.
 *
 * Every ending, whoever asks for it, comes through `end`; the first one counts.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #startedAt = Date.now();
  /** The same moment on the monotonic clock, for the set-up's duration. */
  readonly #begunAt = performance.now();
  readonly #aborted = new AbortController();
  readonly #setUp: SetUp;
  readonly #files: DriveFiles;
  readonly #input = new Input();
  readonly #bounds = new Bounds(this.#input, (how) => this.end(how));
  readonly #place: GuacdSide;
  /** Ends of the person that are not done with, the newest last. */
  readonly #seats = new Set<Seat>();
  /** Whoever is coming back, and what is left to be done for those who are gone. */
  readonly #busy = new Set<Promise<unknown>>();
  #request: SessionRequest;
  #admission: Admission;
  #state: SessionStatus['state'] = 'connecting';
  #setupMs: number | null = null;
  #tapFailed = false;
  #seat: Seat;
  /** How the person's end was lost, while it is waited for. */
  #lostBy: Ending | undefined;
  /** Whoever is on the way back. */
  #return: Return | undefined;
  #ending: Ending | undefined;
  readonly #ended: Promise<Ending>;
  #resolveEnded: (how: Ending) => void = () => {};

  constructor(options: SessionOptions) {
    const { request, limits } = options;
    this.#options = options;
    this.#request = request;
    this.#admission = admittedAs(request);
    this.#setUp = new SetUp({
      ...options,
      onAdmitted: (admission) => {
        this.#admission = admission;
      },
      onDrive: (path) => this.#files.useDrive(path),
      onTapFailed: (failure) => this.#tapStopped(failure),
    });
    this.#files = this.#makeFiles();
    this.#place = new GuacdSide({
      request,
      limits,
      input: options.join ? null : this.#input,
      tap: () => this.#setUp.tap,
      // Older versions of the protocol have no notices.
      dropNotices: !options.tellWatched && options.version === 'VERSION_1_5_0',
      onBytes: (direction, count) => options.observer.bytes(direction, count),
      onExpired: () => this.#expired(),
      onEnd: (how) => this.end(how),
    });
    this.#seat = this.#newSeat(options.openPeer);
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** As it was last asked for. */
  get request(): SessionRequest {
    return this.#request;
  }

  get state(): SessionStatus['state'] {
    return this.#state;
  }

  /** What others join to see the session; null where guacd does not hold it. */
  get connection(): RunningConnection | null {
    return this.#ending ? null : this.#place.running;
  }

  /** Milliseconds since anything came from the person's end. */
  get silentMs(): number {
    return this.#seat.silentMs;
  }

  get status(): SessionStatus {
    const { heldUntil, moved, running } = this.#place;
    const tap = this.#tapFailed ? 'failed' : this.#setUp.tap;
    return statusOf(this.#request, {
      ...moved,
      state: this.#state,
      startedAt: this.#startedAt,
      setupMs: this.#setupMs,
      guacd: running?.address ?? null,
      heldUntil,
      transfers: this.#files.transfers,
      recording: tap === null ? null : tap === 'failed' || tap.failed ? 'failed' : 'on',
    });
  }

  /** Ends the session with a word to the person; the first call counts. */
  end(how: Ending): void {
    if (how.reason === 'shutdown') for (const seat of this.#seats) seat.hurryUp();
    if (this.#ending) return;
    this.#ending = how;
    this.#state = 'ending';
    this.#bounds.end();
    this.#place.stop();
    this.#return?.stop(how);
    this.#aborted.abort();
    for (const seat of this.#seats) {
      seat.hush();
      // Where nothing went wrong nobody has to be told anything.
      if (how.failure === null) seat.giveUp();
    }
    this.#resolveEnded(how);
    this.#options.onChange();
  }

  /** Lives the session; resolves when nothing of it is left. Never rejects. */
  async run(): Promise<EndedSession> {
    const { observer, limits, logger, join } = this.#options;
    const { protocol } = this.#request;
    observer.sessionStarted(protocol);
    const timer = setTimeout(
      () => this.end(setupTimedOut(this.#request, this.#seat.peer !== undefined, limits.setupMs)),
      limits.setupMs,
    );
    // One who watches joins when there is somebody to look: guacd stops for everybody where one of them does not read.
    const settingUp = join ? this.#reachPerson().then(() => this.#reachGuacd()) : this.#reachGuacd();
    const seating = join ? settingUp : this.#reachPerson();
    void Promise.all([settingUp, seating]).then(() => clearTimeout(timer));
    const how = await this.#ended;
    clearTimeout(timer);
    const recording = await this.#part(how, settingUp);
    observer.sessionEnded(protocol, how.reason);
    logger.log(how.failure ? 'warning' : 'info', 'Session ended', {
      reason: how.reason,
      ...(how.failure && { code: how.failure.code, failure: how.failure.message }),
      bytes_to_peer: this.#place.moved.bytesToPeer,
      bytes_to_guacd: this.#place.moved.bytesToGuacd,
    });
    const ended = endedAs(this.status, {
      endedAt: Date.now(),
      reason: how.reason,
      failure: how.failure,
      ...(recording !== null && { recording }),
    });
    observer.ended?.(ended);
    return ended;
  }

  /** The person's end is gone without its knowing: somebody else asks for the very same thing. */
  presumeGone(): void {
    const failure = new SallyportError('peer-lost', 'The browser’s end went silent, and came back anew.');
    // Without a word: it could reach whoever has come anew.
    this.#lost(this.#seat, { ...ending('peer-lost', failure.toFailure()), quiet: true });
  }

  /** Nobody is waited for any more. */
  stopHolding(failure: Failure | null = null): void {
    if (this.#state !== 'held' || this.#return) return;
    this.end(ending('hold-expired', failure ?? this.#lostBy?.failure ?? null));
  }

  /** Brings a person back to a held session. Of two who come at the same time the later one counts. */
  resume(request: SessionRequest, openPeer: OpenPeer): Promise<Resumption> {
    const resuming = this.#resume(request, openPeer);
    this.#until(resuming);
    return resuming;
  }

  async #resume(request: SessionRequest, openPeer: OpenPeer): Promise<Resumption> {
    const connection = this.connection;
    if (this.#state !== 'held' || !connection) return { kind: 'gone' };
    this.#return?.stop(OVERTAKEN);
    const leftMs = this.#place.stopClock();
    const seat = this.#newSeat(openPeer);
    const way = new Return({
      join: (signal) => this.#join(connection, request, signal),
      seat,
      logger: this.#options.logger,
    });
    this.#return = way;
    const returned = await way.run();
    const isMine = this.#return === way;
    if (isMine) this.#return = undefined;
    if (returned.kind === 'back' && !this.#ending) {
      this.#comeBack(seat, returned.joined, request);
      return { kind: 'resumed' };
    }
    this.#seats.delete(seat);
    if (returned.kind === 'back') {
      await Promise.all([hangUp(returned.joined), seat.leave(this.#ending ? lastWord(this.#ending) : null)]);
      return { kind: 'unreached' };
    }
    if (isMine && returned.kind === 'gone') this.end(guacdClosed());
    if (isMine) this.#waitOn(leftMs);
    return returned;
  }

  /** Nobody came back. A drain that has begun meanwhile ended all other holding, and left this one to the return. */
  #waitOn(leftMs: number): void {
    if (this.#ending) return;
    if (this.#options.mayHold()) this.#place.goOn(leftMs);
    else this.stopHolding();
  }

  #join(
    { id, address }: RunningConnection,
    { display, user }: SessionRequest,
    signal: AbortSignal,
  ): Promise<GuacdConnection> {
    const { connect, version, timezone } = this.#options;
    const handshake = { select: id, display, parameters: new Map(), version, timezone, name: user };
    return connect(handshake, signal, { address });
  }

  #comeBack(seat: Seat, joined: GuacdConnection, request: SessionRequest): void {
    const { observer, logger, onChange } = this.#options;
    this.#seat = seat;
    // What authentik calls it may be new; what it is stays.
    this.#request = { ...this.#request, names: request.names, resumedAs: request.id };
    this.#lostBy = undefined;
    this.#state = 'live';
    this.#place.comeBack(seat, joined, request.display);
    this.#dropFileStreams();
    logger.log('info', 'Session resumed', { guacd: joined.address });
    observer.resumed?.(this.status);
    onChange();
  }

  /** guacd's side of the set-up. */
  async #reachGuacd(): Promise<void> {
    if (this.#ending) return;
    try {
      this.#place.take(await this.#setUp.run(this.#aborted.signal));
      this.#begin();
    } catch (error) {
      if (error instanceof Refused) this.#refused(error);
      else this.end(failed(error, 'guacd'));
    }
  }

  async #reachPerson(): Promise<void> {
    try {
      await this.#seat.open();
      this.#begin();
    } catch (error) {
      this.end(failed(error, 'The session’s websocket', 'peer-lost'));
    }
  }

  #refused(error: Refused): void {
    const how = failed(error.cause, 'The session', 'refused');
    if (!this.#ending && how.failure) this.#options.observer.refused?.(this.#request, how.failure);
    this.end(how);
  }

  /** Joins the two ends as soon as both are there. */
  #begin(): void {
    const { observer, logger, onChange } = this.#options;
    const { running, isShown } = this.#place;
    if (this.#ending || !this.#seat.peer || !running || isShown) return;
    this.#setupMs = Math.round(performance.now() - this.#begunAt);
    this.#state = 'live';
    this.#place.show(this.#seat, this.#options.join ? null : firstSize(this.#admission.request));
    this.#dropFileStreams();
    this.#bounds.begin(this.#admission);
    observer.setupFinished(this.#request.protocol, this.#setupMs / 1000);
    logger.log('info', 'Session live', { setup_ms: this.#setupMs, guacd: running.address });
    observer.opened?.(this.status);
    onChange();
  }

  /** Where authentik has a file browser of its own, as far as anything has shown. */
  #dropFileStreams(): void {
    if (this.#options.generation.isNewest(this.#request)) this.#place.dropFileStreams();
  }

  #newSeat(openPeer: OpenPeer): Seat {
    const { limits, request } = this.#options;
    const seat: Seat = new Seat({
      openPeer,
      limits,
      hearsAuthentik: request.source === 'authentik',
      onControl: (frame) => this.#hearAuthentik(frame),
      onGone: (failure) => this.#lost(seat, failure ? ending('peer-lost', failure) : ending('user-left')),
      onOverrun: (failure) => this.end(ending('failed', failure, GuacamoleStatus.overrun)),
    });
    this.#seats.add(seat);
    return seat;
  }

  #hearAuthentik(frame: Buffer): void {
    if (!isFileRequest(frame)) return;
    this.#options.generation.learnNewest();
    this.#place.dropFileStreams();
    this.#files.take(frame);
  }

  /** The person's end has gone, or is said to have: the session waits for it, or ends. */
  #lost(seat: Seat, how: Ending): void {
    // One that was left behind, or that is not where the session is yet.
    if (seat !== this.#seat || this.#ending || this.#state === 'held') return;
    const ms = this.#holdMs();
    const { isShown, isAsking } = this.#place;
    if (!isShown || isAsking || ms <= 0 || !this.#options.mayHold()) return this.end(how);
    this.#lostBy = how;
    this.#state = 'held';
    this.#files.peerLost();
    const said = this.#place.hold(ms);
    if (said) return this.end(said);
    // guacd had just gone.
    if (this.#ending) return;
    const { observer, logger, onChange } = this.#options;
    this.#until(seat.leave(how.quiet ? null : DISCONNECT).finally(() => this.#seats.delete(seat)));
    logger.log('info', 'Session held', { seconds: Math.round(ms / 1000), reason: how.reason });
    observer.held?.(this.status);
    onChange();
  }

  #expired(): void {
    this.#options.observer.holdExpired?.(this.status);
    this.stopHolding();
  }

  #holdMs(): number {
    const { holdMs } = this.#admission;
    return Math.min(this.#options.limits.holdMs, holdMs ?? Number.POSITIVE_INFINITY);
  }

  #tapStopped(failure: Failure): void {
    this.#tapFailed = true;
    this.#options.logger.log('warning', 'A session is no longer recorded', { ...failure });
    if (this.#admission.failWithRecording)
      this.end(ending('guardrail', mustBeRecorded(failure, 'ended').toFailure()));
    else this.#options.onChange();
  }

  #makeFiles(): DriveFiles {
    const { request, drives, openBulk, turns, limits, logger, observer, onChange } = this.#options;
    return new DriveFiles({
      rights: () => rightsOf(this.#admission),
      isElsewhere: drives === null,
      openBulk,
      reply: (message, sent) => {
        if (this.#state === 'held') sent();
        else this.#seat.peer?.send(message, sent);
      },
      turns,
      limits: limits.files,
      logger,
      onChange,
      onFinished: (transfer) => observer.fileTransferred?.(request, transfer),
    });
  }

  /** Waited for before the session is over. */
  #until(doing: Promise<unknown>): void {
    this.#busy.add(doing);
    void doing.finally(() => this.#busy.delete(doing));
  }

  /** Closes all ends, each with a word, and tidies up; bounded in time. Resolves with the recording's id. */
  async #part(how: Ending, settingUp: Promise<void>): Promise<string | null> {
    const word = lastWord(how);
    const [recording] = await Promise.all([
      this.#leaveGuacd(how, settingUp),
      ...[...this.#seats].map((seat) => seat.leave(word)),
    ]);
    while (this.#busy.size > 0) await Promise.all(this.#busy);
    return recording;
  }

  async #leaveGuacd(how: Ending, settingUp: Promise<void>): Promise<string | null> {
    await settingUp;
    await Promise.all([this.#place.leave(), this.#files.end()]);
    return this.#setUp.tidy(how);
  }
}

import type { AppState, Notices } from '../../preload/contract/types.ts';
import type { OutpostStatus, SessionStatus } from '../core/status.ts';
import type { Words } from './words/words.ts';

/** Something to tell by the system's notifications. */
export interface Notice {
  /** What switches it off; `outpostLost` always tells: sessions were lost. */
  readonly kind: keyof Notices | 'outpostLost';
  readonly title: string;
  readonly body: string;
}

/** A shorter loss of the connection is nobody's business. */
export const LOST_AFTER_MS = 60_000;
/** So often must guacd have ended within `GUACD_WITHIN_MS` to be told. */
const GUACD_ENDS = 3;
const GUACD_WITHIN_MS = 5 * 60_000;
/** More sessions than this that begin or end at once are not told one by one. */
const MAX_AT_ONCE = 5;

type Watched = Pick<AppState, 'outpost' | 'status'>;

/**
 * Watches the app's states and says what is worth a notification; each thing once until it is over. Call `look`
 * with every state, and again when `nextLook` says so: a minute without a connection is no change of state.
 */
export class NoticeWatch {
  #before: OutpostStatus | null = null;
  #lostSince: number | null = null;
  #lossTold = false;
  #rejectedTold = false;
  #updateTold = false;
  /** What was told of a recording that failed; another failure while it still stands is told as well. */
  #recordingTold: string | null = null;
  #guacdEnds: number[] = [];
  #guacdTold = false;
  #outpostTold = false;

  look({ outpost, status }: Watched, now: number, words: Words): Notice[] {
    const told: Notice[] = [];
    if (outpost.kind === 'ended') {
      if (!this.#outpostTold)
        told.push({
          kind: 'outpostLost',
          title: words.notice.outpostLost,
          body: words.failure(outpost.failure),
        });
      this.#outpostTold = true;
    } else if (status !== null) this.#outpostTold = false;
    if (status === null) {
      this.#before = null;
      return told;
    }
    told.push(
      ...this.#connection(status, now, words),
      ...this.#rejected(status, words),
      ...this.#guacd(status, now, words),
      ...this.#update(status, words),
      ...this.#recording(status, words),
      ...this.#sessions(status, words),
    );
    this.#before = status;
    return told;
  }

  /** Milliseconds until a loss of the connection becomes worth telling; null where none is about to. */
  nextLook(now: number): number | null {
    if (this.#lostSince === null || this.#lossTold) return null;
    return Math.max(0, this.#lostSince + LOST_AFTER_MS - now);
  }

  #connection({ phase, link }: OutpostStatus, now: number, words: Words): Notice[] {
    const wasOnline = this.#before?.link.kind === 'online';
    if (phase !== 'running' || link.kind === 'rejected') {
      this.#lostSince = null;
      this.#lossTold = false;
      return [];
    }
    if (link.kind === 'online') {
      const since = this.#lostSince;
      const told = this.#lossTold;
      this.#lostSince = null;
      this.#lossTold = false;
      if (!told || since === null) return [];
      return [{ kind: 'connectionLost', title: words.notice.connectionBack(now - since), body: '' }];
    }
    if (wasOnline) this.#lostSince ??= now;
    if (this.#lostSince === null || this.#lossTold || now - this.#lostSince < LOST_AFTER_MS) return [];
    this.#lossTold = true;
    const body = link.kind === 'waiting' ? words.failure(link.reason) : '';
    return [{ kind: 'connectionLost', title: words.notice.connectionLost, body }];
  }

  #rejected({ link }: OutpostStatus, words: Words): Notice[] {
    if (link.kind !== 'rejected') {
      this.#rejectedTold = false;
      return [];
    }
    if (this.#rejectedTold) return [];
    this.#rejectedTold = true;
    return [{ kind: 'tokenRejected', title: words.notice.tokenRejected, body: words.failure(link.reason) }];
  }

  #guacd({ guacd, phase }: OutpostStatus, now: number, words: Words): Notice[] {
    const fell = guacd.kind === 'down' && this.#before !== null && this.#before.guacd.kind !== 'down';
    if (fell) this.#guacdEnds.push(now);
    this.#guacdEnds = this.#guacdEnds.filter((at) => now - at < GUACD_WITHIN_MS);
    if (this.#guacdEnds.length === 0 || phase !== 'running') this.#guacdTold = false;
    if (this.#guacdTold || this.#guacdEnds.length < GUACD_ENDS || guacd.kind !== 'down') return [];
    this.#guacdTold = true;
    return [{ kind: 'guacdDying', title: words.notice.guacdDying, body: words.failure(guacd.reason) }];
  }

  #update({ updateFailure, outpost, link }: OutpostStatus, words: Words): Notice[] {
    // Before the first answer it is the connection's own failure, and while that is lost it says nothing new.
    if (updateFailure === null || outpost === null || link.kind !== 'online') {
      if (updateFailure === null) this.#updateTold = false;
      return [];
    }
    if (this.#updateTold) return [];
    this.#updateTold = true;
    return [{ kind: 'updateFailed', title: words.notice.updateFailed, body: words.failure(updateFailure) }];
  }

  #recording({ warnings }: OutpostStatus, words: Words): Notice[] {
    const failure = warnings.find(({ code }) => code === 'recording-failed');
    const told = this.#recordingTold;
    this.#recordingTold = failure?.message ?? null;
    if (failure === undefined || failure.message === told) return [];
    return [{ kind: 'recordingFailed', title: words.notice.recordingFailed, body: words.failure(failure) }];
  }

  #sessions(status: OutpostStatus, words: Words): Notice[] {
    const before = this.#before;
    if (before === null) return [];
    // A page that is reloaded is no news, and nobody is told that they watch.
    const open = (sessions: readonly SessionStatus[]) =>
      sessions.filter(({ state, source }) => source !== 'watch' && (state === 'live' || state === 'held'));
    const known = new Set(open(before.sessions).map(({ id }) => id));
    const there = new Set(status.sessions.map(({ id }) => id));
    const started = open(status.sessions).filter(({ id }) => !known.has(id));
    const ended = open(before.sessions).filter(({ id }) => !there.has(id));
    return [
      ...started.slice(0, MAX_AT_ONCE).map(
        ({ user, machine, protocol }): Notice => ({
          kind: 'sessionStarted',
          title: words.notice.sessionStarted(user, machine, protocol),
          body: '',
        }),
      ),
      ...ended.slice(0, MAX_AT_ONCE).map(
        ({ user, machine }): Notice => ({
          kind: 'sessionEnded',
          title: words.notice.sessionEnded(user, machine),
          body: '',
        }),
      ),
    ];
  }
}

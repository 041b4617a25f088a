import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import type { GuacdConnection } from '../../../main/core/guacd/guacd.ts';
import { Broker } from '../../../main/core/sessions/broker.ts';
import { DriveFolder } from '../../../main/core/sessions/drive.ts';
import { DEFAULT_LIMITS } from '../../../main/core/sessions/limits.ts';
import type { OpenPeer, Peer } from '../../../main/core/sessions/peer.ts';
import { decodeRequest } from '../../../main/core/sessions/request.ts';
import { ending } from '../../../main/core/sessions/words.ts';

/** The person's end, which is there at once and remembers what was said to it. */
class RememberingPeer implements Peer {
  said = '';
  closed = 0;

  readonly open: OpenPeer = async () => this;

  send(instructions: Buffer, sent: () => void): void {
    this.said += instructions.toString();
    sent();
  }

  cork(): void {}
  uncork(): void {}
  pause(): void {}
  resume(): void {}

  async close(): Promise<void> {
    this.closed += 1;
  }
}

let broker: Broker;
let place: string;
/** What `onChange` saw of `active`, change by change. */
let seen: number[];
/** What was counted as ended. */
let ended: string[];
const peers = new Map<string, RememberingPeer>();

const WHOSE = { source: 'authentik', protocol: 'ssh', user: null, machine: 'box:22' } as const;

const request = () => decodeRequest({ protocol: 'ssh', params: { hostname: 'box', port: 22 } });

/** A guacd that never answers: here only the counting is looked at. */
function neverReady(_: unknown, signal: AbortSignal): Promise<GuacdConnection> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new SallyportError('aborted', 'It was cancelled.')), {
      once: true,
    });
  });
}

function open(channel: string): RememberingPeer {
  const peer = new RememberingPeer();
  peers.set(channel, peer);
  broker.open(request(), channel, peer.open);
  return peer;
}

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'sallyport-broker-'));
  seen = [];
  ended = [];
  broker = new Broker({
    guacd: { isLocal: false, connect: neverReady },
    drives: new DriveFolder(place),
    openBulk: () => new Promise(() => {}),
    limits: { ...DEFAULT_LIMITS, sessions: 3 },
    timezone: 'UTC',
    observer: {
      sessionStarted() {},
      setupFinished() {},
      sessionEnded: (...end) => ended.push(end.join(' ')),
      bytes() {},
    },
    logger: silentLogger,
    conceal: () => () => {},
  });
  broker.onChange(() => seen.push(broker.active));
});

afterEach(async () => {
  await broker.endAll(ending('shutdown'));
  await rm(place, { recursive: true, force: true });
});

describe('the number of active sessions', () => {
  it('is right in the very moment in which one comes or goes', async () => {
    expect(broker.active).toBe(0);
    open('a');
    expect(broker.active).toBe(1);
    open('b');
    expect(broker.active).toBe(2);
    const [first] = broker.sessions;
    broker.end(first?.id ?? '', ending('ended-by-admin'));
    // Not only when its last word has been said and its ends are closed.
    expect(broker.active).toBe(1);
    expect(broker.sessions.map(({ state }) => state)).toEqual(['ending', 'connecting']);
    await broker.endAll(ending('shutdown'));
    expect(broker.active).toBe(0);
    expect(seen).toEqual([1, 2, 1, 0, 0, 0]);
  });

  it('does not count one that was replaced by a newer one for the same channel', async () => {
    const earlier = open('a');
    const later = open('a');
    expect(broker.active).toBe(1);
    await broker.endAll(ending('shutdown'));
    expect(earlier).toMatchObject({ said: '', closed: 1 });
    expect(later).toMatchObject({ said: '10.disconnect;', closed: 1 });
  });

  it('goes up to the limit, and not one further', async () => {
    for (const channel of ['a', 'b', 'c']) open(channel);
    const fourth = open('d');
    expect(broker.active).toBe(3);
    await broker.endAll(ending('shutdown'));
    expect(fourth.said).toContain('limit of sessions at once: 3.');
    expect(fourth.said).toContain(`,3.${0x0201};10.disconnect;`);
    expect(fourth.closed).toBe(1);
  });

  it('has room again as soon as one is on its way out', async () => {
    for (const channel of ['a', 'b', 'c']) open(channel);
    broker.end(broker.sessions[0]?.id ?? '', ending('ended-by-admin'));
    open('d');
    expect(broker.active).toBe(3);
    // A replaced one makes room as well.
    open('d');
    expect(broker.active).toBe(3);
  });

  it('does not grow while the outpost is drained, and grows again after', async () => {
    broker.draining = true;
    const refused = open('a');
    expect(broker.active).toBe(0);
    broker.draining = false;
    open('b');
    expect(broker.active).toBe(1);
    await broker.endAll(ending('shutdown'));
    expect(refused.said).toContain('is being stopped and takes no new sessions');
    expect(refused.said).toContain(`,3.${0x0201};10.disconnect;`);
  });
});

describe('sessions that are over', () => {
  it('stay in the history, newest first, without what only a living one has', async () => {
    for (const channel of ['a', 'b']) {
      open(channel);
      await broker.endAll(ending('ended-by-admin'));
    }
    expect(broker.sessions).toEqual([]);
    expect(broker.history.map(({ reason }) => reason)).toEqual(['ended-by-admin', 'ended-by-admin']);
    const [newest, oldest] = broker.history;
    expect(newest?.startedAt).toBeGreaterThanOrEqual(oldest?.startedAt ?? 0);
    expect(newest).not.toHaveProperty('state');
    expect(newest).toMatchObject({ protocol: 'ssh', machine: 'box:22', setupMs: null, failure: null });
  });

  it('are also those that were never begun, with why', async () => {
    for (const channel of ['a', 'b', 'c', 'd']) open(channel);
    expect(broker.history).toEqual([
      expect.objectContaining({
        ...{ protocol: 'ssh', machine: 'box:22', parameters: ['hostname', 'port'], setupMs: null },
        ...{ reason: 'refused', failure: expect.objectContaining({ code: 'session-limit' }) },
      }),
    ]);
    expect(seen).toEqual([1, 2, 3, 3]);
    await broker.endAll(ending('shutdown'));
  });

  it('are kept up to 200', async () => {
    for (let round = 0; round < 67; round += 1) {
      for (const channel of ['a', 'b', 'c']) open(channel);
      await broker.endAll(ending('ended-by-admin'));
    }
    expect(broker.history).toHaveLength(200);
  });

  it('cannot be ended again', () => {
    expect(() => broker.end('nobody', ending('ended-by-admin'))).toThrow(
      expect.objectContaining({ code: 'session-not-found' }),
    );
  });

  it('are waited for by a drain, and by nothing else', async () => {
    await broker.allOver();
    open('a');
    let over = false;
    const waiting = broker.allOver().then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    broker.end(broker.sessions[0]?.id ?? '', ending('user-left'));
    await waiting;
  });
});

describe('refusals', () => {
  it('are told to at most 64 at a time', async () => {
    let dialled = 0;
    let dropped = 0;
    const hanging: OpenPeer = (_events, signal) => {
      if (signal.aborted) {
        dropped += 1;
        return Promise.reject(new Error('aborted'));
      }
      dialled += 1;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      });
    };
    const why = new SallyportError('session-limit', 'It is full.');
    for (let at = 0; at < 65; at += 1) broker.refuse(why, hanging, WHOSE);
    expect(dialled).toBe(64);
    // An end that is there already is not left open.
    expect(dropped).toBe(1);
    // Counted are all of them.
    expect(ended).toEqual(Array(65).fill('ssh refused'));
    // Those that hang do not hold up the end of the outpost.
    await broker.endAll(ending('shutdown'));
    broker.refuse(why, hanging, WHOSE);
    expect(dialled).toBe(65);
  });
});

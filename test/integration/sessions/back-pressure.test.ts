import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { until } from '../guacd/fake-guacd.ts';
import { type Ends, SessionBench } from './bench.ts';

const MIB = 1024 * 1024;
const QUEUE = MIB;
/** What may come on top of the queue: chunks that are on their way, and those that nobody has collected yet. */
const GENEROUS = 32;

/** About `bytes` of whole instructions as an RDP session has them, with an emoji now and then. */
function screen(bytes: number): Buffer {
  const frame = Buffer.from(
    encode('img', '1', '15', '0', 'image/jpeg', '0', '0') +
      encode('blob', '1', 'QUJD'.repeat(2016)).repeat(8) +
      encode('name', 'Übersicht 😀') +
      encode('end', '1') +
      encode('sync', '1700000000000'),
  );
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / frame.length) }, () => frame));
}

/** Counts and hashes what comes, and keeps none of it. */
class Sink {
  bytes = 0;
  cutFrames = 0;
  readonly #hash = createHash('sha256');

  readonly take = (frame: Buffer): void => {
    this.bytes += frame.length;
    this.#hash.update(frame);
    if (frame[frame.length - 1] !== 0x3b) this.cutFrames += 1;
  };

  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}

const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Waits until `count` has not changed for some turns; gives it. */
async function stalled(count: () => number): Promise<number> {
  let last = -1;
  let same = 0;
  await until(() => {
    const now = count();
    same = now === last ? same + 1 : 0;
    last = now;
    return same >= 20;
  });
  return last;
}

function memory(): number {
  const { rss, arrayBuffers, external } = process.memoryUsage();
  return Math.max(rss, arrayBuffers + external);
}

/** A key to guacd, and the picture of it back. */
async function roundTrip({ browser, guacd }: Ends, number: number): Promise<void> {
  const before = guacd.heard.length;
  browser.send(encode('key', String(number), '1'));
  await until(() => guacd.heard.length > before);
  guacd.send(encode('sync', String(number)));
  await until(() => browser.words.some(([opcode, at]) => opcode === 'sync' && at === String(number)));
}

describe('a browser that stops reading while guacd streams', () => {
  it('stalls guacd, fills no memory, disturbs nobody, and gets every byte when it reads on', async () => {
    const bench = await SessionBench.start({ limits: { queueBytes: QUEUE, quietMs: 60_000 } });
    const slow = await bench.live('slow');
    const other = await bench.live('other');
    const stream = screen(96 * MIB);
    const sink = new Sink();
    slow.browser.onFrame = sink.take;
    const before = memory();
    slow.browser.pause();
    const streaming = slow.guacd.stream(stream);
    // What guacd could write is what the buffers of TCP and our own queue hold.
    const written = await stalled(() => slow.guacd.socket.bytesWritten);
    expect(written).toBeLessThan(stream.length / 2);
    expect(sink.bytes).toBe(0);
    const [status] = bench.broker.sessions;
    // One chunk of the socket may come on top.
    expect(status?.queuedBytes).toBeGreaterThan(QUEUE / 4);
    expect(status?.queuedBytes).toBeLessThan(QUEUE + 2 * 65_536);
    expect(memory() - before).toBeLessThan(GENEROUS * QUEUE);
    for (let number = 1; number <= 20; number += 1) await roundTrip(other, number);
    expect(slow.guacd.socket.bytesWritten).toBe(written);
    slow.browser.resume();
    await streaming;
    await until(() => sink.bytes === stream.length);
    expect(sink.digest()).toBe(digestOf(stream));
    expect(sink.cutFrames).toBe(0);
    await until(() => bench.broker.sessions[0]?.queuedBytes === 0);
    await roundTrip(other, 99);
  });

  it('gets what was drawn while it stopped and started many times, in order', async () => {
    const bench = await SessionBench.start({ limits: { queueBytes: 65_536, turnBytes: 65_536 } });
    const { browser, guacd } = await bench.live();
    const stream = screen(24 * MIB);
    const sink = new Sink();
    browser.onFrame = sink.take;
    const streaming = guacd.stream(stream);
    while (sink.bytes < stream.length) {
      browser.pause();
      await new Promise((resolve) => setTimeout(resolve, 2));
      browser.resume();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await streaming;
    expect(sink.bytes).toBe(stream.length);
    expect(sink.digest()).toBe(digestOf(stream));
  });

  it('can still type, and its pings are not answered into a queue that is full', async () => {
    // Its share of a turn is always used up as well, which is another reason not to read guacd.
    const bench = await SessionBench.start({ limits: { queueBytes: 65_536, turnBytes: 1 } });
    const { browser, guacd } = await bench.live();
    browser.onFrame = () => {};
    browser.pause();
    void guacd.stream(screen(32 * MIB));
    await stalled(() => guacd.socket.bytesWritten);
    const queued = bench.broker.sessions[0]?.queuedBytes;
    expect(queued).toBeLessThan(4 * 65_536);
    // It reads nothing, yet what it sends arrives.
    const pings = '0.,4.ping,1.1;'.repeat(1000);
    for (let at = 0; at < 100; at += 1) browser.send(pings);
    browser.send('3.key,2.97,1.1;');
    await until(() => guacd.heard.toString() === '3.key,2.97,1.1;');
    expect(bench.broker.sessions[0]?.queuedBytes).toBe(queued);
    browser.resume();
  });

  it('gets the last word when it reads on, behind all that waited', async () => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    const frames: Buffer[] = [];
    browser.onFrame = (frame) => frames.push(frame);
    browser.pause();
    void guacd.stream(screen(32 * MIB));
    await stalled(() => guacd.socket.bytesWritten);
    const [session] = bench.broker.sessions;
    expect(session?.queuedBytes).toBeGreaterThan(0);
    bench.broker.end(session?.id ?? '', {
      reason: 'ended-by-admin',
      failure: { code: 'aborted', message: 'The admin ended it.' },
      status: 0x020b,
    });
    // Longer than a websocket waits for the answer to its close.
    await new Promise((resolve) => setTimeout(resolve, 1_900));
    browser.resume();
    await until(() => browser.closed !== undefined);
    expect(browser.closed).toBe(1000);
    const tail = frames.flatMap((frame) => splitInstructions(frame).map(String)).slice(-2);
    expect(tail).toEqual([encode('error', 'The admin ended it.', String(0x020b)), '10.disconnect;']);
  });
});

describe('a guacd that stops reading while a browser sends', () => {
  it('stalls the browser, fills no memory, and gets every byte when it reads on', async () => {
    const bench = await SessionBench.start({ limits: { queueBytes: QUEUE } });
    const { browser, guacd } = await bench.live();
    const frame = Buffer.from(encode('blob', '1', 'QUJD'.repeat(10_000)));
    const count = Math.ceil((96 * MIB) / frame.length);
    const sink = new Sink();
    guacd.onBytes = sink.take;
    const before = memory();
    guacd.socket.pause();
    let sent = 0;
    const sending = (async () => {
      for (; sent < count; sent += 1) {
        await new Promise<void>((resolve) =>
          browser.websocket.send(frame, { binary: false }, () => resolve()),
        );
      }
    })();
    const taken = await stalled(() => sent);
    expect(taken).toBeLessThan(count / 2);
    expect(memory() - before).toBeLessThan(GENEROUS * QUEUE);
    // The other direction goes on.
    guacd.send('4.sync,1.7;');
    await until(() => browser.words.length === 1);
    guacd.socket.resume();
    await sending;
    await until(() => sink.bytes === count * frame.length);
    expect(sink.digest()).toBe(digestOf(Buffer.concat(Array.from({ length: count }, () => frame))));
  });
});

describe('a session at full speed', () => {
  it('moves no more in a turn of the loop than its share, so that others have theirs', async () => {
    const turnBytes = 4 * 65_536;
    const bench = await SessionBench.start({ limits: { queueBytes: 64 * MIB, turnBytes } });
    const { browser, guacd } = await bench.live();
    const stream = screen(24 * MIB);
    const sink = new Sink();
    browser.onFrame = sink.take;
    let most = 0;
    let before = 0;
    let turn: NodeJS.Immediate | undefined;
    const look = () => {
      const moved = bench.bytes['to-peer'];
      most = Math.max(most, moved - before);
      before = moved;
      turn = setImmediate(look);
    };
    look();
    await guacd.stream(stream, MIB);
    await until(() => sink.bytes === stream.length);
    clearImmediate(turn);
    // The chunk that uses up the share is read to its end.
    expect(most).toBeLessThanOrEqual(turnBytes + 65_536);
    expect(most).toBeGreaterThan(65_536);
  });
});

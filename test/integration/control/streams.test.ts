import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectControl, openStream } from '../../../main/control/client.ts';
import { socketPeer, ticketPeer } from '../../../main/control/socket-peer.ts';
import { Tickets } from '../../../main/control/tickets.ts';
import type { Failure } from '../../../main/core/errors.ts';
import { until } from '../guacd/fake-guacd.ts';
import { Bench } from './outpost-fixture.ts';

let bench: Bench;
let sockets: Socket[] = [];

beforeEach(() => {
  bench = new Bench();
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await bench.end();
});

/** Both ends of a stream. */
async function stream(): Promise<{ readonly near: Socket; readonly far: Socket }> {
  let far: Socket | undefined;
  const ticket = bench.tickets.issue('display', null, (socket) => {
    far = socket;
  });
  const near = await openStream(bench.path, 'display', ticket);
  sockets.push(near);
  await until(() => far !== undefined);
  if (!far) throw new Error('Nobody accepted it.');
  return { near, far };
}

describe('a ticket', () => {
  it('opens a stream of its kind once, and bytes go both ways', async () => {
    await bench.listen();
    const accepted: Socket[] = [];
    const ticket = bench.tickets.issue('recording', null, (socket) => accepted.push(socket));
    expect(ticket).toMatch(/^[\w-]{43}$/);
    const near = await openStream(bench.path, 'recording', ticket);
    sockets.push(near);
    await until(() => accepted.length === 1);
    let heard = '';
    near.on('data', (chunk) => {
      heard += chunk;
    });
    for (const end of [near, ...accepted]) end.resume();
    accepted[0]?.write('3.nop;');
    await until(() => heard === '3.nop;');
    near.write('4.sync,1.1;');
    expect(String((await once(accepted[0] ?? near, 'data'))[0])).toBe('4.sync,1.1;');
    await expect(openStream(bench.path, 'recording', ticket)).rejects.toMatchObject({
      code: 'ticket-invalid',
      message: expect.stringContaining('used already'),
    });
    expect(accepted).toHaveLength(1);
  });

  it('is of no use for another kind, when it is too old, and when nobody gave it out', async () => {
    bench.tickets = new Tickets({ validMs: 30 });
    await bench.listen();
    const other = bench.tickets.issue('recording', null, () => {});
    await expect(openStream(bench.path, 'display', other)).rejects.toMatchObject({ code: 'ticket-invalid' });
    const old = bench.tickets.issue('display', null, () => {});
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const ticket of [old, '', 'A'.repeat(43)])
      await expect(openStream(bench.path, 'display', ticket)).rejects.toMatchObject({
        code: 'ticket-invalid',
      });
  });

  it('is given out up to a bound, and again when one was used', async () => {
    bench.tickets = new Tickets({ pending: 2 });
    await bench.listen();
    const ticket = bench.tickets.issue('display', null, () => {});
    bench.tickets.issue('display', null, () => {});
    expect(() => bench.tickets.issue('display', null, () => {})).toThrow(
      '2 windows are being opened already',
    );
    sockets.push(await openStream(bench.path, 'display', ticket));
    expect(() => bench.tickets.issue('display', null, () => {})).not.toThrow();
  });
});

describe('streams', () => {
  it('are bounded on their own and take no place of a command', async () => {
    await bench.listen({ connections: 2, streams: 2 });
    for (let at = 0; at < 2; at += 1) await stream();
    const third = bench.tickets.issue('display', null, () => {});
    await expect(openStream(bench.path, 'display', third)).rejects.toThrow('All 2 streams are taken');
    const control = await connectControl(bench.path);
    await control.request('retry', {});
    control.close();
  });
});

describe('a window’s end of a session', () => {
  it('gets what is sent, in order, and tells when the window has gone', async () => {
    await bench.listen();
    const { near, far } = await stream();
    const frames: Buffer[] = [];
    const closed: (Failure | null)[] = [];
    const events = {
      onFrame: (frame: Buffer) => frames.push(frame),
      onClosed: (why: Failure | null) => closed.push(why),
    };
    const peer = await socketPeer(far)(events, new AbortController().signal);
    let heard = '';
    near.on('data', (chunk) => {
      heard += chunk;
    });
    near.resume();
    let sent = 0;
    peer.cork();
    for (const word of ['1.a;', '1.b;']) peer.send(Buffer.from(word), () => (sent += 1));
    peer.uncork();
    await until(() => heard === '1.a;1.b;' && sent === 2);
    near.write('3.key,1.1,1.1;');
    await until(() => Buffer.concat(frames).toString() === '3.key,1.1,1.1;');
    near.destroy();
    await until(() => closed.length === 1);
    expect(closed).toEqual([null]);
  });

  it('holds back whoever is faster, both ways', async () => {
    await bench.listen();
    const { near, far } = await stream();
    let taken = 0;
    const events = { onFrame: (frame: Buffer) => (taken += frame.length), onClosed: () => {} };
    const peer = await socketPeer(far)(events, new AbortController().signal);
    const block = Buffer.alloc(1024 * 1024, 'a');
    let sent = 0;
    for (let at = 0; at < 8; at += 1) peer.send(block, () => (sent += 1));
    // The window does not read: what the system takes is less than all of it.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent).toBeLessThan(8);
    near.resume();
    await until(() => sent === 8);
    peer.pause();
    const before = taken;
    let written = 0;
    for (let at = 0; at < 8; at += 1) near.write(block, () => (written += 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(taken).toBe(before);
    expect(written).toBeLessThan(8);
    peer.resume();
    await until(() => taken === 8 * block.length);
  });

  it('closes after its last word, and in bounded time where the window does not read', async () => {
    await bench.listen();
    const one = await stream();
    const peer = await socketPeer(one.far)(
      { onFrame: () => {}, onClosed: () => {} },
      new AbortController().signal,
    );
    let heard = '';
    one.near.on('data', (chunk) => {
      heard += chunk;
    });
    one.near.resume();
    peer.send(Buffer.from('10.disconnect;'), () => {});
    await peer.close(60_000);
    await until(() => heard === '10.disconnect;');
    const two = await stream();
    const stuck = await socketPeer(two.far)(
      { onFrame: () => {}, onClosed: () => {} },
      new AbortController().signal,
    );
    for (let at = 0; at < 8; at += 1) stuck.send(Buffer.alloc(1024 * 1024, 'a'), () => {});
    await stuck.close(20);
    expect(two.far.destroyed).toBe(true);
  });

  it('is waited for by its ticket, until nobody waits any more', async () => {
    await bench.listen();
    const { ticket, openPeer } = ticketPeer(bench.tickets, null);
    const giveUp = new AbortController();
    const opening = openPeer({ onFrame: () => {}, onClosed: () => {} }, giveUp.signal);
    giveUp.abort();
    await expect(opening).rejects.toMatchObject({ code: 'aborted' });
    const late = await openStream(bench.path, 'display', ticket);
    sockets.push(late);
    late.resume();
    await once(late, 'close');
    const next = ticketPeer(bench.tickets, null);
    const near = await openStream(bench.path, 'display', next.ticket);
    sockets.push(near);
    // It was there before anybody asked for it.
    const peer = await next.openPeer({ onFrame: () => {}, onClosed: () => {} }, new AbortController().signal);
    peer.send(Buffer.from('3.nop;'), () => {});
    const said = once(near, 'data');
    near.resume();
    expect(String((await said)[0])).toBe('3.nop;');
  });
});

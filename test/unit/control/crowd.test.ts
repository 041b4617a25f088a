import { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Crowd } from '../../../main/control/crowd.ts';

const LIMITS = {
  connections: 4,
  memberConnections: 2,
  streams: 3,
  memberStreams: 2,
  strangers: 2,
  leaving: 2,
};
const ANNA = 1000;
const BEN = 1001;

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

function newcomer(crowd: Crowd): Socket {
  const socket = new Socket();
  sockets.push(socket);
  crowd.arrive(socket);
  return socket;
}

function comeIn(crowd: Crowd, member: number | null): Socket {
  const socket = newcomer(crowd);
  crowd.letIn(socket, member);
  return socket;
}

const gone = (socket: Socket) =>
  new Promise((resolve) => {
    socket.once('close', resolve);
    socket.destroy();
  });

describe('the crowd at a door', () => {
  it('has a share of the connections for each member, and a bound for all', async () => {
    const crowd = new Crowd(LIMITS);
    const first = comeIn(crowd, ANNA);
    comeIn(crowd, ANNA);
    expect(() => comeIn(crowd, ANNA)).toThrow('You have 2 connections to this outpost already');
    comeIn(crowd, BEN);
    await gone(first);
    comeIn(crowd, ANNA);
    comeIn(crowd, BEN);
    expect(() => comeIn(crowd, 1002)).toThrow('All 4 control connections are taken');
    expect([...crowd.members]).toEqual(expect.arrayContaining([ANNA, BEN]));
    expect(crowd.of(ANNA)).toHaveLength(2);
  });

  it('has a share of the streams as well, and none where nobody is asked who they are', () => {
    const crowd = new Crowd(LIMITS);
    const stream = (member: number | null) => crowd.makeStream(newcomer(crowd), member);
    stream(ANNA);
    stream(ANNA);
    expect(() => stream(ANNA)).toThrow('You have 2 streams from this outpost already');
    stream(null);
    expect(() => stream(BEN)).toThrow('All 3 streams are taken');
    for (let at = 0; at < 4; at += 1) comeIn(crowd, null);
  });

  it('lets the oldest stranger go for who comes new, who cannot come in any more', () => {
    const crowd = new Crowd(LIMITS);
    const [oldest, other] = [newcomer(crowd), newcomer(crowd)];
    const third = new Socket();
    sockets.push(third);
    expect(crowd.arrive(third)).toBe(oldest);
    expect(crowd.leave(oldest)).toBeUndefined();
    expect(() => crowd.letIn(oldest, ANNA)).toThrow('ended meanwhile');
    expect(() => crowd.makeStream(oldest, ANNA)).toThrow('ended meanwhile');
    crowd.letIn(third, BEN);
    crowd.letIn(other, ANNA);
  });

  it('keeps no more of those who were sent away than it may, however long they take', () => {
    const crowd = new Crowd(LIMITS);
    const sent = Array.from({ length: 4 }, () => newcomer(crowd));
    expect(sent.map((socket) => crowd.leave(socket))).toEqual([undefined, undefined, sent[0], sent[0]]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../main/core/errors.ts';
import { type DisplayPort, PortTunnel } from '../../../renderer/viewer/guacamole/port-tunnel.ts';

class FarEnd implements DisplayPort {
  readonly heard: unknown[] = [];
  closed = false;
  onmessage: ((event: MessageEvent) => void) | null = null;
  postMessage(message: unknown): void {
    this.heard.push(message instanceof Uint8Array ? Buffer.from(message).toString() : message);
  }
  start(): void {}
  close(): void {
    this.closed = true;
  }
  say(message: unknown): void {
    const data = typeof message === 'string' ? new Uint8Array(Buffer.from(message)) : message;
    this.onmessage?.(new MessageEvent('message', { data }));
  }
}

function opened(readOnly = false) {
  const far = new FarEnd();
  const ends: (Failure | null)[] = [];
  const tunnel = new PortTunnel(far, { readOnly, onEnd: (failure) => ends.push(failure) });
  const told: string[][] = [];
  tunnel.oninstruction = (opcode, args) => told.push([opcode, ...args.map(String)]);
  tunnel.connect();
  return { far, tunnel, told, ends };
}

describe('the viewer’s tunnel', () => {
  it('tells instructions and grants what it has read', () => {
    const { far, told, tunnel } = opened();
    far.say('4.size,1.0,3.800,3.60');
    far.say('0;');
    expect(told).toEqual([['size', '0', '800', '600']]);
    expect(far.heard).toEqual([21, 2]);
    expect(tunnel.received).toBe(23);
  });

  it('grants nothing while too many frames wait to be drawn, and all of it then', () => {
    const { far, tunnel } = opened();
    for (let frame = 1; frame <= 6; frame += 1) far.say(`4.sync,1.${frame};`);
    expect(far.heard).toEqual([11, 11, 11, 11]);
    expect(tunnel.framesBehind).toBe(6);
    tunnel.sendMessage('sync', 1);
    expect(far.heard.slice(4)).toEqual(['4.sync,1.1;']);
    tunnel.sendMessage('sync', 2);
    expect(far.heard.slice(5)).toEqual(['4.sync,1.2;', 22]);
    tunnel.sendMessage('sync', 6);
    expect(tunnel.framesBehind).toBe(0);
  });

  it('is not held up by a time stamp that guacd repeats', () => {
    const { far, tunnel } = opened();
    for (let frame = 0; frame < 9; frame += 1) far.say('4.sync,1.7;');
    expect(tunnel.framesBehind).toBe(1);
    expect(far.heard).toHaveLength(9);
  });

  it('sends nothing that touches a session which is only watched', () => {
    const { far, tunnel } = opened(true);
    for (const opcode of [
      'key',
      'mouse',
      'touch',
      'size',
      'clipboard',
      'file',
      'put',
      'get',
      'argv',
      'blob',
      'end',
    ])
      tunnel.sendMessage(opcode, 1);
    expect(far.heard).toEqual([]);
    tunnel.sendMessage('sync', 1);
    tunnel.sendMessage('nop');
    expect(far.heard).toEqual(['4.sync,1.1;', '3.nop;']);
  });

  it('keeps the tunnel’s own instructions to itself', () => {
    const { far, told } = opened();
    far.say('0.,4.ping,1.1;3.nop;');
    expect(told).toEqual([['nop']]);
  });

  it('ends once, with the reason, and says nothing after it', () => {
    const { far, tunnel, ends } = opened();
    const failure: Failure = { code: 'connection-lost', message: 'Gone.' };
    far.say({ end: failure });
    far.say({ end: null });
    tunnel.sendMessage('nop');
    expect(ends).toEqual([failure]);
    expect(far.closed).toBe(true);
    expect(far.heard).toEqual([]);
  });

  it('ends with a sentence where the stream is broken', () => {
    const { far, ends } = opened();
    far.say('hello');
    expect(ends[0]?.code).toBe('instruction-malformed');
    expect(ends[0]?.advice).toBeTruthy();
  });

  it('ends silently where this side leaves', () => {
    const { far, tunnel, ends } = opened();
    tunnel.disconnect();
    far.say({ end: null });
    expect(ends).toEqual([]);
    expect(far.closed).toBe(true);
  });
});

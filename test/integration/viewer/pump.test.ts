import { EventEmitter, once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../../main/core/errors.ts';
import { FileFromPort } from '../../../main/desktop/viewer-file.ts';
import { DisplayPump } from '../../../main/desktop/viewer-pump.ts';
import { MAX_PORT_BYTES, WINDOW_BYTES } from '../../../preload/contract/viewer.ts';

/** The window's end of a port, as Electron's would carry it. */
class Port extends EventEmitter {
  readonly heard: unknown[] = [];
  closed = false;
  postMessage(message: unknown): void {
    this.heard.push(structuredClone(message));
    this.emit('heard');
  }
  start(): void {}
  close(): void {
    this.closed = true;
    this.emit('heard');
  }
  say(data: unknown): void {
    this.emit('message', { data });
  }
  get bytes(): number {
    return this.heard.reduce<number>((sum, one) => sum + (one instanceof Uint8Array ? one.length : 0), 0);
  }
  async until(ready: () => boolean): Promise<void> {
    while (!ready()) await Promise.race([once(this, 'heard'), new Promise((done) => setTimeout(done, 20))]);
  }
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The outpost's end and this one of a real socket, this one paused as `openStream` gives it. */
async function socketPair(): Promise<{ far: Socket; near: Socket }> {
  const server = createServer({ pauseOnConnect: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const accepted = once(server, 'connection');
  const near = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  const [far]: Socket[] = await accepted;
  near.pause();
  if (!far) throw new Error('Nobody came.');
  ends.push(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { far, near };
}

async function pumped(outcome?: ConstructorParameters<typeof DisplayPump>[3]) {
  const { far, near } = await socketPair();
  const port = new Port();
  let over = 0;
  const pump = new DisplayPump(
    near,
    port,
    () => {
      over += 1;
    },
    outcome,
  );
  return { far, port, pump, over: () => over };
}

const eventually = async (ready: () => boolean) => {
  while (!ready()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('the pump of a window', () => {
  it('moves bytes both ways as they are', async () => {
    const { far, port } = await pumped();
    far.write('5.ready,1.😀;');
    await port.until(() => port.bytes > 0);
    expect(
      Buffer.concat(port.heard.flatMap((one) => (one instanceof Uint8Array ? [one] : []))).toString(),
    ).toBe('5.ready,1.😀;');
    const said = once(far, 'data');
    port.say(new Uint8Array(Buffer.from('3.nop;')));
    expect(String(await said)).toBe('3.nop;');
  });

  it('lets no more on its way than the window has granted', async () => {
    const { far, port, pump } = await pumped();
    const flood = Buffer.alloc(WINDOW_BYTES * 4, 0x41);
    far.write(flood);
    await port.until(() => pump.granted <= 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    // At most one read of the system beyond it.
    expect(port.bytes).toBeGreaterThanOrEqual(WINDOW_BYTES);
    expect(port.bytes).toBeLessThanOrEqual(WINDOW_BYTES + 65_536);
    while (port.bytes < flood.length) {
      const before = port.bytes;
      port.say(WINDOW_BYTES);
      await port.until(() => port.bytes > before && (pump.granted <= 0 || port.bytes === flood.length));
    }
    expect(port.bytes).toBe(flood.length);
  });

  it('tells the window what its stream came to, where that is known', async () => {
    const failure: Failure = { code: 'recording-unreadable', message: 'It was changed.' };
    const { far, port, over } = await pumped(async () => failure);
    far.end('3.nop;');
    await eventually(() => over() === 1);
    expect(port.heard.pop()).toEqual({ end: failure });
  });

  it('gives nobody more than a window by granting too much', async () => {
    const { port, pump } = await pumped();
    port.say(2 ** 40);
    expect(pump.granted).toBe(WINDOW_BYTES);
  });

  it('says goodbye where the person leaves, and none where the page is gone', async () => {
    const left = await pumped();
    const said = once(left.far, 'data');
    left.pump.leave();
    expect(String(await said)).toBe('10.disconnect;');
    const crashed = await pumped();
    let heard = '';
    crashed.far.on('data', (chunk) => {
      heard += String(chunk);
    });
    crashed.port.emit('close');
    await once(crashed.far, 'close');
    expect(heard).toBe('');
  });

  it('tells the window once that it is over', async () => {
    const { far, port, over } = await pumped();
    far.end('10.disconnect;');
    await port.until(() => port.closed);
    expect(port.heard.at(-1)).toEqual({ end: null });
    expect(over()).toBe(1);
  });

  it.each([
    ['a text', 'x'],
    ['a fraction', 0.5],
    ['a negative grant', -1],
    ['an object', { finish: true }],
    ['more than one message may hold', new Uint8Array(MAX_PORT_BYTES + 1)],
  ])('ends the session of a window that says %s', async (_, message) => {
    const { port } = await pumped();
    port.say(message);
    await port.until(() => port.closed);
    expect(port.heard.at(-1)).toMatchObject({ end: { code: 'control-protocol' } });
  });

  it('takes the largest message', async () => {
    const { far, port } = await pumped();
    let bytes = 0;
    far.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    port.say(new Uint8Array(MAX_PORT_BYTES));
    await eventually(() => bytes === MAX_PORT_BYTES);
  });
});

describe('a file from a window', () => {
  async function begun() {
    const folder = await mkdtemp(join(tmpdir(), 'sp-viewer-'));
    ends.push(() => rm(folder, { recursive: true, force: true }));
    const port = new Port();
    let over = 0;
    new FileFromPort(join(folder, 'file.bin'), port, () => {
      over += 1;
    });
    return { folder, port, over: () => over };
  }

  it('is there when all of it is on the disk, and not before', async () => {
    const { folder, port, over } = await begun();
    expect(port.heard[0]).toBe(WINDOW_BYTES);
    const pieces = Array.from({ length: 20 }, (_, at) => new Uint8Array(10_000).fill(at));
    for (const piece of pieces) port.say(piece);
    await port.until(() => port.heard.length === 21);
    expect((await readdir(folder)).every((name) => name.endsWith('.part'))).toBe(true);
    port.say({ finish: true });
    await port.until(() => port.closed);
    expect(port.heard.at(-1)).toEqual({ saved: 'file.bin' });
    expect(await readFile(join(folder, 'file.bin'))).toEqual(Buffer.concat(pieces));
    expect(await readdir(folder)).toEqual(['file.bin']);
    expect(over()).toBe(1);
  });

  it.each([
    ['cancels', (port: Port) => port.say({ abort: true })],
    ['is gone', (port: Port) => port.emit('close')],
    ['says something else', (port: Port) => port.say('x')],
    [
      'sends more than was granted',
      (port: Port) => {
        for (let at = 0; at < 40; at += 1) port.say(new Uint8Array(MAX_PORT_BYTES));
      },
    ],
  ])('leaves nothing behind where the window %s', async (_, act) => {
    const { folder, port, over } = await begun();
    port.say(new Uint8Array(1000));
    act(port);
    await port.until(() => port.closed);
    await eventually(() => over() === 1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says in words why it cannot be written', async () => {
    const port = new Port();
    new FileFromPort('/proc/nowhere/file.bin', port, () => {});
    await port.until(() => port.closed);
    expect(port.heard.at(-1)).toMatchObject({ failure: { code: 'file-unwritable' } });
  });
});

import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BoundedOutput, type BoundedOutputOptions } from '../../../main/core/telemetry/bounded-output.ts';

/** A stream that takes what it gets only when `release` is called, or breaks. */
class Held extends Writable {
  readonly taken: string[] = [];
  #waiting: ((error?: Error) => void) | undefined;
  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.taken.push(chunk.toString());
    this.#waiting = done;
  }
  async release(error?: Error): Promise<void> {
    this.#waiting?.(error);
    await sleep(1);
  }
}

function setup(options: Partial<BoundedOutputOptions> = {}) {
  const streams: Held[] = [];
  const said: unknown[] = [];
  const output = new BoundedOutput({
    open: () => {
      const stream = new Held();
      streams.push(stream);
      return stream;
    },
    retryMs: 20,
    onTrouble: (error) => said.push(error),
    onRecovered: (lost) => said.push(lost),
    ...options,
  });
  return { output, streams, said };
}

describe('output with bounds', () => {
  it('writes the first line at once and the ones that wait meanwhile together', async () => {
    const { output, streams } = setup();
    for (const line of ['a\n', 'b\n', 'c\n']) output.write(line);
    expect(streams[0]?.taken).toEqual(['a\n']);
    await streams[0]?.release();
    expect(streams[0]?.taken).toEqual(['a\n', 'b\nc\n']);
  });

  it('takes exactly its bound, loses the next line, says so once, and tells how many when it is over', async () => {
    const { output, streams, said } = setup({ maxBuffered: 10 });
    output.write('1234\n');
    output.write('6789\n');
    expect(said).toEqual([]);
    output.write('x');
    output.write('y');
    expect(said).toEqual([null]);
    expect(output.lost).toBe(2);
    await streams[0]?.release();
    await streams[0]?.release();
    expect(said).toEqual([null, 2]);
    expect(streams[0]?.taken.join('')).toBe('1234\n6789\n');
  });

  it('leaves a broken stream alone for a while, then opens a new one', async () => {
    const { output, streams, said } = setup({ retryMs: 400 });
    output.write('one');
    const broken = new Error('broken');
    await streams[0]?.release(broken);
    output.write('two');
    expect(streams).toHaveLength(1);
    await sleep(410);
    output.write('three');
    await streams[1]?.release();
    expect(streams[1]?.taken).toEqual(['three']);
    expect(said).toEqual([broken, 2]);
  });

  it('survives a stream that breaks between two lines, or while one is on its way', async () => {
    const { output, streams, said } = setup();
    output.write('one');
    await streams[0]?.release();
    streams[0]?.destroy(new Error('between'));
    await sleep(30);
    output.write('two');
    streams[1]?.destroy(new Error('while'));
    await sleep(30);
    output.write('three');
    await streams[2]?.release();
    expect(said).toHaveLength(2);
    expect(output.lost).toBe(1);
  });

  it('does not wait for ever to be flushed, and is not written to after its end', async () => {
    const { output, streams } = setup();
    await output.flush();
    output.write('stuck');
    await output.flush(10);
    const flushed = output.flush();
    await streams[0]?.release();
    await flushed;
    let ended = 0;
    await output.close(() => {
      ended += 1;
    });
    output.write('late');
    expect(ended).toBe(1);
    expect(streams[0]?.taken).toEqual(['stuck']);
  });

  it('can be written to from where it tells its trouble', async () => {
    const { output, streams, said } = setup({
      onTrouble: () => output.write('told\n'),
      onRecovered: (lost) => {
        said.push(lost);
        output.write('over\n');
      },
    });
    output.write('one\n');
    await streams[0]?.release(new Error('broken'));
    await sleep(30);
    output.write('two\n');
    await streams[1]?.release();
    await streams[1]?.release();
    expect(streams[1]?.taken.join('')).toBe('two\nover\n');
    expect(said).toEqual([2]);
  });
});

import { setTimeout as later } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { byteByByte, cut, dice } from '../../unit/guacamole/streams.ts';
import { until } from '../guacd/fake-guacd.ts';
import { type Ends, SessionBench } from './bench.ts';

const MESSAGE_BYTES = 65_536;
const SEED = Number(process.env['SALLYPORT_SEED'] ?? Date.now() % 1_000_000_007);

type Dice = (below: number) => number;

/** Whole instructions as sessions have them: tiny, huge, ASCII, emoji, and texts that look like instructions. */
function traffic(random: Dice, count: number): Buffer {
  const values = [
    () => String(random(2000)),
    () => '😀'.repeat(random(200)),
    () => 'aß€😀'.repeat(random(40)),
    () => '4.sync,1.7;'.repeat(random(5)),
    () => 'QUJD'.repeat(random(30)),
    () => 'QUJD'.repeat(1512),
    () => (random(12) === 0 ? 'QUJD'.repeat(20_000 + random(30_000)) : ''),
    () => (random(12) === 0 ? `${'x'.repeat(40_000)}😀` : 'é'),
  ];
  const opcodes = ['img', 'blob', 'sync', 'copy', 'mouse', 'audio', '😀', 'errors', 'disconnected', 'name'];
  const parts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const args = Array.from({ length: random(5) }, () => values[random(values.length)]?.() ?? '');
    parts.push(encode(opcodes[random(opcodes.length)] ?? 'nop', ...args));
  }
  return Buffer.from(parts.join(''));
}

/** Cut at random between code points: a text message is whole UTF-8, but not a whole instruction. */
function frames(bytes: Buffer, count: number, random: Dice): string[] {
  const points = [...bytes.toString()];
  const cuts = Array.from({ length: count - 1 }, () => random(points.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((from, index) => points.slice(from, cuts[index]).join(''));
}

/** What must hold for every message that goes to a browser. */
function checkFrames(frames: readonly Buffer[]): void {
  for (const frame of frames) {
    // Throws where the frame does not end at an instruction's border.
    const count = splitInstructions(frame).length;
    if (frame.length > MESSAGE_BYTES) expect(count).toBe(1);
    else expect(count).toBeGreaterThan(0);
  }
}

async function waitForBytes(heard: () => Buffer, expected: Buffer): Promise<void> {
  await until(() => heard().length >= expected.length);
  // Not `toEqual`: its difference of some megabytes would take minutes.
  expect(heard().equals(expected)).toBe(true);
}

describe(`whatever is sent, however it is cut (SALLYPORT_SEED=${SEED})`, () => {
  it('what guacd sends reaches the browser byte for byte, in whole instructions, and the other way round', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 60_000 } });
    const { browser, guacd } = await bench.live();
    const random = dice(SEED);
    const toBrowser: Buffer[] = [];
    const toGuacd: Buffer[] = [];
    for (let round = 0; round < 40; round += 1) {
      const down = traffic(random, 1 + random(60));
      const up = traffic(random, 1 + random(10));
      toBrowser.push(down);
      toGuacd.push(up);
      const sending = guacd.pieces(cut(down, 1 + random(12), random));
      for (const frame of frames(up, 1 + random(6), random)) browser.send(frame);
      await sending;
    }
    await waitForBytes(() => browser.heard, Buffer.concat(toBrowser));
    await waitForBytes(() => guacd.heard, Buffer.concat(toGuacd));
    checkFrames(browser.frames);
    expect([...browser.kinds]).toEqual(['text']);
    expect(bench.bytes).toEqual({
      'to-peer': browser.heard.length,
      'to-guacd': guacd.heard.length,
    });
    expect(bench.broker.sessions[0]).toMatchObject({
      bytesToPeer: browser.heard.length,
      bytesToGuacd: guacd.heard.length,
      queuedBytes: 0,
    });
  });

  it('byte by byte, an emoji and a border at every place', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 60_000 } });
    const { browser, guacd } = await bench.live();
    const stream = Buffer.from(encode('name', '😀', 'é', '') + encode('sync', '7') + encode('😀', '4.sync;'));
    await guacd.pieces(byteByByte(stream));
    for (const point of stream.toString()) browser.send(point);
    await waitForBytes(() => browser.heard, stream);
    await waitForBytes(() => guacd.heard, stream);
    checkFrames(browser.frames);
  });

  it('what has arrived is sent on at once, in as few messages as the bound allows', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 60_000 } });
    const { browser, guacd } = await bench.live();
    const stream = Buffer.from(encode('rect', '0', '1', '2', '3', '4').repeat(100_000));
    await guacd.stream(stream);
    await waitForBytes(() => browser.heard, stream);
    checkFrames(browser.frames);
    expect(browser.frames.length).toBeLessThan(1000);
    // The half that is whole does not wait for the other one.
    guacd.send('4.sync,1.1;4.sync,1');
    await until(() => browser.heard.toString().endsWith('4.sync,1.1;'));
    guacd.send('.2;');
    await until(() => browser.heard.toString().endsWith('4.sync,1.2;'));
  });
});

describe('a ping of the tunnel', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['alone', ['0.,4.ping,1.7;'], ''],
    ['with a time', ['0.,4.ping,1.7,13.1700000000000;'], ''],
    ['with an emoji in it', ['0.,4.ping,2.😀7;'], ''],
    ['before others', ['0.,4.ping,1.7;3.nop;3.key,2.97,1.1;'], '3.nop;3.key,2.97,1.1;'],
    ['between others', ['3.nop;0.,4.ping,1.7;3.key,2.97,1.1;'], '3.nop;3.key,2.97,1.1;'],
    ['after others', ['3.nop;0.,4.ping,1.7;'], '3.nop;'],
    ['split over two frames', ['3.nop;0.,4.pi', 'ng,1.7;3.nop;'], '3.nop;3.nop;'],
    ['split from its first byte', ['3.nop;0', '.,4.ping,1.7;'], '3.nop;'],
    [
      'in a frame that begins inside another instruction',
      ['3.key,2.9', '7,1.1;0.,4.ping,1.7;3.no', 'p;'],
      '3.key,2.97,1.1;3.nop;',
    ],
  ];

  it.each(cases)('%s is sent back unchanged, and the rest reaches guacd', async (_, frames, rest) => {
    const bench = await SessionBench.start({ limits: { quietMs: 60_000 } });
    const { browser, guacd } = await bench.live();
    for (const frame of frames) browser.send(frame);
    const all = frames.join('');
    const ping = all.slice(all.indexOf('0.,'), all.indexOf(';', all.indexOf('0.,')) + 1);
    await until(() => browser.heard.toString() === ping);
    browser.send('3.end;');
    await until(() => guacd.heard.toString() === `${rest}3.end;`);
  });

  it('comes back between whole instructions, however much guacd sends at the same time', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 60_000 } });
    const { browser, guacd } = await bench.live();
    const stream = Buffer.from(encode('blob', '1', 'QUJD'.repeat(2000)).repeat(600));
    const streaming = guacd.stream(stream, 5000);
    for (let at = 0; at < 50; at += 1) {
      browser.send(`0.,4.ping,2.${10 + at};`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await streaming;
    await until(() => browser.heard.length === stream.length + 50 * '0.,4.ping,2.10;'.length);
    checkFrames(browser.frames);
    const pings = browser.instructions.filter(([opcode]) => opcode === '');
    expect(pings.map(([, , number]) => Number(number))).toEqual(
      Array.from({ length: 50 }, (_, at) => 10 + at),
    );
    expect(guacd.heard).toHaveLength(0);
  });
});

describe('the tunnel’s own instructions', () => {
  it('never reach guacd', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 60_000 } });
    const { browser, guacd } = await bench.live();
    browser.send('0.;0.,1.x;');
    browser.send('0.,4.pong,1.1;3.nop;0.,36.11111111-2222-3333-4444-555555555555;3.end;');
    await until(() => guacd.heard.toString() === '3.nop;3.end;');
    expect(browser.heard).toHaveLength(0);
  });

  it('of guacd never reach the browser', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 60_000 } });
    const { browser, guacd } = await bench.live();
    await guacd.pieces(
      ['4.sync,1.1;0.,4.pi', 'ng,1.1;4.sync,1.2;0.;', '0.,3.abc;4.sync,1.3;'].map((text) =>
        Buffer.from(text),
      ),
    );
    await until(() => browser.heard.toString() === '4.sync,1.1;4.sync,1.2;4.sync,1.3;');
    expect(guacd.heard).toHaveLength(0);
  });

  it('cannot be hidden from us behind a length that only guacd would read', async () => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    browser.send('3.nop;00.,4.ping,1.1;');
    expect((await bench.farewell()).sentence).toContain('a length begins with a zero');
    expect(guacd.heard.toString()).toMatch(/^3\.nop;/);
  });
});

describe('a word after silence', () => {
  it('is said again and again while guacd is silent, and guacd does not hear of it', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 30 } });
    const { browser, guacd } = await bench.live();
    await until(() => browser.frames.length >= 4);
    expect(browser.heard.toString()).toMatch(/^(3\.nop;)+$/);
    expect(guacd.heard).toHaveLength(0);
  });

  it('does not get between the halves of an instruction, nor out of order', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 30 } });
    const { browser, guacd } = await bench.live();
    guacd.send('4.sync,1.1;3.img,5.ab');
    await until(() => browser.instructions.filter(([opcode]) => opcode === 'nop').length >= 3);
    guacd.send('c😀d;');
    await until(() => browser.words.length === 2);
    expect(browser.words).toEqual([
      ['sync', '1'],
      ['img', 'abc😀d'],
    ]);
  });

  it('is not said while guacd talks', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 400 } });
    const { browser, guacd } = await bench.live();
    // A machine under load may pause by itself; then a word is right, and this try says nothing.
    let longest = 0;
    let last = performance.now();
    for (let at = 0; at < 60; at += 1) {
      guacd.send('4.sync,1.7;');
      await until(() => browser.words.length > at);
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    const nops = browser.instructions.length - browser.words.length;
    if (longest < 200) expect(nops).toBe(0);
  });
});

describe('the size of the picture', () => {
  it('is there before anything is drawn by RDP, for the person and the recording, and only once', async () => {
    const recorded: string[] = [];
    const bench = await SessionBench.start({
      limits: { settleMs: 50 },
      openTap: async () => ({
        fromGuacd: (complete) => void recorded.push(complete.toString()),
        fromPeer: () => {},
        end: async () => null,
        failed: null,
      }),
    });
    const mine = { hostname: 'box', 'drive-path': `/tmp/connection/${'a'.repeat(60)}` };
    const { browser, guacd } = await bench.live('one', mine, 'rdp');
    await later(50);
    // Nobody has said anything of it before guacd says something at all.
    expect(browser.words).toEqual([]);
    guacd.send('3.img,1.1;3.end,1.1;');
    await until(() => browser.words.length === 3);
    expect(browser.words.slice(0, 2)).toEqual([
      ['size', '0', '1024', '768'],
      ['img', '1'],
    ]);
    expect(recorded.join('')).toBe('4.size,1.0,4.1024,3.768;3.img,1.1;3.end,1.1;');
    browser.reset();
    await until(() => bench.told.includes('held box'));
    bench.open('two', mine, 'rdp');
    await until(() => bench.told.includes('resumed box'));
    // Whoever joins is told by guacd.
    bench.guacd.joined[0]?.send('3.img,1.2;');
    const back = await bench.browser('two');
    await until(() => back.words.length > 0);
    expect(back.words[0]).toEqual(['img', '2']);
  });
});

describe('the end', () => {
  it('that the browser’s page announces reaches guacd from the person', async () => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    browser.send('3.nop;10.disconnect;');
    expect(await bench.farewell()).toEqual({ sentence: '', status: 0 });
    expect((await bench.over()).reason).toBe('user-left');
    expect(guacd.heard.toString()).toMatch(/^3\.nop;(10\.disconnect;)+$/);
  });

  it('of one is the end of both, and nothing is sent after the last word', async () => {
    const bench = await SessionBench.start();
    const { browser, guacd }: Ends = await bench.live();
    guacd.send('4.sync,1.7;10.disconnect;');
    expect((await bench.over()).reason).toBe('machine-ended');
    expect(browser.words).toEqual([['sync', '7'], ['disconnect']]);
    expect(browser.closed).toBe(1000);
    expect(guacd.closed).toBe(true);
  });

  it('is no ordinary one when guacd ends it without a reason before it has shown anything', async () => {
    const bench = await SessionBench.start();
    const { guacd } = await bench.live();
    guacd.send('10.disconnect;');
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain('before the machine showed anything');
    expect(status).toBe(0x0203);
    expect((await bench.over()).reason).toBe('failed');
  });
});

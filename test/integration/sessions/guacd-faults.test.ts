import { describe, expect, it } from 'vitest';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { byteByByte } from '../../unit/guacamole/streams.ts';
import { until } from '../guacd/fake-guacd.ts';
import { SessionBench } from './bench.ts';
import { ARGS, READY } from './guacd.ts';

const SERVER_ERROR = 0x0200;
const UPSTREAM_TIMEOUT = 0x0202;
const UNAVAILABLE = 0x0208;
const UNAUTHORIZED = 0x0301;

describe('a guacd that is not well while a session is set up', () => {
  it('refuses connections: the browser is told so', async () => {
    const bench = await SessionBench.start();
    bench.guacd.refuse();
    bench.open();
    const { sentence, status } = await bench.farewell();
    expect(sentence).toMatch(/guacd at 127\.0\.0\.1:\d+ cannot be reached: it refused the connection/);
    expect(status).toBe(SERVER_ERROR);
    expect(await bench.over()).toMatchObject({ reason: 'failed', setupMs: null, guacd: null });
    expect(bench.told).toEqual(['started ssh', 'ended ssh failed']);
  });

  it.each(['select', 'connect'])(
    'says nothing after %s: the browser is told when the time is up',
    async (step) => {
      const bench = await SessionBench.start({ limits: { setupMs: 300 } });
      if (step === 'select') bench.guacd.onSelect = () => {};
      else bench.guacd.onConnect = () => {};
      bench.open();
      const { sentence, status } = await bench.farewell();
      expect(sentence).toContain('guacd did not set up the session within 0.3 seconds.');
      expect(status).toBe(UPSTREAM_TIMEOUT);
      expect((await bench.over()).failure?.code).toBe('setup-timeout');
      await until(() => bench.guacd.ends.every(({ closed }) => closed));
    },
  );

  it('is slow: the browser is kept alive until it is there', async () => {
    const bench = await SessionBench.start({ limits: { quietMs: 25 } });
    let goOn: () => void = () => {};
    bench.guacd.onSelect = (end) => {
      goOn = () => end.send(ARGS);
    };
    bench.open();
    const browser = await bench.browser();
    await until(() => browser.frames.length >= 3);
    expect(browser.heard.toString()).toMatch(/^(3\.nop;)+$/);
    expect(bench.broker.sessions[0]?.state).toBe('connecting');
    goOn();
    await until(() => bench.broker.sessions[0]?.state === 'live');
    bench.guacd.end('one')?.send('4.sync,1.7;');
    await until(() => browser.words.length === 1);
  });

  it('sends one byte at a time: the session opens, and every byte arrives', async () => {
    const bench = await SessionBench.start();
    const stream = `${encode('name', 'a 🗝 name')}${encode('sync', '7')}`;
    bench.guacd.onSelect = (end) => void end.pieces(byteByByte(Buffer.from(ARGS)));
    bench.guacd.onConnect = (end) => void end.pieces(byteByByte(Buffer.from(READY + stream)));
    const { browser } = await bench.live();
    await until(() => browser.heard.toString() === stream);
  });

  it.each([
    ['garbage', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'does not speak like guacd'],
    ['an instruction longer than the limit', '5.error,99999999.', 'does not speak like guacd'],
    ['a refusal of its own', encode('error', 'No such key.', '769'), 'guacd refused: No such key'],
    ['a disconnect', encode('disconnect'), 'closed when asked for “ssh”'],
  ])('sends %s: the browser is told, and the socket is closed', async (_, bytes, words) => {
    const bench = await SessionBench.start();
    bench.guacd.onSelect = (end) => end.send(bytes);
    bench.open();
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain(words);
    expect(status).toBe(words.includes('No such key') ? UNAUTHORIZED : status);
    expect(status).toBeGreaterThanOrEqual(0x0100);
    await bench.over();
    await until(() => bench.guacd.ends.every(({ closed }) => closed));
  });

  it('dies in the middle of an instruction: the browser is told', async () => {
    const bench = await SessionBench.start();
    bench.guacd.onConnect = (end) => end.socket.write('5.rea', () => end.socket.resetAndDestroy());
    bench.open();
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain('closed the connection before the session was ready');
    expect(status).toBe(SERVER_ERROR);
  });

  it('is ready with its first picture half sent: nothing of it is lost', async () => {
    const bench = await SessionBench.start();
    const picture = encode('img', '1', '15', 'image/png', '0', '0') + encode('blob', '1', 'x'.repeat(8000));
    bench.guacd.onConnect = (end) => end.send(READY, picture.slice(0, 5000));
    const { browser, guacd } = await bench.live();
    guacd.send(picture.slice(5000), '4.sync,1.7;');
    await until(() => browser.words.length === 3);
    expect(browser.heard.toString()).toBe(`${picture}4.sync,1.7;`);
  });

  it('is ready and refuses in one breath: the browser is told with its status', async () => {
    const bench = await SessionBench.start();
    bench.guacd.onConnect = (end) => end.socket.end(READY + encode('error', 'Wrong\npassword.', '769'));
    bench.open();
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain('the machine refused the user name or the password');
    expect(sentence).toContain('(guacd: “Wrong password.”)');
    expect(status).toBe(UNAUTHORIZED);
    expect((await bench.over()).reason).toBe('failed');
  });

  it('has gone again before the browser’s end was there: the browser is told', async () => {
    const bench = await SessionBench.start();
    bench.tunnels.doorkeeper = async () => {
      await until(() => bench.broker.sessions[0]?.guacd !== null);
      bench.guacd.ends[0]?.socket.resetAndDestroy();
      await until(() => bench.guacd.ends[0]?.closed === true);
      return false;
    };
    bench.open();
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain('guacd closed the session without saying why.');
    expect(status).toBe(UNAVAILABLE);
  });
});

describe('a guacd that is not well while a session runs', () => {
  it.each(['with a reset', 'with a close'])('dies in the middle of an instruction, %s', async (how) => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    guacd.socket.write('4.sync,1.7;5.mouse,3.1', () => {
      if (how === 'with a close') guacd.socket.end();
    });
    await until(() => browser.words.length > 0);
    if (how === 'with a reset') guacd.socket.resetAndDestroy();
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain('guacd closed the session without saying why.');
    expect(status).toBe(UNAVAILABLE);
    expect(browser.words.map(([opcode]) => opcode)).toEqual(['sync', 'error', 'disconnect']);
    expect(await bench.over()).toMatchObject({ reason: 'guacd-lost', failure: { code: 'guacd-died' } });
    expect(browser.closed).toBe(1000);
  });

  it('sends an instruction of one megabyte: it arrives in one frame, and what follows in another', async () => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    const huge = encode('blob', '1', 'x'.repeat(1_000_000));
    guacd.send('4.sync,1.1;', huge, '4.sync,1.2;');
    await until(() => browser.heard.length === huge.length + 22);
    expect(browser.heard.toString()).toBe(`4.sync,1.1;${huge}4.sync,1.2;`);
    expect(browser.frames.map(({ length }) => length)).toContain(huge.length);
  });

  it('sends one of exactly the limit, and then one that announces a byte more', async () => {
    const instructionBytes = 100_000;
    const bench = await SessionBench.start({ limits: { instructionBytes } });
    const { browser, guacd } = await bench.live();
    const fits = encode('img', 'x'.repeat(instructionBytes - '3.img,99987.;'.length));
    expect(fits).toHaveLength(instructionBytes);
    guacd.send(fits, `3.img,${instructionBytes - 12}.`);
    const { sentence, status } = await bench.farewell();
    expect(sentence).toContain('guacd sent something that cannot be passed on.');
    expect(sentence).toContain('longer than the limit of 100000 bytes');
    expect(status).toBe(SERVER_ERROR);
    expect(browser.frames[0]?.toString()).toBe(fits);
    expect((await bench.over()).failure?.code).toBe('instruction-too-long');
  });

  it('sends garbage: what was whole before it arrives, and then the reason', async () => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    guacd.send('4.sync,1.7;\u0000\u0001garbage');
    const { sentence } = await bench.farewell();
    expect(sentence).toContain('guacd sent something that cannot be passed on.');
    expect(browser.words[0]).toEqual(['sync', '7']);
    expect((await bench.over()).failure?.code).toBe('instruction-malformed');
  });

  it.each([
    [
      encode('error', 'Display lost.', '515'),
      0x0203,
      'the machine reported an error (guacd: “Display lost.”)',
    ],
    [encode('error', '', '519'), 0x0207, 'the machine was not found'],
    [encode('error', 'Gone.', '523') + encode('disconnect'), 0x020b, 'guacd: “Gone.”'],
    [encode('error', 'odd', 'x'), SERVER_ERROR, 'guacd failed inside'],
    [encode('error'), SERVER_ERROR, 'guacd failed inside'],
    [encode('disconnect'), 0, ''],
  ])('says why it ends: %s', async (word, status, words) => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    guacd.send('4.sync,1.7;', word);
    const farewell = await bench.farewell();
    expect(farewell.status).toBe(status);
    expect(farewell.sentence).toContain(words);
    expect(browser.words[0]).toEqual(['sync', '7']);
    const { reason } = await bench.over();
    expect(reason).toBe(status === 0 ? 'machine-ended' : 'failed');
    expect(guacd.heard.toString()).toBe('10.disconnect;');
  });

  it('says nothing any more: given up although the browser still pings', async () => {
    const bench = await SessionBench.start({ limits: { guacdSilenceMs: 300, quietMs: 40 } });
    const { browser } = await bench.live();
    const pinging = setInterval(() => browser.websocket.send('0.,4.ping,1.1;'), 20);
    const { sentence, status } = await bench.farewell();
    clearInterval(pinging);
    expect(sentence).toContain('guacd has gone silent');
    expect(status).toBe(UPSTREAM_TIMEOUT);
    expect((await bench.over()).reason).toBe('guacd-lost');
  });
});

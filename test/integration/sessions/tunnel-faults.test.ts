import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { until } from '../guacd/fake-guacd.ts';
import { SessionBench } from './bench.ts';
import { ARGS } from './guacd.ts';

/** Whatever the person's end does, guacd must hear of it, for it would go on for nobody. */
async function guacdWasToldToEnd(bench: SessionBench): Promise<void> {
  const [end] = bench.guacd.ends;
  await until(() => end?.closed === true);
  expect(end?.heard.toString()).toMatch(/10\.disconnect;$/);
}

const PAGE = '<html><body><h1>502 Bad Gateway</h1></body></html>';

describe('an authentik that cannot be reached for a session', () => {
  it('is down: guacd is told, and the reason is kept', async () => {
    const bench = await SessionBench.start();
    await bench.tunnels.close();
    bench.open();
    expect(await bench.over()).toMatchObject({ reason: 'peer-lost', failure: { code: 'connect-refused' } });
    await until(() => bench.guacd.ends.every(({ closed }) => closed));
  });

  it.each([
    [
      'a 502 page of a proxy',
      `HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`,
      /502/,
    ],
    ['a 403', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', /token|403/],
    [
      'a page with status 200',
      `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${PAGE.length}\r\n\r\n${PAGE}`,
      /200|page/,
    ],
    ['half an answer', 'HTTP/1.1 101 Switching Pro', /authentik/],
    ['something that is no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', /HTTP/],
  ])('answers with %s: the reason is kept, guacd is told', async (_, answer, words) => {
    const bench = await SessionBench.start();
    bench.tunnels.doorkeeper = async (socket) => {
      await until(() => bench.broker.sessions[0]?.guacd !== null);
      socket.end(answer);
      return true;
    };
    bench.open();
    const { reason, failure } = await bench.over();
    expect(reason).toBe('peer-lost');
    expect(failure?.message).toMatch(words);
    await guacdWasToldToEnd(bench);
  });

  it('resets the connection', async () => {
    const bench = await SessionBench.start();
    bench.tunnels.doorkeeper = (socket) => {
      if (socket instanceof Socket) socket.resetAndDestroy();
      return true;
    };
    bench.open();
    expect(await bench.over()).toMatchObject({ reason: 'peer-lost', failure: { code: 'connection-lost' } });
  });

  it('is a black hole: given up when the time for the set-up is over, and guacd is told', async () => {
    const bench = await SessionBench.start({ limits: { setupMs: 300 } });
    bench.tunnels.doorkeeper = () => true;
    bench.open();
    await until(() => bench.broker.sessions.length === 0);
    const { failure } = await bench.over();
    expect(failure).toMatchObject({
      code: 'setup-timeout',
      message: 'authentik did not open the session’s websocket within 0.3 seconds.',
    });
    await guacdWasToldToEnd(bench);
  });
});

describe('an authentik that is lost while a session runs', () => {
  it.each([
    ['goes away for an upgrade', 1012, /is restarting \(1012/],
    ['is shut down', 1001, /is being shut down or restarted \(1001/],
    ['fails inside', 1011, /failed inside/],
  ])('%s', async (_, code, words) => {
    const bench = await SessionBench.start();
    const { browser } = await bench.live();
    browser.websocket.close(code);
    const { reason, failure } = await bench.over();
    expect(reason).toBe('peer-lost');
    expect(failure?.message).toMatch(words);
    await guacdWasToldToEnd(bench);
  });

  it('closes in an ordinary way: the user has left', async () => {
    const bench = await SessionBench.start();
    const { browser } = await bench.live();
    browser.websocket.close(1000);
    expect(await bench.over()).toMatchObject({ reason: 'user-left', failure: null });
    await guacdWasToldToEnd(bench);
  });

  it('ends in the middle of a frame', async () => {
    const bench = await SessionBench.start();
    const { browser } = await bench.live();
    browser.breakMidFrame();
    expect(await bench.over()).toMatchObject({ reason: 'peer-lost', failure: { code: 'connection-lost' } });
    await guacdWasToldToEnd(bench);
  });

  it('resets the connection', async () => {
    const bench = await SessionBench.start();
    const { browser } = await bench.live();
    browser.reset();
    expect(await bench.over()).toMatchObject({ reason: 'peer-lost', failure: { code: 'connection-lost' } });
    await guacdWasToldToEnd(bench);
  });

  it.each(['idle', 'streaming'])('is gone without a word, the session %s', async (state) => {
    const bench = await SessionBench.start({ pingMs: 50, deadMs: 300 });
    const { browser, guacd } = await bench.live();
    // Its end of the connection stays, and nobody reads there any more.
    browser.pause();
    browser.socket.pause();
    if (state === 'streaming') void guacd.stream(Buffer.from('4.sync,1.7;'.repeat(3_000_000)));
    expect(await bench.over()).toMatchObject({ reason: 'peer-lost', failure: { code: 'peer-lost' } });
    await until(() => guacd.closed);
    browser.websocket.terminate();
  });

  it('is alive and slow: answers to pings are enough', async () => {
    const bench = await SessionBench.start({ pingMs: 20, deadMs: 500 });
    const { browser, guacd } = await bench.live();
    let pings = 0;
    browser.websocket.on('ping', () => {
      pings += 1;
    });
    // More than twice the patience there is with one that is gone.
    await until(() => pings > 60);
    guacd.send('4.sync,1.7;');
    await until(() => browser.words.length === 1);
  });
});

describe('a message from authentik', () => {
  it('of exactly the limit passes, one of a byte more ends the session', async () => {
    const frameBytes = 20_000;
    const bench = await SessionBench.start({ limits: { frameBytes } });
    const { browser, guacd } = await bench.live();
    const fits = encode('blob', 'x'.repeat(frameBytes - '4.blob,19986.;'.length));
    expect(fits).toHaveLength(frameBytes);
    browser.send(fits);
    await until(() => guacd.heard.toString() === fits);
    browser.send(`${fits} `);
    const { failure } = await bench.over();
    expect(failure?.message).toContain('longer than allowed');
    await guacdWasToldToEnd(bench);
  });

  it.each(['garbage', '2.nop;', '3.key,2.\u{1F600};3.nop;'])(
    'that is not Guacamole’s language ends the session: %s',
    async (frame) => {
      const bench = await SessionBench.start();
      const { browser, guacd } = await bench.live();
      browser.send(`3.nop;${frame}`);
      const { sentence, status } = await bench.farewell();
      expect(sentence).toContain('The browser sent something that is not Guacamole’s language.');
      expect(status).toBe(0x0200);
      await bench.over();
      expect(guacd.heard.toString()).toBe('3.nop;10.disconnect;');
    },
  );

  it('whose instruction would grow beyond the limit over many frames ends the session', async () => {
    const bench = await SessionBench.start({ limits: { frameBytes: 1000 } });
    const { browser } = await bench.live();
    browser.send('4.blob,');
    for (let at = 0; at < 20; at += 1) browser.send(`90.${'x'.repeat(90)},`);
    expect((await bench.farewell()).sentence).toContain('longer than the limit of 1000 bytes');
  });
});

describe('authentik’s own word', () => {
  it('that the user has left ends the session, and guacd hears of it', async () => {
    const bench = await SessionBench.start();
    const { browser, guacd } = await bench.live();
    browser.send('0.authentik.disconnect');
    expect(await bench.farewell()).toEqual({ sentence: '', status: 0 });
    expect(await bench.over()).toMatchObject({ reason: 'user-left', failure: null });
    expect(guacd.heard.toString()).toBe('10.disconnect;');
  });

  it('that the user has left ends the set-up at once', async () => {
    const bench = await SessionBench.start();
    bench.guacd.onSelect = () => {};
    bench.open();
    (await bench.browser()).send('0.authentik.disconnect');
    expect(await bench.farewell()).toEqual({ sentence: '', status: 0 });
    expect(await bench.over()).toMatchObject({ reason: 'user-left', setupMs: null });
    await until(() => bench.guacd.ends.every(({ closed }) => closed));
  });

  it('that the user has left counts also when it comes late, or twice', async () => {
    const bench = await SessionBench.start();
    const { browser } = await bench.live();
    browser.send('0.authentik.disconnect');
    browser.send('0.authentik.disconnect');
    browser.websocket.close();
    expect((await bench.over()).reason).toBe('user-left');
    expect(bench.broker.history).toHaveLength(1);
  });

  it.each(['live', 'set-up'])('that is not known is ignored: %s', async (when) => {
    const bench = await SessionBench.start();
    const words = [
      '0.authentik.list.{"request":"x"}',
      '0.authentik.bulk.',
      '0.authentik.',
      '0.authentik.disconnected',
    ];
    let goOn: () => void = () => {};
    if (when === 'set-up') {
      bench.guacd.onSelect = (end) => {
        goOn = () => end.send(ARGS);
      };
    }
    bench.open();
    const browser = await bench.browser();
    await until(() => bench.broker.sessions[0]?.state === (when === 'live' ? 'live' : 'connecting'));
    // The last one stands between the halves of an instruction.
    browser.send('3.key,2.9');
    for (const word of words) browser.send(word);
    browser.send('7,1.1;');
    if (when === 'set-up') {
      await until(() => bench.guacd.ends.length > 0);
      goOn();
    }
    await until(() => bench.guacd.end('one')?.heard.toString() === '3.key,2.97,1.1;');
    expect(bench.broker.sessions[0]?.state).toBe('live');
    expect(browser.words).toEqual([]);
  });
});

describe('what the browser says before the session is set up', () => {
  async function waiting(bench: SessionBench) {
    let goOn: () => void = () => {};
    bench.guacd.onSelect = (end) => {
      goOn = () => end.send(ARGS);
    };
    bench.open();
    const browser = await bench.browser();
    await until(() => bench.guacd.ends.length === 1);
    return { browser, goOn: () => goOn() };
  }

  it('reaches guacd in order as soon as it is', async () => {
    const bench = await SessionBench.start();
    const { browser, goOn } = await waiting(bench);
    for (const frame of ['4.size,1.0,4.1024,3.768;', '', '0.,4.ping,1.1;3.no', 'p;']) browser.send(frame);
    await until(() => browser.socket.bytesRead > 0 || browser.websocket.bufferedAmount === 0);
    goOn();
    await until(() => bench.guacd.end('one')?.heard.toString() === '4.size,1.0,4.1024,3.768;3.nop;');
    await until(() => browser.heard.toString() === '0.,4.ping,1.1;');
  });

  it('may be as long as the limit, and one byte more is told as too much', async () => {
    const bench = await SessionBench.start({ limits: { earlyBytes: 60 } });
    const { browser, goOn } = await waiting(bench);
    browser.send('3.nop;'.repeat(9));
    browser.send('3.nop;');
    goOn();
    await until(() => bench.guacd.end('one')?.heard.length === 60);

    const other = await SessionBench.start({ limits: { earlyBytes: 60 } });
    const { browser: loud } = await waiting(other);
    loud.send('3.nop;'.repeat(10));
    loud.send('3');
    const { sentence, status } = await other.farewell();
    expect(sentence).toContain('sent too much before the session was set up');
    expect(status).toBe(0x030d);
  });
});

import { describe, expect, it } from 'vitest';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { fakeOutpost, practice } from './practice.ts';

const BOTH = ['older', 'newest'] as const;

describe('a session through practice authentik', () => {
  it('is asked for with the arguments that authentik sends', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    await authentik.openSession('desktop', { screenWidth: 1279.5, screenHeight: 'x', user: 'Åsa' });
    const { args } = await outpost.instruction(3);
    const params = Object(args['params']);
    expect(args).toMatchObject({
      type: 'event.provider.specific',
      sub_type: 'init_connection',
      dest_channel_id: expect.stringMatching(/^specific\.\w+!\w+\.\d+$/),
      protocol: 'rdp',
      screen_width: '1279.5',
      screen_height: 'x',
      screen_dpi: '96',
      audio: 'audio/L8,audio/L16',
    });
    expect(params).toMatchObject({
      'client-name': 'authentik - Åsa',
      'resize-method': 'display-update',
      'create-drive-path': 'true',
      'drive-path': expect.stringMatching(/^\/tmp\/connection\/\w+$/),
    });
    expect('conn_id' in args).toBe(false);
  });

  it.each(BOTH)('is paired by its id and mirrored both ways (%s)', async (generation) => {
    const authentik = await practice({ generation });
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell');
    const session = await outpost.join();
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    session.ws.send(`${encode('size', '0', '10', '10')}${encode('sync', '7')}`);
    expect(await browser.waitFor('size')).toEqual(['size', '0', '10', '10']);
    await outpost.until(() => session.frames.includes('4.sync,1.7;'));
    browser.type('é\n');
    await outpost.until(() => session.frames.includes('3.key,5.65293,1.0;'));
    expect(session.frames).toContain('3.key,3.233,1.1;');
  });

  it('loses what a browser says before an outpost has come', async () => {
    const authentik = await practice({ generation: 'older' });
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell');
    browser.send('key', '1', '1');
    const session = await outpost.join();
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    browser.send('key', '2', '1');
    await outpost.until(() => session.frames.length > 0);
    expect(session.frames).toEqual(['3.key,1.2,1.1;']);
  });

  it.each(BOTH)('ends with the word to the outpost when the browser leaves (%s)', async (generation) => {
    const authentik = await practice({ generation });
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell');
    const session = await outpost.join();
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    browser.kill();
    expect(await outpost.until(() => session.closed)).toBe(1000);
    expect(session.frames.at(-1)).toBe('0.authentik.disconnect');
  });

  it('tells the browser that the outpost has gone only in the newest generation', async () => {
    for (const generation of BOTH) {
      const authentik = await practice({ generation });
      const outpost = await fakeOutpost(authentik).connect();
      const browser = await authentik.openSession('shell');
      const session = await outpost.join();
      await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
      session.ws.close();
      await authentik.until(() => authentik.sessions()[0]?.state !== 'paired');
      if (generation === 'newest') expect(await browser.ended).toMatchObject({ code: 1000 });
      // A round trip later it is still open.
      else await authentik.openSession('shell').then(() => expect(browser.open).toBe(true));
    }
  });

  it('passes tunnel pings to the outpost in the older generation', async () => {
    const authentik = await practice({ generation: 'older' });
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell');
    const session = await outpost.join();
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    browser.sendRaw('0.,4.ping,1.1;3.nop;');
    await outpost.until(() => session.frames.includes('0.,4.ping,1.1;3.nop;'));
  });

  it('answers tunnel pings itself in the newest generation', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell');
    const session = await outpost.join();
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    browser.sendRaw('0.,4.ping,1.1;3.nop;');
    expect(await browser.waitFor('')).toEqual(['', 'ping', '1']);
    await outpost.until(() => session.frames.includes('3.nop;'));
    expect(session.frames).toEqual(['3.nop;']);
    expect(authentik.sessions()[0]?.pingsAnswered).toBe(1);
  });

  it('converts lengths between code points and UTF-16 units in the newest generation', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell');
    const session = await outpost.join();
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    session.ws.send('4.name,3.a😀b;');
    expect(await browser.waitFor('name')).toEqual(['name', 'a😀b']);
    expect(browser.frames).toEqual(['4.name,4.a😀b;']);
    browser.send('argv', '😀😀');
    await outpost.until(() => session.frames.includes('4.argv,2.😀😀;'));
  });

  it('passes code points as they are in the older generation, which a real page chokes on', async () => {
    const authentik = await practice({ generation: 'older' });
    const outpost = await fakeOutpost(authentik).connect();
    const able = await authentik.openSession('shell');
    (await outpost.join()).ws.send('4.name,3.a😀b;');
    expect(await able.waitFor('name')).toEqual(['name', 'a😀b']);
    const real = await authentik.openSession('shell', { lengths: 'utf16' });
    (await outpost.join(1)).ws.send('4.name,3.a😀b;');
    await real.ended;
    expect(real.failure).toContain('not followed by');
  });

  it('keeps file streams from the browser in the newest generation, and lets the clipboard pass', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('desktop');
    const session = await outpost.join();
    const frames = [
      ['filesystem', '0', 'Drive'],
      ['file', '1', 'text/plain', 'a.txt'],
      ['blob', '1', 'AAAA'],
      ['clipboard', '2', 'text/plain'],
      ['blob', '2', Buffer.from('so 😀').toString('base64')],
      ['body', '0', '3', 'text/plain', '/'],
      ['blob', '3', 'AAAA'],
      ['end', '3'],
      ['end', '1'],
      ['end', '2'],
      ['clipboard', '1', 'text/plain'],
      ['blob', '1', Buffer.from('again').toString('base64')],
      ['end', '1'],
    ] as const;
    for (const [opcode, ...args] of frames) session.ws.send(encode(opcode, ...args));
    await browser.until(() => browser.clipboards.length === 2);
    expect(browser.clipboards).toEqual(['so 😀', 'again']);
    expect(browser.instructions.map(([opcode]) => opcode)).not.toContain('file');
    expect(authentik.sessions()[0]?.filtered).toBe(7);
  });

  it.each([
    ['something else', 'hello'],
    ['an instruction longer than 8192', encode('key', 'x'.repeat(8192))],
    ['more than 64 elements', encode('key', ...'x'.repeat(64))],
  ])('ends in the newest generation when the browser sends %s', async (_, frame) => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell');
    const session = await outpost.join();
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    browser.sendRaw(frame);
    expect(await browser.ended).toMatchObject({ code: 1008 });
    await outpost.until(() => session.frames.includes('0.authentik.disconnect'));
    expect(authentik.journal.oddities[0]).toContain('The browser');
  });

  it('puts an instruction together that the outpost cut, and counts that', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell');
    const session = await outpost.join();
    session.ws.send('4.na');
    session.ws.send('me,1.x;');
    expect(await browser.waitFor('name')).toEqual(['name', 'x']);
    expect(authentik.sessions()[0]?.cutFrames).toBe(1);
  });

  it('keeps answers on the control channel to itself, and sends the outpost what a test wants', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('desktop', { destChannelId: 'specific.abc!xyz.1' });
    const session = await outpost.join();
    session.ws.send('0.authentik.list.{"status":404}');
    session.ws.send('3.nop;');
    await browser.waitFor('nop');
    expect(authentik.sessions()[0]?.controls).toEqual(['0.authentik.list.{"status":404}']);
    expect(browser.frames).toEqual(['3.nop;']);
    authentik.sendToOutpost('specific.abc!xyz.1', '0.authentik.future');
    await outpost.until(() => session.frames.includes('0.authentik.future'));
  });

  it('lets a second websocket for the same session be', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell', { destChannelId: 'twice' });
    const first = await outpost.session('twice');
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    const second = await outpost.session('twice');
    await authentik.until(() => authentik.sessions()[0]?.extras === 1);
    browser.send('nop');
    await outpost.until(() => first.frames.includes('3.nop;'));
    await browser.close();
    await outpost.until(() => first.closed);
    expect(second.frames).toEqual([]);
    expect(second.closed).toBeUndefined();
  });

  it('does not open with a token that does not exist, and not for another site', async () => {
    const authentik = await practice();
    const { PracticeBrowser } = await import('../../../practice/authentik/browser.ts');
    const url = `${authentik.url.replace('http', 'ws')}ws/rac/nothing/`;
    const browser = await PracticeBrowser.connect({ url });
    expect(await browser.ended).toMatchObject({ code: 1005 });
    expect(authentik.sessions()).toEqual([]);
  });

  it('can be asked for with arguments that authentik would never send', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    await authentik.openSession('shell', { alter: (args) => ({ ...args, params: 'none', protocol: 7 }) });
    expect((await outpost.instruction(3)).args).toMatchObject({ params: 'none', protocol: 7 });
  });

  it.each(BOTH)('slows the outpost down when the browser stops reading (%s)', async (generation) => {
    const pipe = { highWaterBytes: 256 * 1024, lowWaterBytes: 64 * 1024 };
    const authentik = await practice({ generation, pipe });
    const outpost = await fakeOutpost(authentik).connect();
    const browser = await authentik.openSession('shell');
    const session = await outpost.join();
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    browser.pause();
    const frame = encode('blob', '1', 'A'.repeat(60_000));
    const total = 600;
    for (let index = 0; index < total; index += 1) session.ws.send(frame);
    await authentik.until(() => (authentik.sessions()[0]?.peakQueuedBytes ?? 0) > pipe.highWaterBytes);
    // What is not taken stays with the outpost: its own socket no longer drains.
    let before = -1;
    await authentik.until(() => {
      const same = session.ws.bufferedAmount === before;
      before = session.ws.bufferedAmount;
      return same;
    });
    expect(session.ws.bufferedAmount).toBeGreaterThan(0);
    // Not a frame more is taken than one piece of TCP holds.
    expect(authentik.sessions()[0]?.peakQueuedBytes).toBeLessThan(pipe.highWaterBytes + 256 * 1024);
    browser.resume();
    await browser.until(() => browser.bytes === total * frame.length);
    expect(session.ws.bufferedAmount).toBe(0);
  });
});

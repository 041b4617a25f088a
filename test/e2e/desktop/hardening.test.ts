import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApp } from '../../../practice/desktop/desktop-app.ts';
import { Scene } from './scene.ts';

/*
 * A hostile script in the console's page tries every door: the twenty points of Electron's list (electronjs.org,
 * tutorial/security), and those of our own. Fuses (19) are read from the packaged binary, where they are set.
 */

let scene: Scene;
let app: RunningApp;
let listener: Listener;

beforeAll(async () => {
  listener = await Listener.start();
  scene = await Scene.start();
  app = await scene.launch();
  await (await app.window()).waitForLoadState('load');
});

afterAll(async () => {
  await scene?.end();
  await listener?.end();
});

describe('a hostile script in the console’s page', () => {
  it('reaches nobody, whatever it uses (1, 6, 8)', async () => {
    const url = `http://127.0.0.1:${listener.port}`;
    const outcomes = await hostile(`
      const url = '${url}';
      const outcome = async (name, run) => {
        try { return [name, String(await run())]; } catch (error) { return [name, 'refused']; }
      };
      const loads = (element, source) => new Promise((resolve, reject) => {
        element.onload = () => resolve('loaded');
        element.onerror = () => reject(new Error('not loaded'));
        Object.assign(element, source);
        document.head.append(element);
        setTimeout(() => reject(new Error('nothing')), 1500);
      });
      const opens = (socket) => new Promise((resolve, reject) => {
        socket.onopen = () => resolve('open');
        socket.onerror = () => reject(new Error('refused'));
      });
      return Promise.all([
        outcome('fetch', () => fetch(url, { mode: 'no-cors' })),
        outcome('fetch of a file', () => fetch('file:///etc/passwd')),
        outcome('fetch of our own file', () => fetch('app://console/index.html')),
        outcome('xhr', () => new Promise((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.onload = () => resolve('loaded'); request.onerror = () => reject(new Error('refused'));
          request.open('GET', url); request.send();
        })),
        outcome('websocket', () => opens(new WebSocket('ws://127.0.0.1:${listener.port}'))),
        outcome('event source', () => opens(new EventSource(url))),
        outcome('beacon', () => { if (!navigator.sendBeacon(url, 'x')) throw new Error('refused'); return 'queued'; }),
        outcome('image', () => loads(new Image(), { src: url + '/i.png' })),
        outcome('image over https', () => loads(new Image(), { src: 'https://127.0.0.1:${listener.port}/i.png' })),
        outcome('style sheet', () => loads(document.createElement('link'), { rel: 'stylesheet', href: url + '/s.css' })),
        outcome('prefetch', () => loads(document.createElement('link'), { rel: 'prefetch', href: url + '/p' })),
        outcome('preconnect', () => loads(document.createElement('link'), { rel: 'preconnect', href: url })),
        outcome('video', () => loads(document.createElement('video'), { src: url + '/v.mp4' })),
        outcome('font', () => new FontFace('x', 'url(' + url + '/f.woff2)').load()),
        outcome('worker', () => new Promise((resolve, reject) => {
          const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])));
          worker.onmessage = () => resolve('runs'); worker.onerror = () => reject(new Error('refused'));
        })),
        outcome('service worker', () => navigator.serviceWorker.register('/console.js')),
      ]);
    `);
    const allowed = entries(outcomes).filter(([name, said]) => said !== 'refused' && name !== 'beacon');
    expect(allowed).toEqual([]);
    await settled();
    expect(listener.heard).toEqual([]);
  });

  it('finds no way out over WebRTC', async () => {
    await hostile(`
      const peer = new RTCPeerConnection({ iceServers: [
        { urls: 'stun:127.0.0.1:${listener.udpPort}' },
        { urls: 'turn:127.0.0.1:${listener.port}?transport=tcp', username: 'a', credential: 'b' },
      ] });
      peer.createDataChannel('x');
      await peer.setLocalDescription(await peer.createOffer());
      await new Promise((resolve) => setTimeout(resolve, 2500));
      peer.close();
      return 'done';
    `).catch(() => 'refused');
    expect(listener.heard).toEqual([]);
  });

  it('has nothing of Node and nothing of Electron (2, 3, 4, 20)', async () => {
    const found = await hostile(`
      const names = ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron', '__dirname', 'setImmediate'];
      const reach = (make) => { try { return String(make()); } catch (error) { return 'refused'; } };
      return {
        globals: names.filter((name) => name in window && typeof window[name] !== 'undefined'),
        client: Object.keys(window.sallyport).sort(),
        frozen: Object.isFrozen(window.sallyport),
        replaced: (() => { try { window.sallyport.call = () => 1; } catch {} return /native|=>|function/.test(String(window.sallyport.call)) && window.sallyport.call.length !== 0; })(),
        constructor: reach(() => window.sallyport.call.constructor('return typeof process')()),
        arguments: reach(() => window.sallyport.on.constructor('return typeof require')()),
        opener: String(window.opener), parent: window.parent === window,
      };
    `);
    expect(found).toMatchObject({
      globals: [],
      client: ['call', 'on'],
      constructor: 'refused',
      arguments: 'refused',
      opener: 'null',
      parent: true,
    });
    const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      // Not in the types, but the only place that tells what holds.
      const contents: object = window?.webContents ?? {};
      const read: unknown = Reflect.get(contents, 'getLastWebPreferences');
      return typeof read === 'function' ? JSON.parse(JSON.stringify(read.call(contents))) : null;
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      experimentalFeatures: false,
    });
    expect(preferences).toHaveProperty('enableBlinkFeatures', '');
  });

  it('gets no permission and no device (5)', async () => {
    const answers = await hostile(`
      const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 2000));
      const ask = async (run) => { try { await Promise.race([run(), late()]); return 'granted'; } catch (error) { return 'refused'; } };
      const states = {};
      for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'persistent-storage', 'background-sync'])
        states[name] = await navigator.permissions.query({ name }).then(({ state }) => state, () => 'refused');
      return { states, asked: {
        location: await ask(() => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
        camera: await ask(() => navigator.mediaDevices.getUserMedia({ video: true })),
        screen: await ask(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
        clipboard: await ask(() => navigator.clipboard.readText()),
        usb: await ask(() => navigator.usb.requestDevice({ filters: [] })),
        hid: await ask(() => navigator.hid.requestDevice({ filters: [{ vendorId: 1 }] }).then((list) => { if (list.length === 0) throw new Error('none'); })),
        serial: await ask(() => navigator.serial.requestPort()),
        bluetooth: await ask(() => navigator.bluetooth.requestDevice({ acceptAllDevices: true })),
        midi: await ask(() => navigator.requestMIDIAccess({ sysex: true })),
        notification: await ask(async () => { if (await Notification.requestPermission() !== 'granted') throw new Error('denied'); }),
        pointer: await ask(() => new Promise((resolve, reject) => { document.onpointerlockchange = resolve; document.onpointerlockerror = reject; document.body.requestPointerLock(); setTimeout(reject, 500); })),
        keyboard: await ask(() => navigator.keyboard.lock().then(() => { throw new Error('held only in full screen'); })),
      } };
    `);
    const { states, asked } = record(answers);
    expect(Object.values(record(states)).filter((state) => state === 'granted')).toEqual([]);
    expect(entries(Object.entries(record(asked))).filter(([, said]) => said !== 'refused')).toEqual([]);
  });

  it('may fill the screen, as the player of recordings does', async () => {
    const answer = await hostile(`
      return document.body.requestFullscreen().then(() => document.exitFullscreen()).then(() => 'granted', () => 'refused');
    `);
    expect(answer).toBe('granted');
  });

  it('is held by a content policy that comes with every answer (7)', async () => {
    const outcomes = await hostile(`
      const runs = (make) => { try { make(); return 'runs'; } catch (error) { return 'refused'; } };
      const script = document.createElement('script');
      const inline = runs(() => { script.text = 'window.inlineRan = true'; document.head.append(script); });
      const style = document.createElement('div'); style.setAttribute('style', 'color: rgb(1, 2, 3)'); document.body.append(style);
      const link = document.createElement('a'); link.href = 'javascript:window.linkRan = true'; document.body.append(link);
      link.click();
      await new Promise((resolve) => setTimeout(resolve, 200));
      const base = document.createElement('base'); base.href = 'http://127.0.0.1/'; document.head.append(base);
      const answer = {
        eval: runs(() => eval('1')),
        newFunction: runs(() => new Function('return 1')()),
        timeout: runs(() => setTimeout('window.timerRan = true')),
        inline, inlineRan: 'inlineRan' in window, linkRan: 'linkRan' in window, timerRan: 'timerRan' in window,
        html: runs(() => { style.innerHTML = '<img src=x onerror="window.htmlRan = true">'; }),
        write: runs(() => document.write('<p>x')),
        policy: runs(() => trustedTypes.createPolicy('mine', { createHTML: (text) => text })),
        inlineStyle: getComputedStyle(style).color === 'rgb(1, 2, 3)' ? 'runs' : 'refused',
        base: document.baseURI,
        wasm: await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => 'runs', () => 'refused'),
      };
      for (const element of [script, style, link, base]) element.remove();
      return answer;
    `);
    expect(outcomes).toEqual({
      eval: 'refused',
      newFunction: 'refused',
      timeout: 'refused',
      inline: 'refused',
      inlineRan: false,
      linkRan: false,
      timerRan: false,
      html: 'refused',
      write: 'refused',
      policy: 'refused',
      inlineStyle: 'refused',
      base: 'app://console/',
      wasm: 'refused',
    });
  });

  it('opens no window, no web view and no frame, and goes nowhere (11, 12, 13, 14)', async () => {
    const before = await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length);
    const outcomes = await hostile(`
      const opened = ['https://example.org/', 'app://console/', 'about:blank', 'javascript:1', 'file:///etc/passwd']
        .map((address) => window.open(address)).filter((other) => other !== null).length;
      const view = document.createElement('webview');
      view.setAttribute('src', 'https://example.org/'); view.setAttribute('allowpopups', '');
      const frame = document.createElement('iframe'); frame.src = 'http://127.0.0.1:${listener.port}/';
      const own = document.createElement('iframe'); own.src = 'app://console/index.html';
      const object = document.createElement('object'); try { object.data = 'app://console/index.html'; } catch {}
      document.body.append(view, frame, own, object);
      const link = document.createElement('a'); link.href = 'http://127.0.0.1:${listener.port}/'; link.target = '_blank';
      document.body.append(link); link.click(); link.target = ''; link.click();
      const download = document.createElement('a'); download.href = URL.createObjectURL(new Blob(['x'])); download.download = 'x.exe';
      document.body.append(download); download.click();
      const form = document.createElement('form'); form.action = 'http://127.0.0.1:${listener.port}/'; form.method = 'post';
      document.body.append(form); form.submit();
      for (const address of ['http://127.0.0.1:${listener.port}/', 'file:///etc/passwd', 'data:text/html,x', 'app://other/', 'chrome://gpu/'])
        try { location.href = address; } catch {}
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const inside = own.contentWindow;
      let framed = 'empty';
      try { framed = inside.document.querySelector('script') ? 'loaded' : 'empty'; } catch { framed = 'other'; }
      const answer = { opened, framed, view: typeof view.loadURL };
      for (const element of [view, frame, own, object, link, download, form]) element.remove();
      return answer;
    `);
    expect(outcomes).toMatchObject({ opened: 0, view: 'undefined' });
    expect(record(outcomes)['framed']).not.toBe('loaded');
    const [after, address] = await app.electron.evaluate(({ webContents, BrowserWindow }) => [
      webContents.getAllWebContents().length,
      BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
    ]);
    expect(after).toBe(before);
    expect(address).toMatch(/^app:\/\/console\//);
    expect(listener.heard).toEqual([]);
  });

  it('cannot choose what the system’s browser opens (15)', async () => {
    await app.electron.evaluate(({ shell }) => {
      Reflect.set(globalThis, 'opened', []);
      shell.openExternal = async (address: string) => {
        Reflect.get(globalThis, 'opened').push(address);
      };
    });
    const outcomes = await hostile(`
      const answers = [];
      for (const link of ['https://evil.example/', 'file:///etc/passwd', 'javascript:1', '__proto__', '', null, { toString: () => 'authentik' }, 'authentik'])
        answers.push((await window.sallyport.call('link/open', { link }).catch(() => ({ ok: false }))).ok);
      answers.push((await window.sallyport.call('link/open', { link: 'docs-rac', address: 'https://evil.example' })).ok);
      answers.push((await window.sallyport.call('link/open', { link: 'docs-rac' })).ok);
      return answers;
    `);
    // No address of authentik is set in this scene: only the documentation can be opened.
    expect(outcomes).toEqual([false, false, false, false, false, false, false, false, false, true]);
    const opened: unknown = await app.electron.evaluate(() => Reflect.get(globalThis, 'opened'));
    expect(opened).toEqual(['https://docs.goauthentik.io/add-secure-apps/providers/rac/']);
  });

  it('runs in the current Electron where the app is shipped (16)', () => {
    const manifest: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', '..', 'package.json'), 'utf8'),
    );
    const version = String(record(record(manifest)['devDependencies'])['electron']);
    expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(45);
  });

  it('is heard only by the door, and only with what the table knows (17)', async () => {
    const outcomes = await hostile(`
      const { call } = window.sallyport;
      const said = async (name, params) => {
        try { const { ok, failure } = await call(name, params); return ok ? 'ok' : failure.code + ' ' + failure.message; }
        catch (error) { return 'thrown'; }
      };
      const loop = {}; loop.self = loop;
      return {
        unknown: await said('shell/run', {}),
        inherited: await said('constructor', {}),
        proto: await said('__proto__', {}),
        nothing: await said(undefined, {}),
        missing: await said('session/end', undefined),
        wrong: await said('outpost/stop', { drain: 'yes' }),
        more: await said('app/state', { more: 1 }),
        large: await said('clipboard/copy', { text: 'x'.repeat(1024 * 1024 + 1) }),
        circular: await said('snippet/read', { text: 'x', loop }),
        bigint: await said('log/recent', { limit: 10n }),
        many: await said('log/recent', { limit: 1e9 }),
      };
    `);
    const answers = record(outcomes);
    for (const [name, said] of Object.entries(answers))
      expect(said, name).toMatch(/^(?:control-protocol |thrown)/);
    expect(JSON.stringify(answers)).not.toMatch(/\n\s+at |\.cjs|\.ts:/);
  });

  it('is not heard from another frame or another page of the same window', async () => {
    const answers = await app.electron.evaluate(async ({ BrowserWindow, ipcMain }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (!window) throw new Error('There is no window.');
      // The handler as Electron would call it, with senders that a page cannot make, but a mistake of ours could.
      const handlers: Map<string, (event: unknown, ...args: unknown[]) => unknown> = Reflect.get(
        ipcMain,
        '_invokeHandlers',
      );
      const call = (sender: unknown, frame: unknown) =>
        new Promise((resolve) => {
          const reply = (answer: unknown) => resolve(JSON.parse(JSON.stringify(answer)));
          const event = {
            sender,
            senderFrame: frame,
            _reply: reply,
            _throw: () => resolve('thrown'),
            sendReply: reply,
          };
          const handle = handlers.get('sallyport/call');
          // Electron wraps handlers differently from version to version; what comes back is the answer either way.
          Promise.resolve(handle?.(event, 'app/state', {})).then(
            (answer) => answer !== undefined && reply(answer),
          );
        });
      const { mainFrame } = window.webContents;
      const frame = { url: 'app://console/', parent: null, routingId: 1, top: { routingId: 1 } };
      return [
        await call(window.webContents, { ...frame, parent: {} }),
        await call(window.webContents, { ...frame, top: { routingId: 2 } }),
        await call(window.webContents, { ...frame, url: 'app://viewer/' }),
        await call(window.webContents, { ...frame, url: 'https://console/' }),
        await call(window.webContents, { ...frame, url: 'file:///console/' }),
        await call(window.webContents, null),
        await call({}, frame),
        await call(window.webContents, { ...frame, url: mainFrame.url }),
      ].map((answer) => Reflect.get(Object(answer), 'ok'));
    });
    expect(answers).toEqual([false, false, false, false, false, false, false, true]);
  });

  it('finds only the files of the table behind the app’s own scheme (18)', async () => {
    const outcomes = await hostile(`
      const loads = (address) => new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve('loaded'); image.onerror = () => resolve('refused');
        image.src = address;
      });
      const found = [];
      for (const address of ['app://console/../main.cjs', 'app://console/%2e%2e/main.cjs', 'app://console/..%2fresources/icons/16.png',
        'app://console/resources/icons/16.png', 'app://other/', 'app:///etc/passwd', 'app://console//etc/passwd', 'file:///etc/passwd', 'app://console/console.js%00'])
        found.push(await loads(address));
      return found;
    `);
    expect(outcomes).toEqual(Array(9).fill('refused'));
  });

  it('never gets the token, however it asks', async () => {
    const token = 'ZfakeTokenThatNobodyMaySeeAgain0123456789';
    const answer = await hostile(`
      const { call } = window.sallyport;
      const all = [];
      all.push(await call('snippet/read', { text: 'AUTHENTIK_HOST: https://sso.example.org\\nAUTHENTIK_TOKEN: ${token}' }));
      all.push(await call('token/set', { tokenId: all[0].value.tokenId }));
      for (const name of ['app/state', 'config/show', 'secrets/state', 'outpost/config', 'preferences/get', 'app/versions'])
        all.push(await call(name, {}));
      all.push(await call('log/recent', { limit: 1000 }));
      all.push(await call('diagnostics/prepare', { replaceNames: false }));
      return all;
    `);
    const text = JSON.stringify(answer);
    expect(text).toContain('"hasToken":true');
    expect(text).toContain('"***"');
    expect(text).not.toContain(token);
  });

  it('would find every request cancelled, even without the content policy', async () => {
    const outcomes = await app.electron.evaluate(async ({ net, BrowserWindow }, url) => {
      const asked = await new Promise<string>((resolve) => {
        const request = net.request(url);
        request.on('response', () => resolve('answered'));
        request.on('error', (error) => resolve(error.message));
        request.end();
      });
      const [window] = BrowserWindow.getAllWindows();
      const loaded = await window?.webContents.loadURL(url).then(
        () => 'loaded',
        (error: Error) => error.message,
      );
      await window?.webContents.loadURL('app://console/');
      return [asked, String(loaded)];
    }, `http://127.0.0.1:${listener.port}/`);
    expect(outcomes[0]).toContain('ERR_BLOCKED_BY_CLIENT');
    expect(outcomes[1]).toContain('ERR_BLOCKED_BY_CLIENT');
    expect(listener.heard).toEqual([]);
  });

  it('has one door: nothing else on the main side listens to pages', async () => {
    const doors = await app.electron.evaluate(({ ipcMain }) => ({
      events: ipcMain.eventNames().map(String),
      calls: [...Reflect.get(ipcMain, '_invokeHandlers').keys()].map(String),
    }));
    // `error` is Electron's own.
    expect(doors).toEqual({ events: ['error'], calls: ['sallyport/call'] });
  });
});

/** Runs in the page's own world, as a script of it that was taken over would. */
async function hostile(body: string): Promise<unknown> {
  const text: unknown = await app.electron.evaluate(async ({ BrowserWindow }, script) => {
    const [window] = BrowserWindow.getAllWindows();
    return window?.webContents.executeJavaScript(script, true);
  }, `(async () => { const answer = await (async () => { ${body} })(); return JSON.stringify(answer); })()`);
  return JSON.parse(String(text));
}

function record(value: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object(value)));
}

function entries(value: unknown): [string, unknown][] {
  return Array.isArray(value) ? value.map((pair) => [String(pair[0]), pair[1]]) : [];
}

/** Time for what was begun to arrive, if it does. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 500));
}

/** Hears every connection and every datagram. */
class Listener {
  readonly heard: string[] = [];
  readonly #tcp: Server;
  readonly #udp = createSocket('udp4');

  private constructor() {
    this.#tcp = createServer((socket) => {
      this.heard.push('tcp');
      socket.on('error', () => {});
      socket.destroy();
    });
    this.#udp.on('message', () => this.heard.push('udp'));
  }

  static async start(): Promise<Listener> {
    const listener = new Listener();
    await new Promise<void>((resolve) => listener.#tcp.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => listener.#udp.bind(0, '127.0.0.1', resolve));
    return listener;
  }

  get port(): number {
    const address = this.#tcp.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  get udpPort(): number {
    return this.#udp.address().port;
  }

  async end(): Promise<void> {
    this.#udp.close();
    await new Promise((resolve) => this.#tcp.close(resolve));
  }
}

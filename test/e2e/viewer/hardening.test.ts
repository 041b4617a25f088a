import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, untilState } from '../../../practice/desktop/app-state.ts';
import type { RunningApp } from '../../../practice/desktop/desktop-app.ts';
import { Scene } from '../desktop/scene.ts';

/* A hostile script in a viewer's page: what it may do that the console may not is a short list, and no more. */

let scene: Scene;
let app: RunningApp;
let page: Page;

beforeAll(async () => {
  scene = await Scene.start();
  app = await scene.launch();
  await untilState(app, ({ outpost, status }) => outpost.kind === 'own' && status !== null);
  const opened = app.electron.waitForEvent('window');
  expect(await ask(app, 'viewer/watch', { session: 'nobody' })).toMatchObject({ ok: true });
  page = await opened;
  await page.getByRole('heading', { name: 'The session could not be opened' }).waitFor();
});

afterAll(() => scene?.end());

/** Runs in the page's own world, with a person's gesture, as a script of it that was taken over would. */
async function hostile(body: string): Promise<unknown> {
  const text: unknown = await app.electron.evaluate(async ({ BrowserWindow }, script) => {
    const window = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().startsWith('app://viewer/'),
    );
    return window?.webContents.executeJavaScript(script, true);
  }, `(async () => { const answer = await (async () => { ${body} })(); return JSON.stringify(answer); })()`);
  return JSON.parse(String(text));
}

describe('a hostile script in a viewer’s page', () => {
  it('gets clipboard and full screen, and no other permission or device', async () => {
    const answers = await hostile(`
      const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 2000));
      const tries = async (run) => { try { await Promise.race([run(), late()]); return 'granted'; } catch { return 'refused'; } };
      const states = {};
      for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'clipboard-write', 'persistent-storage', 'background-sync'])
        states[name] = await navigator.permissions.query({ name }).then(({ state }) => state, () => 'refused');
      return { states, asked: {
        location: await tries(() => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject))),
        camera: await tries(() => navigator.mediaDevices.getUserMedia({ video: true })),
        microphone: await tries(() => navigator.mediaDevices.getUserMedia({ audio: true })),
        screen: await tries(() => navigator.mediaDevices.getDisplayMedia({ video: true })),
        usb: await tries(() => navigator.usb.requestDevice({ filters: [] })),
        serial: await tries(() => navigator.serial.requestPort()),
        bluetooth: await tries(() => navigator.bluetooth.requestDevice({ acceptAllDevices: true })),
        notification: await tries(async () => { if (await Notification.requestPermission() !== 'granted') throw new Error('denied'); }),
      } };
    `);
    const { states, asked } = Object(answers);
    const granted = Object.keys(states).filter((name) => states[name] === 'granted');
    expect(granted.filter((name) => !name.startsWith('clipboard-'))).toEqual([]);
    expect(granted).toContain('clipboard-read');
    expect(Object.entries(asked).filter(([, said]) => said !== 'refused')).toEqual([]);
  });

  it('reaches nobody, and runs nothing but its own file', async () => {
    const outcomes = await hostile(`
      const outcome = async (run) => { try { return String(await run()); } catch { return 'refused'; } };
      const image = (src) => new Promise((resolve, reject) => {
        const made = new Image(); made.onload = resolve; made.onerror = reject; made.src = src;
      });
      const style = document.createElement('p'); style.setAttribute('style', 'color: rgb(1, 2, 3)'); document.body.append(style);
      const inlineStyle = getComputedStyle(style).color === 'rgb(1, 2, 3)' ? 'runs' : 'refused'; style.remove();
      return { inlineStyle,
        fetched: await outcome(() => fetch('http://127.0.0.1:1/')), own: await outcome(() => fetch('app://viewer/index.html')),
        console: await outcome(() => image('app://console/console.js')), file: await outcome(() => image('file:///etc/passwd')),
        socket: await outcome(() => new Promise((resolve, reject) => { const made = new WebSocket('ws://127.0.0.1:1'); made.onopen = resolve; made.onerror = reject; })),
        evaluated: await outcome(() => eval('1')), html: await outcome(() => { document.body.innerHTML = '<b>x'; }),
        opened: await outcome(() => { if (window.open('app://console/') === null) throw new Error('refused'); }),
        worker: await outcome(() => new Promise((resolve, reject) => { const made = new Worker('data:text/javascript,postMessage(1)'); made.onmessage = resolve; made.onerror = reject; })),
      };
    `);
    expect(Object.entries(Object(outcomes)).filter(([, said]) => said !== 'refused')).toEqual([]);
  });

  it('may ask for its own window’s session, and for nothing of the console’s', async () => {
    const found = await hostile(`
      const { call, on } = window.sallyportViewer;
      const said = async (name, params) => { try { const { ok } = await call(name, params); return ok ? 'ok' : 'refused'; } catch { return 'thrown'; } };
      const hears = (name) => { try { on(name, () => {}); return 'hears'; } catch { return 'thrown'; } };
      const answers = {};
      for (const name of ['app/state', 'config/show', 'token/set', 'session/end', 'log/recent', 'viewer/open', 'viewer/watch', 'vault/state', 'vault/unlock', 'vault/change', 'secrets/unlock', 'clipboard/copy', 'machines/list', '__proto__', 'constructor'])
        answers[name] = await said(name, {});
      return { answers, events: ['app/state', 'status', 'log/line', 'machines/changed'].map(hears), about: await said('viewer/about', {}),
        wrong: [await said('viewer/begin', { display: { width: 1e9, height: 1, dpi: 96, audio: [] } }), await said('viewer/save', { what: 'file', name: 'x', path: '/etc/passwd' }),
          await said('viewer/save', { what: 'file', name: 'x'.repeat(5000) }), await said('viewer/unlock', { passphrase: 'x'.repeat(5000) })],
        unasked: (await call('viewer/unlock', { passphrase: 'a guess' })).failure.message,
        globals: ['require', 'process', 'Buffer', 'ipcRenderer', 'sallyport'].filter((name) => name in window), frozen: Object.isFrozen(window.sallyportViewer) };
    `);
    const { answers, events, about, wrong, unasked, globals } = Object(found);
    expect(Object.values(answers)).toEqual(Object.keys(answers).map(() => 'thrown'));
    expect(events).toEqual(['thrown', 'thrown', 'thrown', 'thrown']);
    expect(about).toBe('ok');
    expect(wrong).toEqual(['refused', 'refused', 'refused', 'refused']);
    // A guess costs everybody time, so only a session that was refused for the vault may make one.
    expect(unasked).toBe('This session does not wait for the vault.');
    expect(globals).toEqual([]);
  });

  it('is refused by the main side as well, whatever its preload would let through', async () => {
    const answers = await app.electron.evaluate(async ({ BrowserWindow, ipcMain }) => {
      const contents = BrowserWindow.getAllWindows()
        .map((window) => window.webContents)
        .find((one) => one.getURL().startsWith('app://viewer/'));
      const handlers: Map<string, (event: unknown, ...args: unknown[]) => unknown> = Reflect.get(
        ipcMain,
        '_invokeHandlers',
      );
      const call = (url: string, name: string, params: unknown) =>
        new Promise((resolve) => {
          const reply = (answer: unknown) => resolve(JSON.parse(JSON.stringify(answer)));
          const senderFrame = { url, parent: null, routingId: 1, top: { routingId: 1 } };
          const event = { sender: contents, senderFrame, _reply: reply, sendReply: reply, _throw: resolve };
          Promise.resolve(handlers.get('sallyport/call')?.(event, name, params)).then(
            (answer) => answer !== undefined && reply(answer),
          );
        });
      const display = { width: 800, height: 600, dpi: 96, audio: [] };
      return [
        await call('app://viewer/', 'viewer/about', {}),
        await call('app://viewer/', 'config/show', {}),
        await call('app://viewer/', 'session/end', { id: 'x' }),
        await call('app://viewer/', 'token/remove', {}),
        await call('app://viewer/', 'vault/unlock', { passphrase: 'x' }),
        await call('app://console/', 'viewer/unlock', { passphrase: 'x' }),
        await call('app://console/', 'viewer/about', {}),
        await call('app://console/', 'config/show', {}),
        await call('https://viewer/', 'viewer/begin', { display }),
      ].map((answer) => Reflect.get(Object(answer), 'ok'));
    });
    expect(answers).toEqual([true, false, false, false, false, false, false, false, false]);
    // A console may not speak for a viewer either.
    expect(await ask(app, 'viewer/begin', {}).catch(() => 'thrown')).toBe('thrown');
  });

  it('lives in a sandbox like every page', async () => {
    const preferences = await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => {
        const read: unknown = Reflect.get(webContents, 'getLastWebPreferences');
        return typeof read === 'function' ? JSON.parse(JSON.stringify(read.call(webContents))) : null;
      }),
    );
    expect(preferences).toHaveLength(2);
    for (const one of preferences)
      expect(one).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
      });
  });
});

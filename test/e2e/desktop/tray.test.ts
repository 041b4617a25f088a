import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, isOnline, untilState } from '../../../practice/desktop/app-state.ts';
import type { RunningApp } from '../../../practice/desktop/desktop-app.ts';
import { untilLive } from '../../../practice/desktop/session-window.ts';
import { labels, TrayReader } from '../../../practice/desktop/tray-reader.ts';
import { eventually } from '../../lab/harness/lab.ts';
import { Scene } from './scene.ts';

describe('the tray of the app, on a real desktop bus', () => {
  let scene: Scene;
  let app: RunningApp;

  beforeAll(async () => {
    scene = await Scene.start({ practice: true });
    app = await scene.launch();
    await scene.tray.registered();
  });

  afterAll(() => scene?.end());

  it('is there, says where the outpost is online, and offers what a person may want', async () => {
    const { host } = new URL(scene.practice.outpost.host);
    await scene.tray.untilThere(`Online · ${host} · no sessions`);
    expect(await scene.tray.tooltip()).toBe(`Sallyport · Online · ${host} · no sessions`);
    expect(labels(await scene.tray.menu())).toEqual([
      `Online · ${host} · no sessions`,
      'Stop outpost',
      'No sessions',
      'Open console',
      { Troubleshoot: ['Copy status', 'Save diagnostics…', 'Open log folder'] },
      'Start at login',
      'About Sallyport',
      'Stop outpost and quit',
    ]);
  });

  it('is found by its process where the place for icons is somebody else’s', async () => {
    const guest = await TrayReader.start(scene.session.bus);
    try {
      await guest.registered(app.pid);
      expect(labels(await guest.menu())).toEqual(labels(await scene.tray.menu()));
      await expect(guest.registered(process.pid, 200)).rejects.toThrow();
    } finally {
      guest.end();
    }
  });

  it('stops and starts the outpost, with an icon for each', async () => {
    const online = await scene.tray.icon();
    await scene.tray.click('Stop outpost');
    await scene.tray.untilThere('Start outpost');
    const control = await app.control();
    const { phase, wish } = await control.request('status', {});
    expect({ phase, wish }).toEqual({ phase: 'stopped', wish: 'stop' });
    const stopped = await scene.tray.icon();
    expect(stopped.bytes.equals(online.bytes)).toBe(false);
    await scene.tray.click('Start outpost');
    await scene.tray.untilThere(/^Online · .* · no sessions$/);
    expect((await control.request('status', {})).link.kind).toBe('online');
    expect((await scene.tray.icon()).bytes.equals(online.bytes)).toBe(true);
    control.close();
  });

  it('shows a session that somebody opens, watches it, and ends it', async () => {
    const browser = await scene.openSession();
    await scene.tray.untilThere('Sessions (1)');
    await scene.tray.untilThere(/→ .* · SSH · just now$/);
    await scene.tray.untilThere('Stop outpost and quit (1 session)');
    const [watcher] = await Promise.all([app.electron.waitForEvent('window'), scene.tray.click('Watch')]);
    await untilLive(watcher);
    await watcher.getByText('Watching', { exact: true }).waitFor();
    await scene.tray.untilThere(/ · watching$/);
    await scene.tray.untilThere('Stop outpost and quit (1 session)');
    const console = await app.window();
    await console.getByRole('link', { name: /^Sessions\s*1 open/ }).waitFor();
    const closed = watcher.waitForEvent('close');
    await watcher.close();
    await closed;
    await scene.tray.untilThere('Sessions (1)');
    expect(browser.open).toBe(true);
    await scene.tray.click('End this session');
    await browser.ended;
    await scene.tray.untilThere('No sessions');
    const { status } = await untilState(app, (state) => state.status?.sessions.length === 0);
    expect(status?.history[0]?.reason).toBe('ended-by-admin');
  });

  it('finishes sessions before it stops', async () => {
    const browser = await scene.openSession();
    await scene.tray.click('Finish sessions, then stop');
    await scene.tray.untilThere('Finishing 1 session, then stopping');
    expect(browser.open).toBe(true);
    browser.kill();
    await scene.tray.untilThere('Start outpost');
    await scene.tray.click('Start outpost');
    await untilState(app, isOnline);
  });

  it('goes on without its window, says so once, and opens it again', async () => {
    const page = await app.window();
    await page.close();
    await eventually(() =>
      scene.tray.notifications.some(({ title }) => title === 'Sallyport goes on in the tray'),
    );
    await scene.tray.click('Open console');
    await eventually(() => app.electron.windows().length === 1);
    await app.electron.windows()[0]?.waitForLoadState('load');
    await app.electron.windows()[0]?.close();
    await eventually(() => app.electron.windows().length === 0);
    // A second launch ends at once and brings the window of the first.
    const second = spawn(scene.runtime.executable, ['--no-sandbox', '--disable-gpu'], {
      env: scene.place.environment,
      stdio: 'ignore',
    });
    const [code] = await once(second, 'exit');
    expect(code).toBe(0);
    await eventually(() => app.electron.windows().length === 1);
    expect(
      scene.tray.notifications.filter(({ title }) => title === 'Sallyport goes on in the tray'),
    ).toHaveLength(1);
  });

  it('starts an outpost again that was killed, and says what was lost', async () => {
    const browser = await scene.openSession();
    const before = await untilState(app, (state) => state.status?.sessions[0]?.state === 'live');
    const pid = before.status?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await eventually(() =>
      scene.tray.notifications.some(({ title }) => title === 'The outpost ended unexpectedly'),
    );
    const said = scene.tray.notifications.find(({ title }) => title === 'The outpost ended unexpectedly');
    expect(said?.body).toMatch(/^The outpost ended unexpectedly.*\. Sessions that ended with it: 1\./);
    const after = await untilState(app, (state) => isOnline(state) && state.status?.pid !== pid);
    expect(after.outpost.kind).toBe('own');
    browser.kill();
  });

  it('asks before it quits where sessions are open, and leaves them where the person thinks better of it', async () => {
    const browser = await scene.openSession();
    await answerDialogs(app, 2);
    await scene.tray.click('Stop outpost and quit (1 session)');
    await eventually(async () => (await dialogsOf(app)).length === 1);
    expect((await dialogsOf(app))[0]).toMatchObject({
      message: 'Stop the outpost and quit?',
      detail: '1 session is open. Quitting ends it.',
      buttons: ['End sessions and quit', 'Finish sessions, then quit', 'Cancel'],
    });
    await scene.tray.click('Stop outpost');
    await eventually(async () => (await dialogsOf(app)).length === 2);
    expect(browser.open).toBe(true);
    expect(isAlive(app.pid)).toBe(true);
    await answerDialogs(app, 0);
    await scene.tray.click('Stop outpost');
    await browser.ended;
    await scene.tray.click('Start outpost');
    await untilState(app, isOnline);
  });

  it('quits with the outpost and everything that belongs to it', async () => {
    const { status } = await untilState(app, isOnline);
    const outpost = status?.pid ?? 0;
    await scene.tray.untilThere('Stop outpost and quit');
    await scene.tray.click('Stop outpost and quit');
    await eventually(() => !isAlive(app.pid));
    await eventually(() => !isAlive(outpost));
  });

  it('ends without a question when the system wants it to, at logout for instance', async () => {
    app = await scene.launch();
    await untilState(app, isOnline);
    const browser = await scene.openSession();
    const { status } = await untilState(app, (state) => state.status?.sessions[0]?.state === 'live');
    await app.stop();
    await browser.ended;
    // It is told to end before the app ends; the system buries it in its own time.
    await eventually(() => !isAlive(status?.pid ?? 0));
  });
});

/** Answers every question of the app with this button from now on. */
async function answerDialogs(app: RunningApp, response: number): Promise<void> {
  await app.electron.evaluate(({ dialog }, button) => {
    Reflect.set(globalThis, 'asked', []);
    Reflect.set(dialog, 'showMessageBox', async (...given: unknown[]) => {
      Reflect.get(globalThis, 'asked').push(given.at(-1));
      return { response: button };
    });
  }, response);
}

function dialogsOf(app: RunningApp): Promise<unknown[]> {
  return app.electron.evaluate(() => Reflect.get(globalThis, 'asked'));
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, isOnline, stateOf, untilState } from '../../../practice/desktop/app-state.ts';
import type { RunningApp } from '../../../practice/desktop/desktop-app.ts';
import { eventually } from '../../lab/harness/lab.ts';
import { Scene } from './scene.ts';

const PASSPHRASE = 'correct horse battery staple';

describe('the app from the first run on', () => {
  let scene: Scene;
  let app: RunningApp;

  beforeAll(async () => {
    scene = await Scene.start({ practice: true });
    // Nothing is set up: the person does that in the window.
    for (const name of ['AUTHENTIK_HOST', 'AUTHENTIK_TOKEN']) delete scene.place.environment[name];
    app = await scene.launch();
    await untilState(app, ({ outpost }) => outpost.kind === 'own');
  });

  afterAll(() => scene?.end());

  it('finds address and token in a snippet, tries them, keeps them and goes online', async () => {
    await untilState(app, ({ firstRun }) => firstRun);
    const { host, token } = scene.practice.outpost;
    const text = `services:\n  rac:\n    environment:\n      AUTHENTIK_HOST: ${host}\n      AUTHENTIK_INSECURE: "false"\n      AUTHENTIK_TOKEN: ${token}\n`;
    const snippet = await ask(app, 'snippet/read', { text });
    expect(snippet).toMatchObject({ ok: true, value: { host, hasToken: true, insecure: false } });
    const { tokenId } = Reflect.get(Object(snippet), 'value');
    const report = await ask(app, 'doctor/run', { proposed: { host, tokenId } });
    expect(report).toMatchObject({ ok: true });
    const steps: { id: string; outcome: { kind: string } }[] = Reflect.get(Object(report), 'value').steps;
    expect(steps.filter(({ outcome }) => outcome.kind === 'failed')).toEqual([]);
    expect(steps.length).toBeGreaterThan(5);
    expect(await ask(app, 'config/set', { key: 'authentik.host', value: host })).toMatchObject({ ok: true });
    expect(await ask(app, 'token/set', { tokenId })).toMatchObject({ ok: true });
    await ask(app, 'outpost/start');
    await untilState(app, isOnline);
    await untilState(app, ({ firstRun }) => !firstRun);
  });

  it('keeps the key by a passphrase, and asks for it at the next start', async () => {
    const key = join(scene.place.environment['SALLYPORT_STATE_DIR'] ?? '', 'key');
    expect(existsSync(key)).toBe(true);
    // There is no keyring in this scene, and the app does not pretend.
    expect(await ask(app, 'secrets/use', { protection: 'keychain' })).toMatchObject({ ok: false });
    const before = await ask(app, 'secrets/state');
    expect(before).toMatchObject({ value: { protection: 'key-file', locked: false } });
    expect(Reflect.get(Object(before), 'value').keychain).not.toBe('real');
    expect(await ask(app, 'secrets/use', { protection: 'passphrase', passphrase: PASSPHRASE })).toMatchObject(
      { ok: true },
    );
    expect(existsSync(key)).toBe(false);
    await app.stop();

    app = await scene.launch();
    await untilState(app, ({ outpost }) => outpost.kind === 'locked');
    expect(await ask(app, 'secrets/unlock', { passphrase: 'something else' })).toMatchObject({
      ok: false,
      failure: { code: 'token-unreadable' },
    });
    expect(await ask(app, 'secrets/unlock', { passphrase: PASSPHRASE })).toMatchObject({ ok: true });
    await untilState(app, isOnline);
    expect(await ask(app, 'secrets/use', { protection: 'key-file' })).toMatchObject({ ok: true });
    expect(existsSync(key)).toBe(true);
    expect(statSync(key).mode & 0o077).toBe(0);
    await app.stop();

    app = await scene.launch();
    await untilState(app, isOnline);
  });

  it('saves diagnostics without a secret, and without names where that is wished', async () => {
    const path = join(scene.place.home, 'diagnostics.zip');
    await app.electron.evaluate(({ dialog }, filePath) => {
      Reflect.set(dialog, 'showSaveDialog', async () => ({ canceled: false, filePath }));
    }, path);
    const prepared = await ask(app, 'diagnostics/prepare', { replaceNames: true });
    const { entries } = Reflect.get(Object(prepared), 'value');
    expect(await ask(app, 'diagnostics/save', { replaceNames: true })).toEqual({ ok: true, value: { path } });
    const files = unzipSync(new Uint8Array(await readFile(path)));
    expect(Object.keys(files)).toEqual(entries.map(({ name }: { name: string }) => name));
    for (const { name, bytes } of entries) expect(files[name]?.length, name).toBe(bytes);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        'app.json',
        'status.json',
        'settings.json',
        'doctor.json',
        'versions.json',
        'guacd-output.txt',
        'log.jsonl',
      ]),
    );
    const text = Object.values(files)
      .map((bytes) => Buffer.from(bytes).toString('utf8'))
      .join('\n');
    expect(text).not.toContain(scene.practice.outpost.token);
    expect(text).not.toContain(scene.place.home);
    expect(text).toContain('"phase": "running"');
  });

  it('starts its outpost anew for a setting that counts only then', async () => {
    const set = await ask(app, 'config/set', { key: 'limits.sessions', value: '7' });
    expect(set).toMatchObject({ ok: true, value: { notes: [expect.stringContaining('after a restart')] } });
    expect((await stateOf(app)).status?.sessionLimit).not.toBe(7);
    const { status } = await stateOf(app);
    expect(await ask(app, 'outpost/restart')).toEqual({ ok: true, value: {} });
    const after = await untilState(app, (state) => isOnline(state) && state.status?.pid !== status?.pid);
    expect(after.status?.sessionLimit).toBe(7);
    // Asked for by a person: that is no loss to be told.
    expect(scene.tray.notifications.map(({ title }) => title)).not.toContain(
      'The outpost ended unexpectedly',
    );
  });

  it('starts at login where a person wants that, and not any more where not', async () => {
    const file = join(scene.place.environment['XDG_CONFIG_HOME'] ?? '', 'autostart', 'sallyport.desktop');
    expect(await ask(app, 'preferences/set', { startAtLogin: true })).toMatchObject({ ok: true });
    await eventually(() => existsSync(file));
    expect(readFileSync(file, 'utf8')).toMatch(/^Exec=.* --minimised$/m);
    await eventually(async () => (await scene.tray.untilThere('Start at login')).checked);
    await scene.tray.click('Start at login');
    await eventually(() => !existsSync(file));
  });

  it('speaks German where that is chosen, and remembers it', async () => {
    const file = join(scene.place.environment['XDG_CONFIG_HOME'] ?? '', 'Sallyport', 'window.json');
    await ask(app, 'preferences/set', { language: 'de', theme: 'dark', notices: { sessionStarted: true } });
    await scene.tray.untilThere('Konsole öffnen');
    await app.stop();
    app = await scene.launch();
    await scene.tray.untilThere('Konsole öffnen');
    expect(await ask(app, 'preferences/get')).toMatchObject({
      value: { language: 'de', theme: 'dark', notices: { sessionStarted: true, sessionEnded: false } },
    });
    await untilState(app, isOnline);
    const browser = await scene.openSession();
    await eventually(() =>
      scene.tray.notifications.some(({ title }) => / hat .* geöffnet \(SSH\)$/.test(title)),
    );
    browser.kill();
    await app.stop();

    // A file that a crash has cut off is kept aside and not overwritten.
    writeFileSync(file, '{"preferences": {"theme": "da');
    app = await scene.launch();
    await eventually(() => scene.tray.notifications.some(({ title }) => /were kept aside$/.test(title)));
    const aside = readdirSync(dirname(file)).find((name) => name.startsWith('window.json.damaged-'));
    expect(readFileSync(join(dirname(file), aside ?? ''), 'utf8')).toBe('{"preferences": {"theme": "da');
    await scene.tray.untilThere('Open console');
    await untilState(app, isOnline);
  });

  it('brings practice of its own beside what is set up, and goes back to that', async () => {
    expect(await ask(app, 'practice/start')).toEqual({ ok: true, value: {} });
    const there = await untilState(app, (state) => state.practice === 'running' && isOnline(state));
    expect(there.practiceUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    expect(there.status?.host).not.toBe(scene.practice.outpost.host);
    expect(await ask(app, 'practice/stop')).toEqual({ ok: true, value: {} });
    const back = await untilState(app, (state) => state.practice === 'off' && isOnline(state));
    expect(back.status?.host).toContain(new URL(scene.practice.outpost.host).host);
    expect((await stateOf(app)).practiceUrl).toBeNull();
  });

  it('goes straight to practice where a start asks for it, the first one or a second', async () => {
    const second = spawn(scene.runtime.executable, ['--no-sandbox', '--disable-gpu', '--practice'], {
      env: scene.place.environment,
      stdio: 'ignore',
    });
    expect(await once(second, 'exit')).toEqual([0, null]);
    await untilState(app, (state) => state.practice === 'running' && isOnline(state));
    await app.stop();

    app = await scene.launch(['--practice']);
    const page = await app.window();
    await page.getByRole('heading', { name: /^Online/, level: 2 }).waitFor({ timeout: 60_000 });
    await page.getByText('this is a stand-in for authentik').waitFor();
    expect((await stateOf(app)).practiceUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
  });
});

import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../../practice/desktop/app-state.ts';
import { untilLive } from '../../../practice/desktop/session-window.ts';
import { eventually } from '../../../practice/run/eventually.ts';
import { axe, picture } from '../looks.ts';
import { StageGuacd } from './stage-guacd.ts';
import { PASSPHRASE, ViewerScene } from './viewer-scene.ts';

/* A window that shows a session, in the real app, with a guacd that plays whatever is asked of it. */

let guacd: StageGuacd;
let scene: ViewerScene;
let machine: string;

beforeAll(async () => {
  guacd = await StageGuacd.start();
  scene = await ViewerScene.start({ environment: { SALLYPORT_GUACD: guacd.address } });
  machine = await scene.keep({
    name: 'build-07',
    protocol: 'rdp',
    port: 3389,
    parameters: { username: 'alice', password: 'a' },
  });
});

afterAll(async () => {
  await scene?.end();
  await guacd?.close();
});

/** A window whose session has drawn its first picture. */
async function opened(): Promise<Page> {
  const before = guacd.sessions.length;
  guacd.forget();
  const page = await scene.open(machine);
  await guacd.until(() => guacd.sessions.length > before);
  guacd.draw();
  await untilLive(page);
  return page;
}

async function closed(page: Page): Promise<void> {
  const gone = page.waitForEvent('close');
  // Its answer may come too late for the page.
  await page.evaluate(`void sallyportViewer.call('viewer/close', {})`).catch(() => {});
  await gone;
}

/** Types the passphrase until the wait after wrong ones is over, and the session has drawn its first picture. */
async function unlocked(page: Page, frame: number): Promise<void> {
  const before = guacd.sessions.length;
  const field = page.getByLabel('Passphrase');
  await field.waitFor();
  await eventually(async () => {
    if (guacd.sessions.length > before) return true;
    await field.fill(PASSPHRASE, { timeout: 1_000 }).catch(() => {});
    await field.press('Enter', { timeout: 1_000 }).catch(() => {});
    return false;
  });
  guacd.draw(frame);
  await untilLive(page);
}

/** What axe finds serious or critical; with a name, a picture in both themes as well. */
async function looked(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await ask(scene.app, 'preferences/set', { theme });
    await page.locator(`html[data-theme="${theme}"]`).waitFor();
    await page.waitForTimeout(200);
    expect(await axe(page), `${name} ${theme}`).toEqual([]);
    await picture(page, `viewer-${name}-${theme}`);
  }
  await ask(scene.app, 'preferences/set', { theme: 'light' });
}

const argument = (list: readonly (readonly string[])[], at: number) => list.map((one) => one[at]);

describe('a window that shows a session', () => {
  it('says in its title whose session it is, and asks the machine for its own size and density', async () => {
    const page = await opened();
    await guacd.until(() => guacd.heard('size').length > 0);
    const [, width, height, dpi] = guacd.heard('size')[0] ?? [];
    const room = await page.evaluate(() => {
      const place = document.querySelector('.screen');
      return [place?.clientWidth, place?.clientHeight, devicePixelRatio];
    });
    expect([Number(width), Number(height), Number(dpi) / 96]).toEqual(room);
    const title = () =>
      scene.app.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.getTitle()),
      );
    // When the outpost has told of the session.
    await expect
      .poll(async () => (await title()).some((text) => /build-07 · RDP$/.test(text)), { timeout: 30_000 })
      .toBe(true);
    await looked(page, 'live');
    await page.getByRole('button', { name: 'Show speed and delay' }).click();
    await page.getByText('outpost').waitFor();
    await page.getByRole('button', { name: 'Keys' }).click();
    await looked(page, 'keys');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clipboard' }).click();
    await looked(page, 'clipboard');
    await closed(page);
  });

  it('opens where the machine’s last window was, and beside one that is there', async () => {
    const bounds = () =>
      scene.app.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .filter(({ webContents }) => webContents.getURL().startsWith('app://viewer/'))
          .map((window) => window.getBounds()),
      );
    const move = (to: Electron.Rectangle) =>
      scene.app.electron.evaluate(({ BrowserWindow }, place) => {
        for (const window of BrowserWindow.getAllWindows())
          if (window.webContents.getURL().startsWith('app://viewer/')) window.setBounds(place);
      }, to);
    const first = await opened();
    const [usual] = await bounds();
    const place = { x: 60, y: 50, width: 900, height: 620 };
    await move(place);
    await expect.poll(bounds).toEqual([place]);
    await closed(first);
    const second = await opened();
    expect(await bounds()).toEqual([place]);
    const third = await opened();
    await expect.poll(bounds).toContainEqual({ ...place, x: 92, y: 82 });
    await closed(third);
    if (usual) await move(usual);
    await closed(second);
  });

  it('sends keys, releases them with the focus, and has a way out for the keyboard', async () => {
    const page = await opened();
    const keys = () =>
      guacd.heard('key').map(([, keysym, pressed]) => `${pressed === '1' ? '+' : '-'}${keysym}`);
    await page.keyboard.type('aß€');
    await guacd.until(() => keys().length >= 6);
    expect(keys().slice(0, 6)).toEqual(['+97', '-97', '+223', '-223', '+16785580', '-16785580']);
    guacd.forget();
    await page.keyboard.down('Shift');
    await page.keyboard.down('KeyX');
    await guacd.until(() => keys().length === 2);
    await page.evaluate(() => dispatchEvent(new Event('blur')));
    await guacd.until(() => keys().length === 4);
    expect(keys().slice(0, 2)).toEqual(['+65505', '+88']);
    expect(keys().slice(2).sort()).toEqual(['-65505', '-88']);
    await page.keyboard.up('KeyX');
    await page.keyboard.up('Shift');
    guacd.forget();
    for (const key of ['Control', 'Alt', 'Shift']) await page.keyboard.down(key);
    for (const key of ['Control', 'Alt', 'Shift']) await page.keyboard.up(key);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Files');
    await guacd.until(() => keys().length >= 6);
    const held = new Set<string>();
    for (const key of keys())
      if (key.startsWith('+')) held.add(key.slice(1));
      else held.delete(key.slice(1));
    expect([...held]).toEqual([]);
    guacd.forget();
    await page.keyboard.type('nothing of this');
    await page.getByRole('button', { name: 'Keys' }).click();
    await page.getByRole('button', { name: 'Ctrl+Alt+Del' }).click();
    await guacd.until(() => keys().at(-1) === '-65507');
    expect(keys().slice(-6)).toEqual(['+65507', '+65513', '+65535', '-65535', '-65513', '-65507']);
    // A key of before may be let go of once more; nothing that was typed is pressed.
    expect(
      keys()
        .slice(0, -6)
        .filter((key) => key.startsWith('+')),
    ).toEqual([]);
    await closed(page);
  });

  it('sends a pointer in the machine’s own pixels, whatever it is drawn at', async () => {
    const page = await opened();
    const box = await page.locator('.picture > div').boundingBox();
    if (!box) throw new Error('There is no picture.');
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await guacd.until(() => guacd.heard('mouse').some(([, , , mask]) => mask === '1'));
    const [, x, y] = guacd.heard('mouse').find(([, , , mask]) => mask === '1') ?? [];
    expect(Math.abs(Number(x) - 640)).toBeLessThan(3);
    expect(Math.abs(Number(y) - 397)).toBeLessThan(3);
    await closed(page);
  });

  it('keeps both clipboards the same, emoji and all, and says what is too much', async () => {
    const page = await opened();
    const text = 'Grüße 😀👩‍👩‍👧';
    await scene.app.electron.evaluate(({ clipboard }, value) => clipboard.writeText(value), text);
    guacd.forget();
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await guacd.until(() => guacd.heard('end').length > 0);
    const blobs = argument(guacd.heard('blob'), 2).map((blob) => Buffer.from(blob ?? '', 'base64'));
    expect(Buffer.concat(blobs).toString()).toBe(text);
    const answer = 'from there 🛰️ “ok”';
    guacd.say(
      ['clipboard', '9', 'text/plain'],
      ['blob', '9', Buffer.from(answer).subarray(0, 13).toString('base64')],
      ['blob', '9', Buffer.from(answer).subarray(13).toString('base64')],
      ['end', '9'],
    );
    const held = () => scene.app.electron.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(held, { timeout: 30_000 }).toBe(answer);
    const much = 'x'.repeat(1024 * 1024 + 1);
    await scene.app.electron.evaluate(({ clipboard }, value) => clipboard.writeText(value), much);
    guacd.forget();
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await page.getByText('more than 1 MB of text; the machine did not get it').waitFor();
    expect(guacd.heard('clipboard')).toEqual([]);
    // The switch keeps both apart.
    await page.getByRole('button', { name: 'Clipboard' }).click();
    await page.getByRole('switch').click();
    await scene.app.electron.evaluate(({ clipboard }) => clipboard.writeText('secret'));
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await page.waitForTimeout(300);
    expect(guacd.heard('clipboard')).toEqual([]);
    await closed(page);
  });

  it('asks for what guacd requires, and hands it over', async () => {
    const page = await opened();
    guacd.say(['required', 'username', 'password', 'domain']);
    await page.getByLabel('User name').waitFor();
    await looked(page, 'prompt');
    await page.getByLabel('User name').fill('alice');
    await page.getByLabel('Password').fill('pä😀ss');
    expect(await page.getByLabel('Password').getAttribute('type')).toBe('password');
    guacd.forget();
    await page.getByLabel('Password').press('Enter');
    await guacd.until(() => guacd.heard('end').length === 3);
    expect(argument(guacd.heard('argv'), 3)).toEqual(['username', 'password', 'domain']);
    const values = argument(guacd.heard('blob'), 2).map((blob) =>
      Buffer.from(blob ?? '', 'base64').toString(),
    );
    expect(values).toEqual(['alice', 'pä😀ss']);
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await closed(page);
  });

  it('shows hostile names as what they are, and saves none as a path', async () => {
    const page = await opened();
    const asked: string[] = await scene.app.electron.evaluate(({ dialog }) => {
      const paths: string[] = [];
      Reflect.set(globalThis, 'askedPaths', paths);
      dialog.showSaveDialog = async (...given: unknown[]) => {
        paths.push(String(Reflect.get(Object(given.at(-1)), 'defaultPath')));
        return { canceled: true, filePath: '' };
      };
      return paths;
    });
    expect(asked).toEqual([]);
    guacd.say(['filesystem', '0', 'Drive\u202e']);
    guacd.say(['file', '5', 'application/octet-stream', '../../\u202egpj.exe']);
    await page.getByText('The machine wants to send you').waitFor();
    await page.getByRole('button', { name: 'Save…' }).click();
    const paths = () =>
      scene.app.electron.evaluate(() => [...(Reflect.get(globalThis, 'askedPaths') as string[])]);
    await expect.poll(async () => (await paths()).length).toBe(1);
    expect((await paths())[0]).toMatch(/\/gpj\.exe$/);
    await guacd.until(() => guacd.heard('get').length > 0);
    const type = 'application/vnd.glyptodon.guacamole.stream-index+json';
    const list = JSON.stringify({
      '/Documents': type,
      '/Pictures 📷': type,
      '/invoice\u202efdp.exe': 'application/octet-stream',
      '/report.pdf': 'application/pdf',
      '/../../etc/passwd': 'text/plain',
      [`/${'long-'.repeat(60)}.txt`]: 'text/plain',
    });
    guacd.say(
      ['body', '0', '7', type, '/'],
      ['blob', '7', Buffer.from(list).toString('base64')],
      ['end', '7'],
    );
    await page.getByText('report.pdf').waitFor();
    const names = await page.locator('.file-row .file-name').allInnerTexts();
    expect(names.slice(0, 3)).toEqual(['Documents', 'Pictures 📷', 'invoice\ufffdfdp.exe']);
    expect(names).toHaveLength(5);
    await looked(page, 'files');
    await closed(page);
  });

  it('says in words why a session ended, and opens it again', async () => {
    const page = await opened();
    guacd.say(['error', 'Aborted. See logs.', '519']);
    await page.getByRole('heading', { name: 'The session has ended' }).waitFor();
    const words = await page.locator('.overlay-card').textContent();
    expect(words).toMatch(/build-07|10\.|127\.0\.0\.1/);
    expect(words).toContain('Lasted');
    await looked(page, 'ended');
    const before = guacd.sessions.length;
    await page.getByRole('button', { name: 'Connect again' }).click();
    await guacd.until(() => guacd.sessions.length > before);
    await page.getByText('waiting for its first picture').waitFor();
    await looked(page, 'waiting');
    guacd.draw(2);
    await untilLive(page);
    await closed(page);
  });

  it('takes another login where the machine refuses the one that is kept, for this session alone', async () => {
    const page = await opened();
    const refuse = () => guacd.say(['error', 'Aborted. See logs.', '769']);
    refuse();
    await page.getByText('the machine refused the user name or the password').waitFor();
    await looked(page, 'refused');
    const type = page.getByRole('button', { name: 'Type another password' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(await type.textContent());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Type another login' }).waitFor();
    await page.keyboard.press('Escape');
    await type.click();
    await looked(page, 'login');
    const password = page.getByLabel('Password');
    expect(await password.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await password.getAttribute('type')).toBe('password');
    // The vault may have been locked meanwhile: what was typed waits for it.
    await scene.control.request('vault/lock', {});
    await password.fill('typed 🔑');
    await password.press('Enter');
    await unlocked(page, 11);
    expect(guacd.heard('connect').at(-1)?.slice(-2)).toEqual(['alice', 'typed 🔑']);
    expect(await page.content()).not.toContain('typed 🔑');
    await ask(scene.app, 'preferences/set', { language: 'de' });
    refuse();
    await page.getByText('der Rechner hat Benutzernamen oder Passwort abgelehnt').waitFor();
    await page.getByRole('button', { name: 'Anderes Passwort eingeben' }).click();
    await ask(scene.app, 'preferences/set', { language: 'en' });
    await page.keyboard.press('Escape');
    const before = guacd.sessions.length;
    await page.getByRole('button', { name: 'Connect again' }).click();
    await guacd.until(() => guacd.sessions.length > before);
    expect(guacd.heard('connect').at(-1)?.slice(-2)).toEqual(['alice', 'a']);
    await closed(page);
  });

  it('takes files that are dropped, and acknowledges sound', async () => {
    // A text on it would go by a stream as well, perhaps of the same number.
    await scene.app.electron.evaluate(({ clipboard }) => clipboard.clear());
    const page = await opened();
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['dropped 😀'], 'a/b\u0000.txt'));
      for (const name of ['dragover', 'drop'])
        document
          .querySelector('.stage')
          ?.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer }));
    });
    await guacd.until(() => guacd.heard('file').length === 1);
    const [, stream = '', , name] = guacd.heard('file')[0] ?? [];
    expect(name).not.toMatch(/[/\\\0]/);
    guacd.say(['ack', stream, 'OK', '0']);
    const blob = () => guacd.heard('blob').find(([, index]) => index === stream)?.[2];
    await guacd.until(() => blob() !== undefined);
    expect(Buffer.from(blob() ?? '', 'base64').toString()).toBe('dropped 😀');
    guacd.say(['ack', stream, 'OK', '0']);
    await page.getByText('Done').waitFor();
    guacd.say(
      ['audio', '4', 'audio/L16;rate=44100,channels=2'],
      ['blob', '4', Buffer.alloc(4096, 1).toString('base64')],
    );
    await guacd.until(() => guacd.heard('ack').some(([, index, , code]) => index === '4' && code === '0'));
    guacd.say(['audio', '6', 'audio/unheard-of']);
    await guacd.until(() => guacd.heard('ack').some(([, index, , code]) => index === '6' && code !== '0'));
    await closed(page);
  });

  it('fills the screen, shows the picture pixel by pixel, and speaks German', async () => {
    const page = await opened();
    await page.getByRole('button', { name: 'Full screen' }).click();
    await page.locator('.viewer.full').waitFor();
    await page.getByRole('button', { name: 'Leave full screen' }).press('Enter');
    await expect.poll(() => page.locator('.viewer.full').count()).toBe(0);
    await page.getByRole('button', { name: 'Show the picture pixel by pixel' }).click();
    await page.locator('.screen.exact').waitFor();
    await ask(scene.app, 'preferences/set', { language: 'de' });
    await page.getByRole('button', { name: 'Tasten' }).click();
    await looked(page, 'german');
    await ask(scene.app, 'preferences/set', { language: 'en' });
    await closed(page);
  });

  it('is opened from the tray, and where the command line asks for it', async () => {
    const acts: (() => Promise<unknown>)[] = [
      () => scene.scene.tray.click('build-07 · RDP'),
      async () =>
        expect(await scene.control.request('machines/connect', { id: machine })).toEqual({ apps: 1 }),
    ];
    for (const act of acts) {
      const before = guacd.sessions.length;
      const [page] = await Promise.all([scene.app.electron.waitForEvent('window'), act()]);
      await guacd.until(() => guacd.sessions.length > before);
      guacd.draw(6);
      await untilLive(page);
      await closed(page);
    }
  });

  it('asks what a session is for where this host wants to know', async () => {
    await scene.control.request('config/set', { key: 'offline.askReason', value: 'yes' });
    const page = await scene.open(machine);
    await page.getByRole('heading', { name: 'What is this session for?' }).waitFor();
    await looked(page, 'reason');
    const before = guacd.sessions.length;
    await page.locator('.overlay-card input').fill('the nightly build is red');
    await page.locator('.overlay-card input').press('Enter');
    await guacd.until(() => guacd.sessions.length > before);
    guacd.draw(4);
    await untilLive(page);
    await scene.control.request('config/unset', { key: 'offline.askReason' });
    // As a guacd from 1.5 on tells of others who come and go, by a name of whatever they chose.
    guacd.say(['msg', '1', 'uuid', 'root\u202e']);
    await page.getByText('root\ufffd is looking on.').waitFor();
    guacd.say(['msg', '2', 'uuid', 'root\u202e']);
    await page.getByText('root\ufffd does not look on any more.').waitFor();
    const watched = (await scene.control.request('status', {})).sessions.at(-1)?.id ?? '';
    const joined = guacd.sessions.length;
    const watcher = await scene.watch(watched);
    await guacd.until(() => guacd.sessions.length > joined);
    guacd.draw(5);
    await untilLive(watcher);
    await looked(watcher, 'watching');
    guacd.forget();
    await watcher.keyboard.type('x');
    await watcher.mouse.click(400, 400);
    await watcher.waitForTimeout(300);
    expect(guacd.heard('key', 'mouse', 'size')).toEqual([]);
    await closed(watcher);
    guacd.sessions.at(joined - 1)?.destroy();
    await page.getByRole('heading', { name: 'The session has ended' }).waitFor();
    await closed(page);
  });

  it('unlocks the vault where that is locked, says what is wrong with a passphrase, and connects', async () => {
    await scene.control.request('vault/lock', {});
    const page = await scene.open(machine);
    await page.getByRole('heading', { name: 'Unlock the vault' }).waitFor();
    await looked(page, 'vault');
    const field = page.getByLabel('Passphrase');
    expect(await field.getAttribute('type')).toBe('password');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await field.fill('eight loud herons');
    await field.press('Enter');
    await page.locator('.field-failure').getByText('That is not the passphrase of the vault.').waitFor();
    // Each wrong one makes the next wait longer: however slow this is, one comes too soon.
    await eventually(async () => {
      await field.press('Enter');
      return (await page.locator('.field-failure').textContent())?.includes('has to wait for') === true;
    });
    await looked(page, 'vault-wrong');
    await ask(scene.app, 'preferences/set', { language: 'de' });
    await page.getByRole('button', { name: 'Entsperren und verbinden' }).waitFor();
    await looked(page, 'vault-german');
    await ask(scene.app, 'preferences/set', { language: 'en' });
    await unlocked(page, 7);
    expect(await page.content()).not.toContain(PASSPHRASE);
    await closed(page);
  });

  it('asks for the reason, then for the passphrase before each session, from the tray and for another one', async () => {
    const rules = ['offline.askReason', 'offline.requirePassphrase'];
    for (const key of rules) await scene.control.request('config/set', { key, value: 'yes' });
    try {
      const [page] = await Promise.all([
        scene.app.electron.waitForEvent('window'),
        scene.scene.tray.click('build-07 · RDP'),
      ]);
      await page.locator('.overlay-card input').fill('the disk is full');
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByText('The passphrase is asked for before each session').waitFor();
      await looked(page, 'vault-each-time');
      await unlocked(page, 8);
      guacd.say(['error', 'Aborted. See logs.', '519']);
      await page.getByRole('button', { name: 'Connect again' }).click();
      await unlocked(page, 9);
      const { entries } = await scene.control.request('audit/recent', { limit: 50 });
      const asked = entries.flatMap(({ event }) =>
        event.kind === 'local-session-asked' ? [event.reason] : [],
      );
      expect(asked.slice(0, 2)).toEqual(['the disk is full', 'the disk is full']);
      await closed(page);
    } finally {
      for (const key of rules) await scene.control.request('config/unset', { key });
    }
  });

  it('unlocks a vault with its key file at a click, and says where that is missing', async () => {
    const passphrase = { kind: 'passphrase', passphrase: PASSPHRASE } as const;
    const keyFile = join(scene.scene.place.home, 'vault.key');
    await scene.control.request('vault/change', {
      current: passphrase,
      next: { kind: 'key-file', path: keyFile },
    });
    try {
      await scene.control.request('vault/lock', {});
      await rename(keyFile, `${keyFile}.away`);
      const page = await scene.open(machine);
      const unlock = page.getByRole('button', { name: 'Unlock and connect' });
      await unlock.click();
      await page.locator('.overlay-words').getByText('vault.key').waitFor();
      await looked(page, 'vault-key-file');
      await rename(`${keyFile}.away`, keyFile);
      const before = guacd.sessions.length;
      await unlock.click();
      await guacd.until(() => guacd.sessions.length > before);
      guacd.draw(10);
      await untilLive(page);
      await closed(page);
    } finally {
      await rename(`${keyFile}.away`, keyFile).catch(() => {});
      await scene.control.request('vault/change', { current: { kind: 'key-file' }, next: passphrase });
    }
  });

  it('comes back by itself where a picture cannot be shown, which would freeze it', async () => {
    const page = await opened();
    const before = guacd.sessions.length;
    // It stands there for a second, until the window tries again.
    const said = page.getByText('The machine sent a picture that cannot be shown.').waitFor();
    guacd.say(
      ['img', '1', '14', '0', 'image/jpeg', '0', '0'],
      ['blob', '1', Buffer.alloc(30_000, 7).toString('base64')],
      ['end', '1'],
      ['sync', '2'],
    );
    await said;
    await guacd.until(() => guacd.sessions.length > before);
    guacd.draw(3);
    await untilLive(page);
    await closed(page);
  });

  it('joins the session that is held for it when its page dies', async () => {
    const page = await opened();
    const sessions = async () => (await scene.control.request('status', {})).sessions.map(({ id }) => id);
    const known = await sessions();
    const before = guacd.sessions.length;
    const kill = scene.app.electron.evaluate(({ BrowserWindow }) => {
      for (const { webContents } of BrowserWindow.getAllWindows())
        if (webContents.getURL().startsWith('app://viewer/')) webContents.forcefullyCrashRenderer();
    });
    await kill;
    await guacd.until(() => guacd.sessions.length > before);
    expect(guacd.heard('select').at(-1)?.[1]).toMatch(/^\$/);
    expect(await sessions()).toEqual(known);
    // The window knows the session by the name that its second opening was answered with.
    await guacd.until(() => guacd.sessions.length > before);
    guacd.draw(12);
    for (const window of scene.app.electron.windows()) {
      if (!window.url().startsWith('app://viewer/') || window === page) continue;
      await untilLive(window);
      await scene.control.request('end', { id: known.at(-1) ?? '' });
      await window.getByText('Ended by an administrator of this host.').waitFor();
      await closed(window).catch(() => {});
    }
  });
});

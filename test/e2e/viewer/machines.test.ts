import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickPicture, picturesIn, typesInto, untilLive } from '../../../practice/desktop/session-window.ts';
import type { Machine } from '../../../practice/machines/machine.ts';
import { eventually } from '../../../practice/run/eventually.ts';
import { axe, picture } from '../looks.ts';
import { exited, savesTo, sha256, written } from './at-machine.ts';
import { PASSPHRASE, ViewerScene } from './viewer-scene.ts';

/* Windows of the real app on real machines: what is typed is seen there. */

let scene: ViewerScene;
let ssh: Machine;
let sshId: string;

beforeAll(async () => {
  scene = await ViewerScene.start({ protocols: ['ssh', 'vnc', 'rdp'] });
  ssh = scene.machine('ssh');
  sshId = await scene.keep(ssh, { more: { 'enable-sftp': 'true', 'sftp-root-directory': ssh.home } });
});

afterAll(() => scene?.end());

/** What shows the shell's home by SFTP, beside a desktop; a file of this name is in it. */
async function filesBeside(name: string) {
  await writeFile(join(ssh.home, name), 'x');
  const { username: user = '', password = '' } = ssh.parameters;
  const { id: sftpCredential } = await scene.control.request('vault/credential/put', {
    id: null,
    credential: { name: 'files', user, domain: '', password },
  });
  const server = { 'sftp-hostname': '127.0.0.1', 'sftp-port': String(ssh.port) };
  return { sftpCredential, more: { ...server, 'enable-sftp': 'true', 'sftp-root-directory': ssh.home } };
}

describe('a window on a real machine', () => {
  it('opens a shell by the address book, types into it, and keeps two windows apart', async () => {
    const [one, other] = [await scene.open(sshId), await scene.open(sshId)];
    await Promise.all([untilLive(one), untilLive(other)]);
    expect(await written(one, 'echo one', ssh, 'first')).toBe('one\n');
    const shells = [await written(one, 'echo $$', ssh, 'a'), await written(other, 'echo $$', ssh, 'b')];
    expect(shells[0]).not.toBe(shells[1]);
    await exited(other);
    expect(await other.locator('.overlay-card').textContent()).toContain('Received');
    expect(await written(one, 'echo still', ssh, 'still')).toBe('still\n');

    const [{ id: session } = { id: '' }] = (await scene.control.request('status', {})).sessions;
    // As `sallyport watch` asks for it.
    const [watcher] = await Promise.all([
      scene.app.electron.waitForEvent('window'),
      scene.control.request('viewer/watch', { id: session }),
    ]);
    await untilLive(watcher);
    await watcher.getByText('Watching', { exact: true }).waitFor();
    expect(await watcher.getByRole('button', { name: 'Files' }).count()).toBe(0);
    await watcher.keyboard.type('touch intruder\n');
    expect(await written(one, 'ls', ssh, 'listed')).not.toContain('intruder');
    const gone = watcher.waitForEvent('close');
    await watcher.evaluate(`void sallyportViewer.call('viewer/close', {})`).catch(() => {});
    await gone;
    expect(await written(one, 'echo on', ssh, 'on')).toBe('on\n');
  });

  it('moves files both ways, byte for byte, and a picture of the screen', async () => {
    const page = await scene.open(sshId);
    await untilLive(page);
    const [sent, received] = [randomBytes(700_001), randomBytes(900_003)];
    await writeFile(join(ssh.home, 'from there.bin'), received);
    await page.getByRole('button', { name: 'Files' }).click();
    await page.getByRole('button', { name: 'Save from there.bin' }).waitFor();
    await page.locator('input[type="file"]').setInputFiles({
      name: 'Ω to there.bin',
      mimeType: 'application/octet-stream',
      buffer: sent,
    });
    await page.getByText('Done').waitFor();
    expect(sha256(await readFile(join(ssh.home, 'Ω to there.bin')))).toBe(sha256(sent));
    const target = join(scene.scene.place.home, 'saved.bin');
    await savesTo(scene.app, target);
    await page.getByRole('button', { name: 'Save from there.bin' }).click();
    await expect.poll(() => page.getByText('Done').count(), { timeout: 60_000 }).toBe(2);
    expect(sha256(await readFile(target))).toBe(sha256(received));
    const picture = join(scene.scene.place.home, 'screen.png');
    await savesTo(scene.app, picture);
    await page.getByRole('button', { name: 'Save a screenshot' }).click();
    await page.getByText('Saved as “screen.png”.').waitFor();
    expect((await readFile(picture)).subarray(1, 4).toString()).toBe('PNG');
  });

  it('leaves off in the middle of files that are cancelled, and the session goes on', async () => {
    const page = await scene.open(sshId);
    await untilLive(page);
    const huge = 400 * 1024 * 1024;
    const [source, folder] = ['huge up.bin', 'downloads'].map((name) => join(scene.scene.place.home, name));
    if (source === undefined || folder === undefined) throw new Error('There is no place.');
    await mkdir(folder, { recursive: true });
    for (const path of [source, join(ssh.home, 'huge down.bin')]) {
      await writeFile(path, '');
      await truncate(path, huge);
    }
    await page.getByRole('button', { name: 'Files' }).click();
    await page.locator('input[type="file"]').setInputFiles(source);
    const there = () =>
      stat(join(ssh.home, 'huge up.bin')).then(
        ({ size }) => size,
        () => 0,
      );
    await eventually(async () => (await there()) > 0);
    await page.getByRole('button', { name: 'Cancel huge up.bin' }).click();
    await page.getByText('Cancelled').waitFor();
    // No part of it passes for the whole.
    await page.getByText('An empty file is left under this name on the machine.').waitFor();
    expect(await stat(join(ssh.home, 'huge up.bin')).then(({ size }) => size)).toBe(0);
    await savesTo(scene.app, join(folder, 'saved.bin'));
    await page.getByRole('button', { name: 'Save huge down.bin' }).click();
    await eventually(async () => {
      const names = await readdir(folder);
      const sizes = await Promise.all(
        names.map((name) =>
          stat(join(folder, name)).then(
            ({ size }) => size,
            () => 0,
          ),
        ),
      );
      return sizes.some((size) => size > 0);
    });
    await page.getByRole('button', { name: 'Cancel huge down.bin' }).click();
    await expect.poll(() => page.getByText('Cancelled').count()).toBe(2);
    await expect.poll(() => readdir(folder)).toEqual([]);
    await page.keyboard.press('Escape');
    await clickPicture(page);
    expect(await written(page, 'echo alive', ssh, 'alive')).toBe('alive\n');
  });

  it('carries emoji both ways by the clipboards of this computer and of the machine', async () => {
    const page = await scene.open(sshId);
    await untilLive(page);
    const copied = (text: string) =>
      scene.app.electron.evaluate(({ clipboard }, value) => clipboard.writeText(value), text);
    await copied('echo "put 😀👩‍👩‍👧 through" > pasted; mv pasted emoji');
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await clickPicture(page);
    // guacd's terminal pastes at this key, once it has the text.
    await eventually(async () => {
      await page.keyboard.press('Control+Shift+V');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(500);
      return (await readFile(join(ssh.home, 'emoji'), 'utf8').catch(() => '')) !== '';
    });
    expect(await readFile(join(ssh.home, 'emoji'), 'utf8')).toBe('put 😀👩‍👩‍👧 through\n');
    // A keyboard has no key for it.
    await page.keyboard.type("clear; printf 'x\\360\\237\\230\\200x\\n'\n");
    const box = await page.locator('.picture > div').boundingBox();
    if (!box) throw new Error('There is no picture.');
    await eventually(async () => {
      await page.mouse.move(box.x + 2, box.y + 8);
      await page.mouse.down();
      await page.mouse.move(box.x + 200, box.y + 8, { steps: 5 });
      await page.mouse.up();
      await page.waitForTimeout(500);
      const held = await scene.app.electron.evaluate(({ clipboard }) => clipboard.readText());
      return held.includes('x😀x');
    });
  });

  it('unlocks the vault in the window, and is in the machine then', async () => {
    await scene.control.request('vault/lock', {});
    try {
      const page = await scene.open(sshId);
      await page.getByLabel('Passphrase').fill(PASSPHRASE);
      await page.getByRole('button', { name: 'Unlock and connect' }).click();
      await page.getByLabel('Passphrase').waitFor({ state: 'detached' });
      await untilLive(page);
      expect(await written(page, 'echo unlocked', ssh, 'unlocked')).toBe('unlocked\n');
    } finally {
      // What comes after this keeps more in it.
      const opener = { kind: 'passphrase', passphrase: PASSPHRASE } as const;
      await scene.control.request('vault/unlock', { opener });
    }
  });

  it('asks for the password of a desktop over VNC that the vault has not, types into it, and shows files beside it', async () => {
    const vnc = scene.machine('vnc');
    const page = await scene.open(
      await scene.keep(vnc, { withSecrets: false, ...(await filesBeside('beside.txt')) }),
    );
    await page.getByLabel('Password').waitFor({ timeout: 60_000 });
    await page.getByLabel('Password').fill(vnc.parameters['password'] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await untilLive(page);
    await typesInto(page, vnc);
    await page.getByRole('button', { name: 'Files' }).click();
    await page.getByRole('button', { name: 'Save beside.txt' }).waitFor();
  });

  it('takes the right password where the vault keeps a wrong one, for SSH and for VNC', async () => {
    for (const machine of [ssh, scene.machine('vnc')]) {
      const { password = '' } = machine.parameters;
      const parameters = { ...machine.parameters, password: 'an old one' };
      const page = await scene.open(await scene.keep({ ...machine, parameters }));
      await page.locator('.overlay-words').getByText('refused').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Type another password' }).click();
      await page.getByLabel('Password').fill(password);
      await page.getByLabel('Password').press('Enter');
      await page.getByLabel('Password').waitFor({ state: 'detached' });
      await untilLive(page);
      if (machine === ssh) expect(await written(page, 'echo typed', ssh, 'by-password')).toBe('typed\n');
      else await typesInto(page, machine, 'anew');
    }
  });

  it('shows a desktop over RDP by a password out of the vault, types into it, and moves files by its drive, with SFTP to choose', async () => {
    const rdp = scene.machine('rdp');
    const page = await scene.open(await scene.keep(rdp, await filesBeside('beside the desktop.txt')));
    await untilLive(page);
    await typesInto(page, rdp);
    const bytes = randomBytes(300_007);
    await page.getByRole('button', { name: 'Files' }).click();
    const place = page.locator('.files-path');
    await place.waitFor();
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: 'Ω drive.bin', mimeType: 'application/octet-stream', buffer: bytes });
    await page.getByText('Done').waitFor();
    const target = join(scene.scene.place.home, 'from-drive.bin');
    await savesTo(scene.app, target);
    await page.getByRole('button', { name: 'Save Ω drive.bin' }).click();
    await expect.poll(() => page.getByText('Done').count(), { timeout: 60_000 }).toBe(2);
    expect(sha256(await readFile(target))).toBe(sha256(bytes));
    const cut = join(scene.scene.place.home, 'cut.bin');
    await writeFile(cut, '');
    await truncate(cut, 400 * 1024 * 1024);
    await page.locator('input[type="file"]').setInputFiles(cut);
    await page.getByText(/MB of 419 MB/).waitFor();
    await page.getByRole('button', { name: 'Cancel cut.bin' }).click();
    await page.getByText('An empty file is left under this name on the machine.').waitFor();
    await page.getByLabel('Which files').selectOption({ label: `SFTP: ${ssh.home}` });
    await page.getByRole('button', { name: 'Save beside the desktop.txt' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'files-both');
  });

  it('is recorded where that is set, and the console plays it, jumps, skips what is idle, and exports it', async () => {
    await scene.control.request('config/set', { key: 'offline.record', value: 'yes' });
    const page = await scene.open(sshId);
    await untilLive(page);
    await page.getByText('Recorded', { exact: true }).waitFor();
    await written(page, 'echo begin', ssh, 'recorded');
    // Nothing is drawn meanwhile.
    await page.waitForTimeout(4_000);
    await exited(page);
    await scene.control.request('config/unset', { key: 'offline.record' });

    const console = await scene.app.window();
    await console.keyboard.press('Escape');
    await console.getByRole('link', { name: 'Sessions' }).click();
    await console.getByRole('tab', { name: 'Recordings' }).click();
    const exported = join(scene.scene.place.home, 'exported.guac');
    await savesTo(scene.app, exported);
    await console
      .getByRole('button', { name: /^Export the recording of .* on Practice SSH$/ })
      .first()
      .click();
    await eventually(() =>
      stat(exported).then(
        () => true,
        () => false,
      ),
    );
    expect(await readFile(exported, 'utf8')).toMatch(/^(?:\d+\.[^;]*;)+\n?$/);
    await console
      .getByRole('button', { name: /^Play the recording of .* on Practice SSH$/ })
      .first()
      .click();
    const seek = console.getByLabel('Position');
    const at = async () => Number(await seek.inputValue());
    const length = async () => Number(await seek.getAttribute('max'));
    const drawn = async () => (await picturesIn(console, '.player-stage')).sum;
    await expect.poll(length, { timeout: 30_000 }).toBeGreaterThan(4_000);
    await console.keyboard.press('Space');
    await console.keyboard.press('End');
    await expect.poll(at).toBe(await length());
    // The picture comes a little after the time.
    let last = await drawn();
    await eventually(async () => {
      const before = last;
      await console.waitForTimeout(300);
      last = await drawn();
      return last === before;
    });
    await console.keyboard.press('Home');
    await expect.poll(at).toBe(0);
    await expect.poll(drawn).not.toBe(last);
    await console.getByRole('button', { name: 'Skip idle time' }).click();
    await console.getByRole('dialog').getByRole('button', { name: 'Play', exact: true }).click();
    // The time jumps over what was idle, whatever else takes time here.
    let [longest, before, since] = [0, 0, performance.now()];
    await expect
      .poll(
        async () => {
          const [now, position] = [performance.now(), await at()];
          longest = Math.max(longest, position - before - (performance.now() - since));
          [before, since] = [position, now];
          return position;
        },
        { timeout: 60_000, interval: 20 },
      )
      .toBe(await length());
    expect(longest).toBeGreaterThan(1_500);
    await expect.poll(drawn).toBe(last);
    await console.getByLabel('Speed').selectOption('8');
    await console.getByRole('dialog').getByRole('button', { name: 'Play', exact: true }).click();
    await expect.poll(at, { timeout: 60_000 }).toBe(await length());
    await console.keyboard.press('Escape');
  });
});

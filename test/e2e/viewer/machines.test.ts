import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typesInto, untilLive } from '../../../practice/desktop/session-window.ts';
import type { Machine } from '../../../practice/machines/machine.ts';
import { eventually } from '../../../practice/run/eventually.ts';
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

/** What a command typed into a window has left in a file of the machine. */
async function written(page: Page, command: string, home: string, file: string): Promise<string> {
  await page.keyboard.type(`(${command}) > part-${file} 2>&1; mv part-${file} ${file}\n`);
  return readEventually(join(home, file));
}

async function readEventually(path: string): Promise<string> {
  let text: string | null = null;
  await eventually(async () => {
    text = await readFile(path, 'utf8').catch(() => null);
    return text !== null;
  });
  return text ?? '';
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Where the person saves to; Xvfb has nobody to answer a dialog. */
async function savesTo(path: string): Promise<void> {
  await scene.app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);
}

describe('a window on a real machine', () => {
  it('opens a shell by the address book, types into it, and keeps two windows apart', async () => {
    const [one, other] = [await scene.open(sshId), await scene.open(sshId)];
    await Promise.all([untilLive(one), untilLive(other)]);
    expect(await written(one, 'echo one', ssh.home, 'first')).toBe('one\n');
    const shells = [
      await written(one, 'echo $$', ssh.home, 'a'),
      await written(other, 'echo $$', ssh.home, 'b'),
    ];
    expect(shells[0]).not.toBe(shells[1]);
    await other.keyboard.type('exit\n');
    await other.getByRole('heading', { name: 'The session has ended' }).waitFor();
    expect(await other.locator('.overlay-card').textContent()).toContain('Received');
    expect(await written(one, 'echo still', ssh.home, 'still')).toBe('still\n');

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
    expect(await written(one, 'ls', ssh.home, 'listed')).not.toContain('intruder');
    const gone = watcher.waitForEvent('close');
    await watcher.evaluate(`void sallyportViewer.call('viewer/close', {})`).catch(() => {});
    await gone;
    expect(await written(one, 'echo on', ssh.home, 'on')).toBe('on\n');
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
    await savesTo(target);
    await page.getByRole('button', { name: 'Save from there.bin' }).click();
    await expect.poll(() => page.getByText('Done').count(), { timeout: 60_000 }).toBe(2);
    expect(sha256(await readFile(target))).toBe(sha256(received));
    const picture = join(scene.scene.place.home, 'screen.png');
    await savesTo(picture);
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
    expect(await there()).toBeLessThan(huge);
    await savesTo(join(folder, 'saved.bin'));
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
    await page.locator('.picture > div').click();
    expect(await written(page, 'echo alive', ssh.home, 'alive')).toBe('alive\n');
  });

  it('carries emoji both ways by the clipboards of this computer and of the machine', async () => {
    const page = await scene.open(sshId);
    await untilLive(page);
    const copied = (text: string) =>
      scene.app.electron.evaluate(({ clipboard }, value) => clipboard.writeText(value), text);
    await copied('echo "put 😀👩‍👩‍👧 through" > pasted; mv pasted emoji');
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await page.locator('.picture > div').click();
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
      expect(await written(page, 'echo unlocked', ssh.home, 'unlocked')).toBe('unlocked\n');
    } finally {
      // What comes after this keeps more in it.
      const opener = { kind: 'passphrase', passphrase: PASSPHRASE } as const;
      await scene.control.request('vault/unlock', { opener });
    }
  });

  it('asks for the password of a desktop over VNC that the vault has not, and types into it', async () => {
    const vnc = scene.machine('vnc');
    const page = await scene.open(await scene.keep(vnc, { withSecrets: false }));
    await page.getByLabel('Password').waitFor({ timeout: 60_000 });
    await page.getByLabel('Password').fill(vnc.parameters['password'] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await untilLive(page);
    await typesInto(page, vnc);
  });

  it('shows a desktop over RDP by a password out of the vault, and types into it', async () => {
    const rdp = scene.machine('rdp');
    const page = await scene.open(await scene.keep(rdp));
    await untilLive(page);
    await typesInto(page, rdp);
  });
});

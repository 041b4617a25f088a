import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typesInto, untilLive } from '../../../practice/desktop/session-window.ts';
import type { Machine } from '../../../practice/machines/machine.ts';
import { eventually } from '../../../practice/run/eventually.ts';
import { ViewerScene } from './viewer-scene.ts';

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

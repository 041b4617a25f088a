import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, launchChromium, openPage } from '../e2e/chromium.ts';
import { eventually, Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';

const MIB = 1024 * 1024;

describe('files on the drive of a real RDP session', () => {
  let lab: Lab;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-files-'));
    lab = await Lab.start({ machines: ['rdp'] });
  });

  afterAll(async () => {
    await lab?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The folders that guacd shows to machines as drives at this moment. */
  async function drives(): Promise<string[]> {
    const place = join(lab.outpost.stateDir, 'drives');
    const names = await readdir(place).catch(() => []);
    return names.filter((name) => name.startsWith('session-')).map((name) => join(place, name));
  }

  it.runIf(CHROMIUM !== undefined)(
    'go up and come down in the browser, and lie in guacd’s drive folder between',
    async () => {
      const bytes = randomBytes(5 * MIB + 7);
      const name = 'report ü.bin';
      await writeFile(join(folder, name), bytes);
      const browser = await launchChromium();
      try {
        const { page, complaints } = await openPage(browser, new URL(lab.authentik.url).origin, {});
        await page.goto(`${lab.authentik.url}#/machine/${encodeURIComponent(lab.machine('rdp').name)}`);
        await page.getByText('connected', { exact: true }).waitFor({ timeout: 60_000 });
        // By keyboard alone, as far as a browser's own dialogs allow.
        await page.getByRole('button', { name: 'Files' }).focus();
        await page.keyboard.press('Enter');
        await page.getByText('This folder is empty.').waitFor();
        await page.getByLabel('Files to upload').setInputFiles(join(folder, name));
        await page.getByRole('list', { name: 'Transfers' }).getByText('done').waitFor();
        await page.getByRole('list', { name: 'Files on the drive' }).getByText(name).waitFor();
        const [drive = ''] = await drives();
        expect(sha256(await readFile(join(drive, name)))).toBe(sha256(bytes));
        const coming = page.waitForEvent('download');
        await page.getByRole('button', { name: `Download ${name}` }).press('Enter');
        const download = await coming;
        expect(download.suggestedFilename()).toBe(name);
        expect(sha256(await readFile(await download.path()))).toBe(sha256(bytes));
        await writeFile(join(folder, 'what?.txt'), 'no');
        await page.getByLabel('Files to upload').setInputFiles(join(folder, 'what?.txt'));
        await page.getByText('The drive cannot have a file of this name').waitFor();
        await page.getByRole('button', { name: 'Close' }).press('Escape');
        expect(await page.getByRole('region', { name: 'Files' }).isVisible()).toBe(false);
        expect(complaints.filter((complaint) => !complaint.includes('400'))).toEqual([]);
        await page.context().close();
      } finally {
        await browser.close();
      }
      await lab.untilStatus(({ sessions }) => sessions.length === 0);
      await eventually(async () => (await drives()).length === 0);
    },
  );

  it('leave nothing of an upload during which the outpost was killed', async () => {
    await Person.atWork(lab, 'rdp', { user: 'killed' });
    const session = lab.authentik.sessions().at(-1)?.id ?? '';
    const files = lab.authentik.files(session);
    const prepared = await files?.prepare({ direction: 'upload', path: '/half', size: 8 * MIB });
    if (prepared?.status !== 200) throw new Error('The upload was refused.');
    await lab.authentik.pipes.put(prepared.id, 0, randomBytes(4 * MIB));
    const [drive = ''] = await drives();
    expect(await readdir(drive)).toEqual([expect.stringMatching(/^\.sallyport-upload-/)]);
    expect((await lab.status()).sessions[0]?.transfers).toEqual([
      { path: '/half', direction: 'upload', size: 8 * MIB, done: 4 * MIB },
    ]);
    const gone = lab.outpost.ended.catch(() => undefined);
    process.kill(lab.outpost.pid, 'SIGKILL');
    await gone;
    await lab.stopOutpost();
    // It was not tidied up by anybody; and no file of the name is there.
    expect(await readdir(drive)).toEqual([expect.stringMatching(/^\.sallyport-upload-/)]);
    await lab.startOutpost();
    expect(await drives()).toEqual([]);
    await Person.atWork(lab, 'rdp', { user: 'again' });
    lab.closeBrowsers();
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

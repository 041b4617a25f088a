import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../practice/machines/programs.ts';
import { eventually, Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';

const run = promisify(execFile);
const CHANSRV = findProgram('xrdp-chansrv');
/** Root and FUSE: xrdp shows a redirected drive to its sessions as a file system of that kind. */
const able = CHANSRV !== undefined && process.getuid?.() === 0 && existsSync('/dev/fuse');

describe.runIf(able)('an uploaded file, seen from inside the RDP session', () => {
  let lab: Lab;
  let mount: string;
  let end: () => Promise<void> = async () => {};

  beforeAll(async () => {
    lab = await Lab.start({ machines: ['rdp'] });
    const { home } = lab.machine('rdp');
    const dir = dirname(home);
    mount = join(home, 'thinclient_drives');
    const person = await Person.atWork(lab, 'rdp', { user: 'looks' });
    const display = (await person.runs('echo $DISPLAY')).trim();
    lab.closeBrowsers();
    // xrdp reads its settings anew for each session. Practice has no session manager, which would do this.
    const settings = join(dir, 'xrdp.ini');
    const text = await readFile(settings, 'utf8');
    await writeFile(
      settings,
      text.replace('lib=libvnc.so', `lib=libvnc.so\nchansrvport=DISPLAY(${display.slice(1)})`),
    );
    const chansrv = spawn(CHANSRV ?? '', [], {
      env: { DISPLAY: display, HOME: home, XAUTHORITY: join(dir, 'xauthority'), CHANSRV_LOG_PATH: dir },
      stdio: 'ignore',
    });
    const gone = new Promise((resolve) => chansrv.once('exit', resolve));
    end = async () => {
      chansrv.kill('SIGTERM');
      await gone;
      await run('umount', ['-l', mount]).catch(() => undefined);
    };
  });

  afterAll(async () => {
    await end();
    await lab?.stop();
  });

  it('is the same, byte for byte; and one that the session writes can be listed and downloaded', async () => {
    const person = await Person.atWork(lab, 'rdp', { user: 'inside' });
    const session = lab.authentik.sessions().at(-1)?.id ?? '';
    const files = lab.authentik.files(session);
    if (!files) throw new Error('There is no session.');
    const bytes = randomBytes(100_000);
    const { id } = await files.prepare({ direction: 'upload', path: '/up.bin', size: bytes.length });
    await lab.authentik.pipes.put(id, 0, bytes);
    expect(await files.finish(id)).toBe(200);
    // Beside it lies what xrdp shows of the clipboard.
    const shares = async () => (await readdir(mount).catch(() => [])).filter((name) => !name.startsWith('.'));
    await eventually(async () => (await shares()).length > 0);
    const [share = ''] = await shares();
    // By a program that runs in the session.
    const printed = await person.runs(`sha256sum < "thinclient_drives/${share}/up.bin"`);
    expect(printed.slice(0, 64)).toBe(createHash('sha256').update(bytes).digest('hex'));
    await person.runs(`echo written inside > "thinclient_drives/${share}/down.txt"`);
    const { entries } = await files.list('/');
    expect(entries.map(({ name }) => name)).toContain('down.txt');
    const down = await files.prepare({ direction: 'download', path: '/down.txt' });
    const pieces: Buffer[] = [];
    for await (const piece of lab.authentik.pipes.get(down.id)) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('written inside\n');
    lab.closeBrowsers();
  });
});

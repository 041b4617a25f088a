import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Download } from '../../../main/core/sessions/drive/download.ts';
import { listDirectory } from '../../../main/core/sessions/drive/listing.ts';
import { Turns } from '../../../main/core/sessions/drive/turns.ts';
import { Upload } from '../../../main/core/sessions/drive/upload.ts';

/** As long as it races at least, and at most until everything was met that shows that it was a race at all. */
const RACE_MS = 4_000;
const PATIENCE_MS = 25_000;
/** What the swapper writes inside has 6 bytes. */
const INSIDE = 'inside'.length;
const OUTSIDE = 'OUTSIDE!';

let place: string;
let drive: string;
let outside: string;
let swapper: ChildProcess;
let gone: Promise<unknown>;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'sallyport-race-'));
  [drive, outside] = [join(place, 'drive'), join(place, 'outside')];
  await mkdir(drive);
  await mkdir(outside);
  await writeFile(join(outside, 'file'), OUTSIDE);
  swapper = spawn(process.execPath, [join(import.meta.dirname, 'swapper.mjs'), drive, outside], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  gone = once(swapper, 'exit');
  if (swapper.stdout) await once(swapper.stdout, 'data');
});

afterEach(async () => {
  swapper.kill('SIGKILL');
  await gone;
  await rm(place, { recursive: true, force: true });
});

it('nothing outside is read, written or listed while names are swapped with links', async () => {
  const turns = new Turns();
  const met = { download: new Set<unknown>(), upload: new Set<unknown>(), list: new Set<unknown>() };
  const wasRace = () => met.download.has(INSIDE) && met.upload.has(200);
  for (const begun = Date.now(); Date.now() < begun + (wasRace() ? RACE_MS : PATIENCE_MS); ) {
    for (const names of [['file'], ['dir', 'file']]) {
      const download = await Download.prepare(drive, names, turns);
      met.download.add(typeof download === 'number' ? download : download.size);
      if (typeof download !== 'number') await download.discard();
    }
    const upload = await Upload.prepare(drive, ['dir', 'new'], 0, turns);
    if (typeof upload !== 'number') {
      met.upload.add(await upload.finish());
      await upload.discard();
    } else met.upload.add(upload);
    const { reply } = await listDirectory(drive, { kind: 'list', request: '', path: '/dir', cursor: '' });
    for (const { name, size } of reply.entries) met.list.add(`${name} ${size}`);
  }
  expect([...met.download]).not.toContain(OUTSIDE.length);
  expect([...met.download]).toContain(INSIDE);
  expect([...met.upload]).toContain(200);
  expect([...met.list]).not.toContain(`file ${OUTSIDE.length}`);
  expect(swapper.exitCode).toBeNull();
  expect(await readdir(outside)).toEqual(['file']);
  expect(await readFile(join(outside, 'file'), 'utf8')).toBe(OUTSIDE);
});

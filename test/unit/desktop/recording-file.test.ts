import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { writeWhole } from '../../../main/desktop/recording-file.ts';
import { folder, refusalOf } from '../../integration/settings/folder.ts';

const CHANGED = new SallyportError('recording-unreadable', 'It was changed.').toFailure();

async function old() {
  const dir = await folder();
  const path = join(dir, 'session.guac');
  await writeFile(path, 'old');
  return { dir, path, now: () => readFile(path, 'utf8') };
}

describe('a recording that is exported over an old file', () => {
  it('takes its place when all of it is there', async () => {
    const { dir, path, now } = await old();
    let before = '';
    await writeWhole(path, Readable.from([Buffer.from('ne'), Buffer.from('w')]), async () => {
      before = await now();
      return null;
    });
    expect(before).toBe('old');
    expect(await now()).toBe('new');
    expect(await readdir(dir)).toEqual(['session.guac']);
  });

  it('leaves it as it was where the recording was changed, or the stream breaks', async () => {
    const { dir, path, now } = await old();
    const changed = writeWhole(path, Readable.from([Buffer.from('half')]), async () => CHANGED);
    await refusalOf(changed, 'recording-unreadable');
    const broken = new Readable({ read() {} });
    broken.push('half');
    setImmediate(() => broken.destroy(new Error('cut')));
    await refusalOf(
      writeWhole(path, broken, async () => null),
      'file-unwritable',
    );
    expect(await now()).toBe('old');
    expect(await readdir(dir)).toEqual(['session.guac']);
  });
});

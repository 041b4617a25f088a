import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findGuacd, USUAL_DIRS } from '../../../main/core/guacd/find.ts';
import { temporaryDirectory, writeStub } from './stub.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;

beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory.remove());

const nowhere = { configured: null, resourcesDir: null, environment: { PATH: '' }, usualDirs: [] };

async function guacdIn(name: string, version?: string): Promise<string> {
  const folder = join(directory.path, name);
  await mkdir(folder, { recursive: true });
  return writeStub(join(folder, 'guacd'), '', version);
}

describe('looking for guacd', () => {
  it('takes the configured one and asks it for its version', async () => {
    const configured = await guacdIn('own', '1.5.3');
    const onPath = await guacdIn('path');
    const environment = { PATH: join(onPath, '..') };
    expect(await findGuacd({ ...nowhere, configured, environment })).toEqual({
      executable: configured,
      version: '1.5.3',
    });
  });

  it('looks in the app first, then on the PATH, then where packages put it', async () => {
    const brought = await guacdIn('resources/guacd/sbin');
    const onPath = await guacdIn('path');
    const usual = await guacdIn('usual');
    const usualDirs = [join(usual, '..')];
    const environment = { PATH: `:${join(directory.path, 'empty')}:${join(onPath, '..')}` };
    const resourcesDir = join(directory.path, 'resources');
    const look = async (options: object) =>
      (await findGuacd({ ...nowhere, usualDirs, ...options })).executable;
    expect(await look({ resourcesDir, environment })).toBe(brought);
    expect(await look({ environment })).toBe(onPath);
    expect(await look({})).toBe(usual);
  });

  it('knows where packages and the official image put it', () => {
    expect(USUAL_DIRS).toEqual(['/usr/sbin', '/usr/local/sbin', '/opt/guacamole/sbin']);
  });

  it('does not look further when the configured one is not there', async () => {
    const onPath = await guacdIn('path');
    const configured = join(directory.path, 'nothing', 'guacd');
    const environment = { PATH: join(onPath, '..') };
    await expect(findGuacd({ ...nowhere, configured, environment })).rejects.toMatchObject({
      code: 'guacd-missing',
      message: `There is no guacd at ${configured}.`,
    });
  });

  it('passes over one that cannot be run, and names it when there is no other', async () => {
    const broken = join(directory.path, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'guacd'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const good = await guacdIn('good');
    const environment = { PATH: `${broken}:${join(good, '..')}` };
    expect((await findGuacd({ ...nowhere, environment })).executable).toBe(good);
    await expect(findGuacd({ ...nowhere, environment: { PATH: broken } })).rejects.toMatchObject({
      code: 'guacd-missing',
      message: expect.stringContaining(join(broken, 'guacd')),
    });
  });

  it('passes over one that hangs when it is asked for its version', async () => {
    const hanging = join(directory.path, 'guacd');
    await writeFile(hanging, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const looking = findGuacd({
      ...nowhere,
      configured: hanging,
      environment: { PATH: '/bin:/usr/bin' },
      timeoutMs: 200,
    });
    await expect(looking).rejects.toMatchObject({
      code: 'guacd-missing',
      message: expect.stringContaining('hangs'),
    });
  });

  it('takes one that prints no version, for want of a better one', async () => {
    const configured = await guacdIn('odd', '');
    expect(await findGuacd({ ...nowhere, configured })).toEqual({ executable: configured, version: null });
  });

  it('says what to do when there is none', async () => {
    await expect(findGuacd(nowhere)).rejects.toMatchObject({
      code: 'guacd-missing',
      advice: expect.stringContaining('Install guacd'),
    });
  });
});

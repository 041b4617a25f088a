import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type ErrorCode, SallyportError } from '../../../main/core/errors.ts';
import type { Host } from '../../../main/core/settings/paths.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder of its own (0700) that is gone after the test. */
export async function folder(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'sp-set-')));
  folders.push(path);
  return path;
}

/** A machine whose home is nowhere: a test that forgets its state directory fails instead of writing at home. */
export const HOST: Host = {
  platform: 'linux',
  env: {},
  home: '/nonexistent',
  temporary: '/nonexistent',
  user: '1000',
};

/** What a promise rejects with; one of ours, with this code. */
export async function refusalOf(promise: Promise<unknown>, code: ErrorCode): Promise<SallyportError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SallyportError)) throw new Error(`no SallyportError but ${String(error)}`);
  if (error.code !== code) throw new Error(`it should be ${code}, but is ${error.code}: ${error.message}`);
  return error;
}

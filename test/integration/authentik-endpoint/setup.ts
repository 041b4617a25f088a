import { rejects } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { Endpoint, type EndpointOptions } from '../../../main/core/authentik/endpoint.ts';
import { SYSTEM_TRUST, type TrustOptions } from '../../../main/core/authentik/trust.ts';
import { Lifetime } from '../../../main/core/base/lifetime.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import { type ErrorCode, SallyportError } from '../../../main/core/errors.ts';

export const TOKEN = 'token-that-nobody-may-see-0123456789';

/** What a test started; ended after each test, last first. */
let lifetime = new Lifetime();
afterEach(async () => {
  const over = lifetime;
  lifetime = new Lifetime();
  await over.end();
});

export async function started<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const thing = await starting;
  lifetime.add(() => thing.close());
  return thing;
}

/** A file of its own for this test. */
export async function fileWith(content: string | Buffer, name = 'file.pem'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-endpoint-'));
  lifetime.add(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

export function endpointTo(
  host: string,
  trust: Partial<TrustOptions> = {},
  more: Partial<EndpointOptions> = {},
): Promise<Endpoint> {
  return Endpoint.open({
    host,
    token: new Secret(TOKEN),
    trust: { ...SYSTEM_TRUST, ...trust },
    proxy: 'none',
    userAgent: 'sallyport/test',
    ...more,
  });
}

/** The failure that a promise rejects with; it must be one of ours, with this code, and without the token. */
export async function failureOf(promise: Promise<unknown>, code: ErrorCode): Promise<SallyportError> {
  let failure: SallyportError | undefined;
  await rejects(promise, (error) => {
    if (!(error instanceof SallyportError)) throw error;
    failure = error;
    return true;
  });
  if (!failure) throw new Error('It did not reject.');
  if (failure.code !== code)
    throw new Error(`It should be ${code}, but is ${failure.code}: ${failure.message}`);
  if (`${failure.message}${failure.advice}`.includes(TOKEN))
    throw new Error('The token stands in the sentence.');
  return failure;
}

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { SYSTEM_TRUST } from '../../../main/core/authentik/trust.ts';
import { Lifetime } from '../../../main/core/base/lifetime.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import type { DoctorSettings, DoctorSource } from '../../../main/core/doctor/findings.ts';
import type { DoctorStep } from '../../../main/core/doctor/step.ts';
import { examine } from '../../../main/core/doctor.ts';
import type { Failure } from '../../../main/core/errors.ts';
import type { PracticeAuthentikOptions } from '../../../practice/authentik/options.ts';
import { PracticeAuthentik } from '../../../practice/authentik/server.ts';
import { fakeGuacd } from '../guacd/fake-guacd.ts';

let lifetime = new Lifetime();
afterEach(async () => {
  const over = lifetime;
  lifetime = new Lifetime();
  await over.end();
});

/** Ends with the test. */
export function ending(end: () => void | Promise<void>): void {
  lifetime.add(end);
}

export async function practice(options: PracticeAuthentikOptions = {}): Promise<PracticeAuthentik> {
  const authentik = await PracticeAuthentik.start({ subPath: '/auth/', ...options });
  ending(() => authentik.stop());
  return authentik;
}

/** A folder of its own, for its owner alone. */
export async function folder(): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'sallyport-doctor-')));
  ending(() => rm(path, { recursive: true, force: true }));
  return path;
}

export async function fileWith(content: string, name = 'file.pem'): Promise<string> {
  const path = join(await folder(), name);
  await writeFile(path, content);
  return path;
}

export interface Wish extends Partial<Omit<DoctorSettings, 'trust'>> {
  readonly trust?: Partial<DoctorSettings['trust']>;
  readonly token?: string | null;
  readonly source?: Partial<DoctorSource>;
}

/** What the doctor asks, all well but for what `wish` changes: a fake guacd, a free metrics port. */
export async function source(wish: Wish = {}): Promise<DoctorSource> {
  const { trust, token = null, source: changed, ...settings } = wish;
  const guacd = settings.guacd ?? (await healthyGuacd());
  const stateDir = await folder();
  return {
    stateDir,
    environment: {},
    settings: async () => ({
      host: null,
      trust: { ...SYSTEM_TRUST, ...trust },
      proxy: 'none',
      guacd,
      metrics: null,
      warnings: [],
      ...settings,
    }),
    token: async () => (token === null ? null : new Secret(token)),
    metricsAreOurs: () => false,
    ...changed,
  };
}

async function healthyGuacd(): Promise<DoctorSettings['guacd']> {
  const fake = await fakeGuacd(([opcode], socket) => {
    if (opcode === 'select') socket.write('4.args,13.VERSION_1_6_0,8.hostname;');
  });
  ending(() => fake.close());
  return { kind: 'external', addresses: [fake.address] };
}

/** A round of the doctor with all its steps, by id. */
export async function round(
  from: DoctorSource,
  stepTimeoutMs = 5_000,
): Promise<{ readonly ids: readonly string[]; readonly step: (id: string) => DoctorStep['outcome'] }> {
  const steps: DoctorStep[] = [];
  const { signal } = new AbortController();
  for await (const step of examine(from, { signal, stepTimeoutMs })) steps.push(step);
  return {
    ids: steps.map(({ id, outcome }) => `${id} ${outcome.kind}`),
    step: (id) => {
      const found = steps.find((step) => step.id === id);
      if (!found) throw new Error(`there is no step ${id}`);
      return found.outcome;
    },
  };
}

/** The failure or warning of an outcome. */
export function toldBy(outcome: DoctorStep['outcome']): Failure {
  if (outcome.kind === 'failed' || outcome.kind === 'warned') return outcome.failure;
  throw new Error(`it is ${outcome.kind}`);
}

/** A port of 127.0.0.1 that somebody else listens on. */
export async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return address.port;
}

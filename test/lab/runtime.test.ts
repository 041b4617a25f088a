import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMachines } from '../../practice/machines/start.ts';
import { findElectron } from '../../scripts/setup/electron.mjs';
import { Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';
import { endOf } from './harness/processes.ts';

const AS_NODE = { ELECTRON_RUN_AS_NODE: '1' };
const electron = findElectron();
// Where tests are relied on, a runtime that is missing must not go unnoticed.
const isSkipped = electron === undefined && process.env['CI'] !== 'true';

let machines: RunningMachines;
let first: Lab;

beforeAll(async () => {
  first = await Lab.start({ machines: ['ssh'] });
  machines = first.practice.machines;
});

afterAll(() => first?.stop());

async function versionOf(runtime: string): Promise<string> {
  const { stdout } = await promisify(execFile)(runtime, ['-p', 'process.versions.node'], {
    env: { ...process.env, ...AS_NODE },
  });
  return stdout.trim();
}

/** A session's whole life, and the process's. */
async function livesOn(lab: Lab, version: string): Promise<void> {
  expect(lab.authentik.instances()[0]?.args).toMatchObject({ golangVersion: `node ${version}` });
  const alice = await Person.atWork(lab, 'ssh', { user: 'alice' });
  expect(await alice.runs("printf 'Größe €'")).toBe('Größe €');
  expect(await alice.pastes('emoji 👋')).toBe('emoji 👋');
  const [session] = (await lab.status()).sessions;
  await lab.outpost.control.request('end', { id: session?.id ?? '' });
  expect((await alice.hearsLastWord()).status).toBe(0x020b);
  expect((await lab.untilEnded('alice')).reason).toBe('ended-by-admin');
  const { outpost } = lab;
  process.kill(outpost.pid, 'SIGTERM');
  expect(await endOf(outpost)).toContain('it ended with code 0');
}

describe('the built outpost', () => {
  it(`runs on this Node, ${process.versions.node}`, async () => {
    await livesOn(first, process.versions.node);
  });

  const without = isSkipped ? ' (skipped: there is no Electron here; `npm run setup` fetches one)' : '';
  it.skipIf(isSkipped)(`runs on the Node inside Electron${without}`, async () => {
    if (electron === undefined) throw new Error('There is no Electron. Fetch one: npm run setup');
    const version = await versionOf(electron);
    const lab = await Lab.start({ machines, runtime: electron, environment: AS_NODE });
    try {
      await livesOn(lab, version);
    } finally {
      await lab.stop();
    }
  });
});

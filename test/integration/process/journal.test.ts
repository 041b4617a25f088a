import { appendFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ControlClient } from '../../../main/control/client.ts';
import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { EMPTY_DRAFT } from '../../../main/core/offline/machines/machine.ts';
import { Programs, untilStatus } from './child.ts';

let programs: Programs;

beforeEach(async () => {
  programs = await Programs.make();
});
afterEach(() => programs.end());

/** Starts an outpost, lets something be done with it, ends it, and gives what that start has put into the journal. */
async function during(
  doing: (control: ControlClient) => Promise<void> = async () => {},
): Promise<AuditEvent[]> {
  const { child, ended } = programs.start('outpost', []);
  const control = await programs.control();
  // It answers before the journal is open, and before it can be ended by a signal.
  await untilStatus(control, ({ link }) => link.kind === 'rejected');
  await doing(control);
  const { entries } = await control.request('audit/recent', { limit: 100 });
  control.close();
  child.kill('SIGTERM');
  await ended;
  const events = entries.map(({ event }) => event);
  const before = events.findIndex(({ kind }) => kind === 'outpost-stopped');
  return events
    .slice(0, before < 0 ? undefined : before)
    .filter(({ kind }) => kind !== 'outpost-started')
    .reverse();
}

it('what the outpost changes itself is told once, and what others change while it is stopped is found', async () => {
  const protection = { kind: 'passphrase', passphrase: 'seven quiet herons' } as const;
  const told = await during(async (control) => {
    await control.request('config/set', { key: 'log.level', value: 'debug' });
    await control.request('token/set', { token: 't'.repeat(60) });
    await control.request('secrets/rekey', { key: Buffer.alloc(32, 1).toString('base64') });
    await control.request('secrets/rekey', { key: null });
    await control.request('guardrails/set', {
      text: JSON.stringify({ version: 1, otherwise: 'allow', rules: [] }),
    });
    await control.request('machines/put', {
      id: null,
      machine: { ...EMPTY_DRAFT, name: 'web', host: 'web-01' },
    });
    await control.request('vault/create', { protection });
    await control.request('vault/credential/put', {
      id: null,
      credential: { name: 'a', user: 'b', domain: '' },
    });
    await control.request('vault/lock', {});
    await control.request('vault/unlock', { opener: protection });
    await control.request('vault/lock', {});
    const wrong = { kind: 'passphrase', passphrase: 'seven quiet heron' } as const;
    await expect(control.request('vault/unlock', { opener: wrong })).rejects.toThrow();
  });
  const by = userInfo().username;
  expect(told.map(({ kind }) => kind)).toEqual([
    'settings-changed',
    'settings-changed',
    'guardrails-changed',
    'machine-added',
    'vault-created',
    'credential-kept',
    'vault-locked',
    'vault-unlocked',
    'vault-locked',
    'vault-refused',
  ]);
  expect(told.filter((event) => 'by' in event)).toEqual([
    { kind: 'vault-unlocked', protection: 'passphrase', by },
    { kind: 'vault-refused', by },
  ]);
  expect(await during()).toEqual([]);

  expect((await programs.run('sallyport', ['config', 'set', 'offline.mode', 'always'])).code).toBe(0);
  await appendFile(join(programs.stateDir, 'machines', 'machines.jsonl'), 'not a machine\n');
  expect(await during()).toEqual([
    { kind: 'machines-changed', found: true },
    { kind: 'settings-changed', setting: 'offline.mode', found: true },
  ]);
  // Also not what the outpost has done with a damaged line.
  expect(await during()).toEqual([]);
  const shown = await programs.run('sallyport', ['activity', '--kind', 'settings-changed']);
  expect(shown.stdout).toContain('The setting offline.mode was found changed at the start');
});

import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { silentLogger } from '../../../main/core/base/logger.ts';
import type { Outpost } from '../../../main/core/outpost.ts';
import type { EffectiveSettings } from '../../../main/core/settings/effective.ts';
import { Offline } from '../../../main/process/offline.ts';
import { Bench, PracticeOutpost } from '../control/outpost-fixture.ts';
import { folder } from '../settings/folder.ts';

const OWN = process.platform === 'win32' ? '' : execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

it.skipIf(process.platform === 'win32')('counts nobody to a group before it has looked', async () => {
  const bench = await new Bench().listen();
  endings.push(() => bench.end());
  const values: Record<string, unknown> = {
    'offline.group': OWN,
    'vault.minutes': 15,
    'offline.mode': 'always',
  };
  const offline = new Offline({
    stateDir: await folder(),
    isService: false,
    settings: () => ({ get: (key: string) => values[key] ?? 0 }) as unknown as EffectiveSettings,
    record: () => {},
    tell: () => {},
  });
  endings.push(() => offline.end());
  const outpost = new PracticeOutpost() as unknown as Outpost;
  const desk = offline.desk(outpost, { get: () => Promise.reject(new Error('none')) }, bench.tickets);
  const ours = { member: null } as Parameters<typeof desk.asker>[0];
  expect(desk.asker(ours).isMember).toBe(false);
  await offline.begin({ handlers: bench.handlers(), tickets: bench.tickets, logger: silentLogger });
  expect(desk.asker(ours).isMember).toBe(true);
  // A new group holds after a restart, for the door and for whoever asks.
  values['offline.group'] = 'no-such-group-here';
  expect(desk.asker(ours)).toMatchObject({ isMember: true, member: null });
  const bob = { uid: 4711, name: 'bob' };
  expect(desk.asker({ ...ours, member: bob })).toMatchObject({ user: 'bob', member: 4711, isMember: true });
});

import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { connectControl } from '../../../main/control/client.ts';
import type { VaultEvent } from '../../../main/core/offline/vault/vault.ts';
import { membersSessions } from '../../../main/process/members-sessions.ts';
import { Bench } from '../control/outpost-fixture.ts';
import { folder, refusalOf } from '../settings/folder.ts';
import { openFolder, openMembersDoor } from './members-fixture.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

it('a member who unlocks the vault, or cannot, is named, and the outpost’s own user is not', async () => {
  const bench = new Bench();
  endings.push(() => bench.end());
  const path = join(await openFolder(await folder()), 'members.sock');
  const door = await openMembersDoor(bench, path, {
    sessions: membersSessions(() => bench.outpost),
    member: async (uid) => ({ uid, name: 'alice' }),
  });
  endings.push(() => door.close());
  await bench.listen();
  const [alice, admin] = [
    await connectControl(path, { membersDoor: path }),
    await connectControl(bench.path),
  ];
  endings.push(
    () => alice.close(),
    () => admin.close(),
  );
  const right = { kind: 'passphrase', passphrase: 'seven quiet herons' } as const;
  const events: VaultEvent[] = [];
  bench.local.vault.onEvent((event) => events.push(event));
  await admin.request('vault/create', { protection: right });
  await admin.request('vault/lock', {});
  await alice.request('vault/unlock', { opener: right });
  await refusalOf(
    alice.request('vault/unlock', { opener: { ...right, passphrase: 'seven quiet heron' } }),
    'vault-refused',
  );
  await admin.request('vault/lock', {});
  await admin.request('vault/unlock', { opener: right });
  expect(events.filter((event) => 'member' in event)).toEqual([
    { kind: 'unlocked', member: 'alice' },
    { kind: 'refused', member: 'alice' },
    { kind: 'unlocked', member: null },
  ]);
});

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { AuditTrail } from '../../../main/process/audit.ts';
import { folder } from '../settings/folder.ts';

const WAIT = { timeout: 30_000 };

it('a journal that cannot be opened stops nobody, is said, and has later what happened meanwhile', async () => {
  const place = join(await folder(), 'journal');
  await writeFile(place, 'in its place');
  let changes = 0;
  const trail = new AuditTrail({
    folder: place,
    maxBytes: 64 * 1024 * 1024,
    logger: silentLogger,
    isOnline: () => false,
    tellAuthentik: async () => {},
    handsOver: () => true,
    outpostName: () => null,
    onChange: () => {
      changes += 1;
    },
    retryMs: 10,
  });
  const heard: number[] = [];
  trail.onEntry(({ n }) => heard.push(n));
  await trail.begin();
  expect(trail.warnings).toHaveLength(1);
  trail.record({ kind: 'machine-added', machine: 'web-01' });
  expect(await trail.recent({ limit: 10 })).toEqual([]);
  await rm(place);
  await mkdir(place, { recursive: true });
  await vi.waitUntil(() => heard.length === 1, WAIT);
  expect(trail.warnings).toEqual([]);
  expect((await trail.recent({ limit: 10 })).map(({ event }) => event)).toEqual([
    { kind: 'machine-added', machine: 'web-01' },
  ]);
  expect(changes).toBeGreaterThanOrEqual(2);
  await trail.end();
});

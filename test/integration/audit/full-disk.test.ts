import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventQueue } from '../../../main/core/offline/audit/event-queue.ts';
import { verifyJournal } from '../../../main/core/offline/audit/verify.ts';
import { canMount, SmallDisk } from '../small-disk.ts';
import { all, changed, opened, until } from './fixture.ts';

let disk: SmallDisk;
beforeEach(() => {
  disk = new SmallDisk(1);
});
afterEach(() => disk.remove());

describe.skipIf(!canMount)('the journal on a disk that is full (needs root, to mount a small one)', () => {
  it('loses nothing that was there, counts what it had to drop, and goes on when there is room', async () => {
    const dir = join(disk.path, 'journal');
    const journal = await opened(dir, { retryMs: 5, waiting: new EventQueue(50) });
    for (let index = 0; index < 20; index += 1) journal.record(changed(`before ${index}`));
    await journal.flush();
    const path = join(dir, 'journal-000000000001.jsonl');
    const before = await readFile(path);
    await disk.fill();

    // What is left of the last page takes some of it, and a part of what does not fit: cut off again.
    const long = 'x'.repeat(900);
    for (let index = 0; index < 120; index += 1) {
      journal.record(changed(`during ${index} ${long}`));
      // Time for it to try again, in vain, also with what it has dropped by then.
      if (index % 30 === 29) await delay(50);
    }
    await until(() => journal.problems.length > 0);
    expect(journal.problems).toMatchObject([{ code: 'disk-full' }]);
    // It goes on trying: in between there is a part that did not fit, until that is cut off.
    await until(async () => (await readFile(path)).at(-1) === '\n'.charCodeAt(0));
    expect((await readFile(path)).subarray(0, before.length).equals(before)).toBe(true);
    expect((await verifyJournal(dir)).broken).toBeNull();

    await disk.clear();
    await until(() => journal.problems.length === 0);
    journal.record(changed('after'));
    await journal.flush();
    const entries = await all(journal);
    const kept = entries.flatMap(({ event }) =>
      event.kind === 'machine-changed' && event.machine.startsWith('during') ? [event.machine] : [],
    );
    const lost = entries.flatMap(({ event }) => (event.kind === 'events-lost' ? [event.count] : []));
    // Each is there or counted, and the word stands where the dropped ones were.
    expect(lost.reduce((sum, count) => sum + count, 0) + kept.length).toBe(120);
    expect(lost.length).toBeGreaterThan(0);
    expect(kept.at(-1)).toMatch(/^during 119 /);
    expect(entries.at(-1)?.event).toEqual(changed('after'));
    await journal.end();
    expect(await verifyJournal(dir)).toMatchObject({ broken: null, n: entries.length });
  });
});

import { appendFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../main/core/audit-event.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { HandOver, readMark } from '../../../main/core/offline/audit/hand-over.ts';
import type { AuditJournal } from '../../../main/core/offline/audit/journal.ts';
import { folder } from '../settings/folder.ts';
import { all, changed, opened, segments, until, written } from './fixture.ts';

const FILE = 'journal-000000000001.jsonl';

describe('while the journal is written', () => {
  it.each([
    ['cut it, as a log rotation does', (path: string) => truncate(path, 0), 'Something else has changed'],
    ['write to it', (path: string) => appendFile(path, 'a line\n'), 'Something else has changed'],
    ['put another in its place', (path: string) => replace(path), 'Something else has changed'],
    ['move it away', (path: string) => rename(path, `${path}.away`), 'deleted or moved away'],
  ])('somebody can %s: that is said, and the rest is in a new file', async (_, meddle, words) => {
    const dir = await folder();
    const journal = await opened(dir);
    journal.record(changed('one'));
    await journal.flush();
    await meddle(join(dir, FILE));
    journal.record(changed('two'));
    await journal.flush();
    journal.record(changed('three'));
    await journal.end();
    expect(await segments(dir)).toContain('journal-000000000002.jsonl');
    const again = await opened(dir);
    const events = (await all(again)).slice(-4).map(({ event }) => event);
    expect(events).toContainEqual(changed('two'));
    expect(events).toContainEqual(changed('three'));
    expect(events).toContainEqual({ kind: 'journal-found', problem: expect.stringContaining(words) });
    // What is left of it does not hold together, or is not all there.
    expect(again.problems).toHaveLength(1);
    await again.end();
  });

  it('all of it can be removed: its folder is made anew', async () => {
    const dir = join(await folder(), 'journal');
    const journal = await opened(dir, { retryMs: 5 });
    journal.record(changed('one'));
    await journal.flush();
    await rm(dir, { recursive: true });
    journal.record(changed('two'));
    await journal.flush();
    expect((await all(journal)).map(({ n, event }) => `${n} ${event.kind}`)).toEqual([
      '2 machine-changed',
      '3 journal-found',
    ]);
    expect(journal).toMatchObject({ oldest: 2, problems: [] });
    await journal.end();
  });

  it('another outpost can write it as well: neither writes over the other, and both say so', async () => {
    const dir = await folder();
    await written(dir, 3);
    const [one, other] = [await opened(dir), await opened(dir)];
    one.record(changed('by one'));
    await one.flush();
    other.record(changed('by the other'));
    await other.flush();
    one.record(changed('by one again'));
    await Promise.all([one.end(), other.end()]);
    const again = await opened(dir);
    expect(again.problems).toMatchObject([{ code: 'journal-broken' }]);
    const entries = await all(again);
    for (const who of ['by one', 'by the other', 'by one again'])
      expect(entries.map(({ event }) => event)).toContainEqual(changed(who));
    expect(entries.filter(({ event }) => event.kind === 'journal-found')).not.toEqual([]);
    await again.end();
  });
});

describe('handing over a journal that somebody has meddled with', () => {
  async function handOver(dir: string, journal: AuditJournal, send: (entry: AuditEntry) => void) {
    return HandOver.open({
      folder: dir,
      journal,
      mark: await readMark(dir),
      send: async (entry) => send(entry),
      isOnline: () => online,
      onChange: () => {},
      logger: silentLogger,
      paceMs: 0,
      retryMs: 1,
    });
  }
  let online = true;

  it('tells what comes after the cut also where it has grown past the old mark while nobody was told', async () => {
    const dir = await folder();
    const mark = { n: 50, hash: 'ab'.repeat(32) };
    await writeFile(join(dir, 'handed-over.json'), JSON.stringify(mark));
    await written(dir, 10);
    const heard: number[] = [];
    online = false;
    for (let turn = 0; turn < 2; turn += 1) {
      const journal = await opened(dir, { known: [{ ...(await readMark(dir)), by: 'authentik' }] });
      // Written before anybody looks who has been told.
      await journal.flush();
      // Said where it is found, and known from then on.
      expect(journal.problems).toHaveLength(turn === 0 ? 1 : 0);
      const over = await handOver(dir, journal, ({ n }) => heard.push(n));
      for (let index = 0; index < 60; index += 1) journal.record(changed(`${turn} ${index}`));
      await journal.flush();
      online = turn === 1;
      over.look();
      if (turn === 1) await until(() => over.status.waiting === 0);
      await over.end();
      await journal.end();
    }
    expect(heard).toEqual(Array.from({ length: 121 }, (_, index) => index + 11));
  });

  it('comes to an end also where authentik takes nothing at all', async () => {
    const dir = await folder();
    online = true;
    const journal = await opened(dir);
    const over = await handOver(dir, journal, () => {
      throw new SallyportError('api-refused', 'authentik answered 400.');
    });
    for (const machine of ['a', 'b']) journal.record(changed(machine));
    await until(() => over.status.upTo === 4 && over.status.waiting === 0);
    expect((await all(journal)).map(({ event }) => event.kind)).toEqual([
      'machine-changed',
      'machine-changed',
      'hand-over-refused',
      'hand-over-refused',
    ]);
    await over.end();
    await journal.end();
  });
});

async function replace(path: string): Promise<void> {
  const { length } = await readFile(path);
  await writeFile(`${path}.new`, `${'x'.repeat(length - 1)}\n`);
  await rename(`${path}.new`, path);
}

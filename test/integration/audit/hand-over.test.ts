import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../main/core/audit-event.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { HandOver, readMark } from '../../../main/core/offline/audit/hand-over.ts';
import type { AuditJournal, JournalOptions } from '../../../main/core/offline/audit/journal.ts';
import { folder } from '../settings/folder.ts';
import { all, changed, opened, until } from './fixture.ts';

/** What the mark of the folder says of its journal. */
async function knownIn(dir: string): Promise<Pick<JournalOptions, 'known'>> {
  return { known: [{ ...(await readMark(dir)), by: 'authentik' }] };
}

describe('handing over', () => {
  interface Told {
    readonly n: number;
    readonly hash: string;
  }

  async function handOver(
    dir: string,
    journal: AuditJournal,
    send: (entry: AuditEntry, hash: string, signal: AbortSignal) => void | Promise<void>,
    online = () => true,
  ) {
    const told: Told[] = [];
    const over = await HandOver.open({
      folder: dir,
      journal,
      mark: await readMark(dir),
      send: async (entry, hash, signal) => {
        await send(entry, hash, signal);
        told.push({ n: entry.n, hash });
      },
      isOnline: online,
      onChange: () => {},
      logger: silentLogger,
      paceMs: 0,
      retryMs: 5,
    });
    return { over, told };
  }

  it('tells in order and once, also after restarts and failures', async () => {
    const dir = await folder();
    const heard: number[] = [];
    let failures = 0;
    const send = (entry: AuditEntry) => {
      failures += 1;
      if (failures % 7 === 0) throw new SallyportError('http-status', 'authentik answered 502.');
      heard.push(entry.n);
    };
    for (let turn = 0; turn < 4; turn += 1) {
      const journal = await opened(dir, await knownIn(dir));
      const { over } = await handOver(dir, journal, send);
      for (let index = 0; index < 25; index += 1) journal.record(changed(`${turn} ${index}`));
      await until(() => over.status.upTo >= 25 * turn + 10);
      await over.end();
      await journal.end();
      expect(journal.problems).toEqual([]);
    }
    const journal = await opened(dir, await knownIn(dir));
    const { over } = await handOver(dir, journal, send);
    over.look();
    await until(() => over.status.waiting === 0);
    expect(heard).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    await over.end();
    await journal.end();
  });

  it('waits at its end for the answer that is on its way, and tells nothing twice', async () => {
    const dir = await folder();
    const taken: number[] = [];
    for (let turn = 1; turn <= 4; turn += 1) {
      const journal = await opened(dir, await knownIn(dir));
      // authentik has the event at once, and its answer takes a while.
      const { over } = await handOver(dir, journal, async ({ n }, _, signal) => {
        taken.push(n);
        await delay(100, undefined, { signal });
      });
      for (let index = 0; index < 3; index += 1) journal.record(changed(`${turn} ${index}`));
      const before = taken.length;
      await until(() => taken.length > before);
      await over.end();
      await journal.end();
      expect((await readMark(dir)).n).toBe(taken.at(-1));
    }
    expect(new Set(taken).size).toBe(taken.length);
  });

  it('catches up after a week: of ten thousand entries those for authentik, once and in order', async () => {
    const dir = await folder();
    const journal = await opened(dir);
    let online = false;
    const { over, told } = await handOver(
      dir,
      journal,
      () => {},
      () => online,
    );
    const all = 10_000;
    // authentik knows of its own sessions, which are the most of what a week brings.
    for (let index = 1; index <= all; index += 1)
      journal.record(index % 40 === 0 ? changed(`${index}`) : { kind: 'outpost-started', version: '1' });
    await journal.flush();
    expect(over.status).toEqual({ upTo: 0, waiting: all, failure: null });
    online = true;
    over.look();
    await until(() => over.status.waiting === 0);
    expect(told.map(({ n }) => n)).toEqual(Array.from({ length: all / 40 }, (_, index) => 40 * (index + 1)));
    await over.end();
    await journal.end();
  });

  it('passes over what authentik takes at no price, says so, and tells the rest', async () => {
    const dir = await folder();
    const journal = await opened(dir);
    let asked = 0;
    const { over, told } = await handOver(dir, journal, ({ n }) => {
      if (n !== 2) return;
      asked += 1;
      throw new SallyportError('api-refused', 'authentik answered 400.');
    });
    for (const machine of ['a', 'b', 'c']) journal.record(changed(machine));
    await until(() => over.status.upTo === 4);
    expect(told.map(({ n }) => n)).toEqual([1, 3, 4]);
    expect(asked).toBe(5);
    expect((await all(journal))[3]?.event).toEqual({
      kind: 'hand-over-refused',
      entry: 2,
      failure: 'authentik answered 400.',
    });
    await over.end();
    await journal.end();
  });

  it('says nothing of what authentik knows by itself', async () => {
    const dir = await folder();
    const journal = await opened(dir);
    const { over, told } = await handOver(dir, journal, () => {});
    const session = { session: 'a', protocol: 'ssh', user: null, machine: 'm', recorded: false } as const;
    journal.record({ kind: 'outpost-started', version: '1' });
    journal.record({ kind: 'session-opened', source: 'authentik', ...session });
    journal.record({ kind: 'session-opened', source: 'local', ...session });
    await until(() => over.status.upTo === 3);
    expect(told.map(({ n }) => n)).toEqual([3]);
    await over.end();
    await journal.end();
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectControl } from '../../../main/control/client.ts';
import { Bench } from './outpost-fixture.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.end());

describe('who follows the journal', () => {
  it('hears of entries, and of how far authentik has been told, without asking again', async () => {
    await bench.listen();
    bench.audit.add({ kind: 'machine-added', machine: 'web-01' });
    const client = await connectControl(bench.path);
    const heard: unknown[] = [];
    client.on('audit/entry', ({ entry }) => heard.push(entry.n));
    client.on('audit/hand-over', (handOver) => heard.push(handOver));
    const { entries } = await client.request('audit/subscribe', { limit: 10 });
    expect(entries.map(({ n }) => n)).toEqual([1]);
    bench.audit.add({ kind: 'machine-changed', machine: 'web-01' });
    await vi.waitUntil(() => heard.length === 1, { timeout: 30_000 });
    for (const upTo of [1, 2]) bench.audit.tell({ wanted: true, upTo, waiting: 2 - upTo, failure: null });
    await vi.waitUntil(() => heard.length === 2, { timeout: 30_000 });
    // Two changes right after each other are one word, about what is so then.
    expect(heard).toEqual([2, { wanted: true, upTo: 2, waiting: 0, failure: null }]);
    client.close();
  });
});

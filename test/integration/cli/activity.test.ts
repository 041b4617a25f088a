import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../main/cli/program.ts';
import { connectControl } from '../../../main/control/client.ts';
import { AUDIT_EVENTS } from '../../unit/audit-events.ts';
import { Bench } from '../control/outpost-fixture.ts';
import { terminal } from './terminal.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().listen();
});
afterEach(() => bench.end());

async function run(...argv: readonly string[]) {
  const io = terminal();
  const code = await runCli(['activity', ...argv], io, {
    connect: () => connectControl(bench.path),
    local: () => Promise.reject(new Error('nothing local here')),
    run: async () => 0,
  });
  return { code, out: io.out(), err: io.err() };
}

const numbers = async (...argv: readonly string[]): Promise<number[]> =>
  JSON.parse((await run(...argv, '--json')).out).map(({ n }: { n: number }) => n);

describe('sallyport activity', () => {
  it('shows the last entries, oldest first, by kind and by text', async () => {
    for (const machine of ['web-01', 'web-02', 'db-01']) bench.audit.add({ kind: 'machine-added', machine });
    bench.audit.add({ kind: 'machine-removed', machine: 'web-01' });
    bench.audit.add({ kind: 'vault-locked', because: 'time' });
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toMatch(/ENTRY +WHEN +WHAT\n +1 .* UTC +.*web-01.*\n/);
    expect(await numbers()).toEqual([1, 2, 3, 4, 5]);
    expect(await numbers('-n', '2')).toEqual([4, 5]);
    expect(await numbers('--kind', 'machine-removed', 'vault-locked')).toEqual([4, 5]);
    expect(await numbers('--search', 'WEB-01')).toEqual([1, 4]);
    expect(await numbers('-k', 'machine-added', '-s', 'web-01')).toEqual([1]);
    expect((await run('-s', 'nobody')).out).toContain('Nothing of that is in the journal.\n');
  });

  it('pages through more than one request gives, none twice', async () => {
    for (let machine = 1; machine <= 1203; machine += 1)
      bench.audit.add({ kind: 'machine-added', machine: `m${machine}` });
    expect(await numbers('-n', '1001')).toEqual(Array.from({ length: 1001 }, (_, index) => 203 + index));
    expect(await numbers('-n', '5000')).toHaveLength(1203);
  });

  it('knows every kind, and takes a slip of the pen for nothing else', async () => {
    for (const event of AUDIT_EVENTS) bench.audit.add(event);
    const kinds = AUDIT_EVENTS.map(({ kind }) => kind);
    expect(await numbers('--kind', ...kinds)).toHaveLength(kinds.length);
    const { code, out, err } = await run('--kind', 'session-open');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('session-opened, ');
  });

  it.each([
    [{ wanted: false, upTo: 0, waiting: 1, failure: null }, 'authentik is not told of it'],
    [{ wanted: true, upTo: 0, waiting: 1, failure: null }, '1 wait for authentik.'],
    [{ wanted: true, upTo: 1, waiting: 0, failure: null }, 'authentik has been told of everything'],
    [
      {
        wanted: true,
        upTo: 0,
        waiting: 1,
        failure: { code: 'http-status', message: 'It answered 502.' } as const,
      },
      '1 wait for authentik: It answered 502.',
    ],
  ])('says how far authentik has been told: %j', async (handOver, words) => {
    bench.audit.add({ kind: 'machine-added', machine: 'web-01' });
    bench.audit.tell(handOver);
    expect((await run()).out).toContain(words);
  });
});

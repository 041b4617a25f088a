import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlClient, connectControl } from '../../../main/control/client.ts';
import { CROWD_LIMITS } from '../../../main/control/crowd.ts';
import { GREETING_MAX_BYTES } from '../../../main/control/greeting.ts';
import { readLine } from '../../../main/control/line.ts';
import { PACE_LIMITS } from '../../../main/control/pace.ts';
import { EMPTY_DRAFT } from '../../../main/core/offline/machines/machine.ts';
import type { OutpostStatus } from '../../../main/core/status.ts';
import type { MembersDoorOptions } from '../../../main/process/members-door.ts';
import { membersSessions } from '../../../main/process/members-sessions.ts';
import { AT, Bench, session } from '../control/outpost-fixture.ts';
import { folder, refusalOf } from '../settings/folder.ts';
import {
  childProgram,
  GROUP_ID,
  IS_ROOT,
  openFolder,
  openMembersDoor,
  startChild,
} from './members-fixture.ts';

/** Whoever runs the test, and somebody else. */
const ME = process.getuid?.() ?? 0;
const ANNA = 33;

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

let bench: Bench;
let path: string;

beforeEach(async () => {
  bench = new Bench();
  endings.push(() => bench.end());
  path = join(await openFolder(await folder()), 'members.sock');
});

async function openDoor(options: Partial<MembersDoorOptions> = {}): Promise<void> {
  const door = await openMembersDoor(bench, path, {
    sessions: membersSessions(() => bench.outpost),
    member: async (uid) => ({ uid, name: `user ${uid}` }),
    ...options,
  });
  endings.push(() => door.close());
  expect(door.problem).toBeNull();
}

async function comeIn(): Promise<ControlClient> {
  const client = await connectControl(path, { membersDoor: path });
  endings.push(() => client.close());
  return client;
}

describe('many at the door', () => {
  it('have a share each, and one who has it whole keeps nobody else out', async () => {
    await openDoor();
    const mine: ControlClient[] = [];
    for (let at = 0; at < CROWD_LIMITS.memberConnections; at += 1) mine.push(await comeIn());
    const { message, advice } = await refusalOf(comeIn(), 'control-protocol');
    expect(message).toContain(`You have ${CROWD_LIMITS.memberConnections} connections`);
    expect(advice).toContain('End some');
    if (IS_ROOT) {
      const program = await childProgram(join(path, '..'));
      const anna = await startChild(program, ['client', path], ANNA, GROUP_ID);
      // She was let in, and answered.
      expect(anna.line).toContain('no machine');
      await anna.ended;
    }
    mine[0]?.close();
    await expect.poll(() => comeIn().catch(() => null), { timeout: 30_000 }).not.toBeNull();
  });

  it('come in while others stand there and say nothing, of whom the first are sent away', async () => {
    await openDoor();
    const silent = Array.from({ length: CROWD_LIMITS.strangers + 3 }, () => {
      const socket = connect(path);
      socket.on('error', () => {});
      endings.push(() => socket.destroy());
      return socket;
    });
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    expect((await (await comeIn()).request('status', {})).phase).toBe('running');
    const [first] = silent;
    if (!first) throw new Error('nobody stood there');
    const said = await readLine(first, { maxBytes: GREETING_MAX_BYTES, timeoutMs: 30_000 });
    expect(said).toContain('Too many connect to this outpost at once.');
  });

  it('have a share of the windows that are being opened', () => {
    const { tickets } = bench;
    const issue = (member: number | null) => tickets.issue('display', member, () => {});
    for (let at = 0; at < 12; at += 1) issue(ANNA);
    expect(() => issue(ANNA)).toThrow('12 windows are being opened already');
    issue(ME);
    issue(null);
  });
});

describe('a member', () => {
  it('asks for no more sessions at a time than the journal can bear', async () => {
    await openDoor();
    const client = await comeIn();
    const display = { width: 800, height: 600, dpi: 96, audio: [] };
    const ask = () => client.request('machines/open', { machine: 'none', display, window: 'w' });
    for (let at = 0; at < PACE_LIMITS.asked; at += 1) await refusalOf(ask(), 'machine-not-found');
    await refusalOf(ask(), 'offline-refused');
  });

  const mine = { source: 'local', member: ME, user: `user ${ME}`, id: 'mine' } as const;
  const others = { source: 'local', member: ANNA, user: `user ${ANNA}`, id: 'others' } as const;

  it('hears of their own, and not by when a message comes of what others do', async () => {
    await openDoor();
    const link = { kind: 'online', since: AT, acknowledgedAt: AT } as const;
    bench.outpost.change({ link, sessions: [session(mine)] });
    const client = await comeIn();
    const heard: OutpostStatus[] = [];
    client.on('status/changed', (status) => heard.push(status));
    await client.request('status/subscribe', {});
    const changes: readonly Partial<OutpostStatus>[] = [
      { sessions: [session({ ...mine, bytesToPeer: 99 }), session(others)] },
      { sessions: [session({ ...mine, watchers: 1 }), session({ ...others, state: 'held' })] },
      { link: { kind: 'online', since: AT, acknowledgedAt: AT + 1 } },
      { warnings: [{ code: 'internal', message: 'Something.' }] },
    ];
    for (const change of changes) {
      bench.outpost.change(change);
      // What was to be told would be told before this is answered.
      await client.request('machines/wake', { id: 'none' }).catch(() => {});
    }
    expect(heard).toEqual([]);
    bench.outpost.change({ sessions: [session({ ...mine, state: 'held' })] });
    await expect.poll(() => heard.length, { timeout: 30_000 }).toBe(1);
    expect(heard.at(-1)?.sessions).toMatchObject([{ id: 'mine', state: 'held' }]);
  });

  it('who is taken out of the group loses connections and sessions, and nobody else theirs', async () => {
    const out = new Set<number>();
    await openDoor({ isOut: async (uid) => out.has(uid), lookMs: 20 });
    bench.outpost.change({
      sessions: [session(mine), session({ ...mine, id: 'held', state: 'held' }), session(others)],
    });
    const client = await comeIn();
    const closed = new Promise((resolve) => client.onClose(resolve));
    out.add(ANNA);
    await expect.poll(() => bench.outpost.asked, { timeout: 30_000 }).toContain('end others');
    expect((await client.request('sessions', {})).sessions).toHaveLength(2);
    expect(bench.outpost.asked).not.toContain('end mine');
    out.add(ME);
    await closed;
    await expect.poll(() => bench.outpost.asked, { timeout: 30_000 }).toContain('end held');
    expect(bench.outpost.asked).toContain('end mine');
  });

  it('sees the machines, and not which guacd leads to them', async () => {
    await openDoor();
    await bench.listen();
    const owner = await connectControl(bench.path);
    endings.push(() => owner.close());
    const machine = { ...EMPTY_DRAFT, name: 'web', host: '10.0.0.7', guacd: '10.9.9.9:4822' };
    const { id, guacd } = await owner.request('machines/put', { id: null, machine });
    expect(guacd).toBe('10.9.9.9:4822');
    const client = await comeIn();
    const { machines } = await client.request('machines/list', {});
    for (const shown of [...machines, await client.request('machines/get', { id })])
      expect(shown).toMatchObject({ id, host: '10.0.0.7', guacd: '' });
    expect(machines).toHaveLength(1);
  });

  it('has no way to a session by its id', async () => {
    await openDoor();
    bench.outpost.change({ sessions: [session(others)] });
    const client = await comeIn();
    const display = { width: 800, height: 600, dpi: 96, audio: [] };
    for (const attempt of [
      client.request('end', { id: 'others' }),
      client.request('session/watch', { id: 'others', display }),
      client.request('viewer/watch', { id: 'others' }),
      client.request('viewer/follow', {}),
      client.request('machines/save-session', { id: 'others' }),
      client.request('recordings/list', { limit: 1 }),
      client.request('audit/recent', { limit: 1 }),
      client.request('audit/subscribe', { limit: 1 }),
      client.request('log', { limit: 1 }),
      client.request('guacd/output', {}),
    ])
      await refusalOf(attempt, 'request-invalid');
    expect((await client.request('status', {})).sessions).toEqual([]);
  });

  it('hears of the vault when it opens or locks, not when the admin keeps something in it', async () => {
    await openDoor();
    const { vault, keyFile } = bench.local;
    await vault.create({ kind: 'key-file', path: keyFile });
    const client = await comeIn();
    const heard: string[] = [];
    client.on('vault/changed', ({ kind }) => heard.push(kind));
    await client.request('vault/subscribe', {});
    await vault.put(null, { name: 'web', user: 'root', domain: '' });
    vault.lock('asked');
    await expect.poll(() => heard, { timeout: 30_000 }).toEqual(['locked']);
  });
});

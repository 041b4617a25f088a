import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../main/core/audit-event.ts';
import { EMPTY_DRAFT, type Machine } from '../../../main/core/offline/machines/machine.ts';
import { type Asker, LocalSessions, type OpenWish } from '../../../main/core/offline/open.ts';
import type { OfflinePolicy } from '../../../main/core/offline/policy.ts';
import type { Vault } from '../../../main/core/offline/vault/vault.ts';
import { ending } from '../../../main/core/sessions/words.ts';
import { until } from '../guacd/fake-guacd.ts';
import { SessionBench } from './bench.ts';

const OPEN: OfflinePolicy = {
  mode: 'always',
  afterMs: 0,
  askReason: false,
  requirePassphrase: false,
  group: null,
};
const STRICT: OfflinePolicy = { ...OPEN, mode: 'unreachable', askReason: true, requirePassphrase: true };
const WISH: OpenWish = {
  display: { width: 800, height: 600, dpi: 96, audio: [] },
  window: 'a-window-of-alice-1',
  reason: null,
};
const ALICE: Asker = { connection: {}, user: 'alice', member: 1000, isMember: true };

/** Sessions of this host as a broker has them, with a policy that a test changes. */
class Host {
  policy = OPEN;
  readonly events: AuditEvent[] = [];
  readonly bench: SessionBench;
  readonly #sessions: LocalSessions;

  private constructor(bench: SessionBench) {
    this.bench = bench;
    this.#sessions = new LocalSessions({
      machines: {
        get: async (id): Promise<Machine> => {
          return { ...EMPTY_DRAFT, id, name: id, host: 'box', createdAt: 0, updatedAt: 0 };
        },
      },
      // authentik is there, and no vault: whoever is asked by the policy is refused.
      vault: { state: { kind: 'none' } } as Vault,
      reach: { reach: { kind: 'reached' } },
      policy: () => this.policy,
      record: (event) => this.events.push(event),
      ofWindow: (window) => bench.broker.ofWindow(window),
    });
  }

  static async start(): Promise<Host> {
    return new Host(await SessionBench.start({ limits: { settleMs: 50 } }));
  }

  ask(machine: string, wish: Partial<OpenWish> = {}, asker: Partial<Asker> = {}) {
    return this.#sessions.machine(machine, { ...WISH, ...wish }, { ...ALICE, ...asker });
  }

  async open(channel: string, opening = this.ask('web')): Promise<string> {
    const { request, anew } = await opening;
    this.bench.broker.open(request, 'window', this.bench.peer(channel), {
      window: WISH.window,
      version: 'VERSION_1_5_0',
      ...(anew && { anew }),
    });
    return request.id;
  }

  /** A session on “web” whose window has just gone. */
  async held(): Promise<void> {
    await this.open('one');
    await this.#until('live');
    (await this.bench.browser('one')).reset();
    await this.#until('held');
  }

  async #until(state: string): Promise<void> {
    await until(() => this.bench.broker.sessions.some((session) => session.state === state));
  }
}

describe('a held session of this host', () => {
  it('goes on in its window, whatever the policy would ask of a new one', async () => {
    const host = await Host.start();
    await host.held();
    host.policy = STRICT;
    const told = await host.open('two');
    await until(() => host.bench.guacd.joined.length === 1);
    await until(() => host.bench.broker.sessions[0]?.state === 'live');
    expect(host.bench.broker.sessions).toMatchObject([{ resumedAs: told }]);
    expect(host.events.map(({ kind }) => kind)).toEqual(['local-session-asked']);
    expect(host.bench.told).toContain('resumed web');
  });

  it.each([
    ['another window', 'web', { window: 'a-window-of-alice-2' }, {}],
    ['another machine', 'db', {}, {}],
    ['another person', 'web', {}, { user: 'bob' }],
    ['the same name by another door', 'web', {}, { member: null }],
  ])('does not for %s', async (_, machine, wish, asker) => {
    const host = await Host.start();
    await host.held();
    host.policy = STRICT;
    await expect(host.ask(machine, wish, asker)).rejects.toMatchObject({ code: 'offline-refused' });
  });

  it('does not for who is no member any more', async () => {
    const host = await Host.start();
    await host.held();
    host.policy = { ...OPEN, group: 'ops' };
    await expect(host.ask('web', {}, { isMember: false })).rejects.toThrow('Only members of the group');
    expect(await host.ask('web')).toBeDefined();
  });

  it('is no way in where it has ended meanwhile: the policy decides as about any new one', async () => {
    const host = await Host.start();
    await host.held();
    host.policy = STRICT;
    const opening = host.ask('web');
    await opening;
    const [{ id } = { id: '' }] = host.bench.broker.sessions;
    host.bench.broker.end(id, ending('ended-by-admin'));
    await host.bench.over();
    await host.open('two', opening);
    expect((await host.bench.farewell('two')).sentence).toContain('authentik can be reached');
    expect(host.bench.guacd.ends).toHaveLength(1);
    expect(host.events.map(({ kind }) => kind)).toEqual(['local-session-asked']);
  });

  it('is no way in where guacd ends it in the very moment in which it is joined', async () => {
    const host = await Host.start();
    await host.held();
    host.policy = STRICT;
    const { guacd, broker } = host.bench;
    guacd.onSelect = (end) => {
      end.socket.end();
      guacd.ends[0]?.socket.destroy();
    };
    await host.open('two');
    expect((await host.bench.farewell('two')).sentence).toContain('authentik can be reached');
    await host.bench.over();
    // The one that was held, and the one that there was none of.
    expect(broker.history.map(({ reason }) => reason === 'refused').sort()).toEqual([false, true]);
    expect(guacd.ends.filter(({ handshake }) => handshake[0]?.[1] === 'ssh')).toHaveLength(1);
    expect(host.events.map(({ kind }) => kind)).toEqual(['local-session-asked']);
  });

  it('makes place for a new one where that is allowed, by the name that was told', async () => {
    const host = await Host.start();
    await host.held();
    const opening = host.ask('web');
    await opening;
    host.bench.broker.end(host.bench.broker.sessions[0]?.id ?? '', ending('ended-by-admin'));
    await host.bench.over();
    const told = await host.open('two', opening);
    await until(() => host.bench.broker.sessions[0]?.state === 'live');
    expect(host.bench.broker.sessions.map(({ id }) => id)).toEqual([told]);
    expect(host.events.map((event) => 'session' in event && event.session)).toContain(told);
  });
});

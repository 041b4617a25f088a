import { describe, expect, it } from 'vitest';
import { describeStatus } from '../../../main/core/describe.ts';
import type { GuacdState, LinkState, MetricsState, OutpostStatus } from '../../../main/core/status.ts';
import { iconPlan, trayVariant } from '../../../main/desktop/tray-icon-plan.ts';
import {
  MAX_SESSIONS,
  nextChange,
  type TrayAction,
  type TrayItem,
  type TrayScene,
  trayState,
  trayView,
} from '../../../main/desktop/tray-view.ts';
import { DE } from '../../../main/desktop/words/de.ts';
import { EN } from '../../../main/desktop/words/en.ts';
import { NOW, REFUSED, sessionOf, statusOf } from './status.ts';

const scene = (part: Partial<TrayScene> = {}): TrayScene => ({
  outpost: { kind: 'own', pid: 4711 },
  status: statusOf(),
  practice: false,
  machines: { machines: [], total: 0 },
  startAtLogin: false,
  now: NOW,
  ...part,
});

const down = { code: 'guacd-died', message: 'guacd ended.' } as const;
const LINKS: readonly LinkState[] = [
  { kind: 'stopped' },
  { kind: 'connecting', attempt: 1, since: NOW },
  { kind: 'connecting', attempt: 4, since: NOW },
  { kind: 'online', since: NOW, acknowledgedAt: null },
  { kind: 'waiting', attempt: 2, retryAt: NOW + 12_000, reason: REFUSED },
  {
    kind: 'rejected',
    retryAt: NOW + 60_000,
    reason: { code: 'token-rejected', message: 'authentik rejected the token.' },
  },
];
const sick = { address: '10.0.0.9:4822', healthy: false, version: null, sessions: 0, reason: down };
const GUACDS: readonly GuacdState[] = [
  { kind: 'stopped' },
  { kind: 'starting', since: NOW },
  { kind: 'starting', since: NOW, step: { kind: 'fetching', image: 'guacamole/guacd:1.6.0' } },
  statusOf().guacd,
  { kind: 'up', since: NOW, instances: [sick] },
  { kind: 'up', since: NOW, instances: [{ ...sick, reason: null }] },
  { kind: 'up', since: NOW, instances: [{ ...sick, address: '127.0.0.1:4822', healthy: true }, sick] },
  { kind: 'down', retryAt: NOW + 5_000, reason: down },
];
const METRICS: readonly MetricsState[] = [
  { kind: 'off' },
  { kind: 'listening', address: '127.0.0.1:9300' },
  {
    kind: 'failed',
    address: '127.0.0.1:9300',
    reason: { code: 'port-taken', message: 'Port 9300 is taken.' },
  },
];
const OUTPOSTS: readonly Partial<OutpostStatus>[] = [
  {},
  { outpost: null },
  { outpost: null, updateFailure: REFUSED },
  { updateFailure: REFUSED },
  { outpost: { pk: 'pk', name: 'empty', providers: [], config: {}, updatedAt: NOW } },
];

const ALWAYS = [
  ...['open-console', 'copy-status', 'save-diagnostics', 'open-log-folder'],
  ...['start-at-login', 'about', 'quit'],
];

/** Every kind of status that there is, in all combinations that can differ. */
function* everyStatus(): Generator<OutpostStatus> {
  for (const phase of ['stopped', 'running', 'draining', 'stopping'] as const)
    for (const wish of ['run', 'stop'] as const)
      for (const host of ['https://sso.example.org/', null])
        for (const link of LINKS)
          for (const guacd of GUACDS)
            for (const metrics of METRICS)
              for (const outpost of OUTPOSTS)
                for (const sessions of [[], [sessionOf()]])
                  yield statusOf({ phase, wish, host, link, guacd, metrics, sessions, ...outpost });
}

describe('the tray’s view', () => {
  it('has for every status the state and the sentence that everybody else has', () => {
    let seen = 0;
    const states = new Set<string>();
    for (const status of everyStatus()) {
      const { icon, sentence } = trayState({ outpost: { kind: 'own', pid: 1 }, status, now: NOW }, EN);
      states.add(icon);
      seen += 1;
      if (status.phase === 'running' && status.link.kind === 'waiting') {
        expect(sentence).toContain('Reconnecting in 15 s: sso.example.org refused the connection');
        continue;
      }
      const described = describeStatus(status, NOW);
      expect({ icon, sentence }).toEqual({ icon: described.state, sentence: described.sentence });
    }
    expect(seen).toBeGreaterThan(10_000);
    expect([...states].sort()).toEqual(['connecting', 'degraded', 'draining', 'failed', 'online', 'stopped']);
  });

  it('says in German what it says in English, for every status', () => {
    const english =
      /\b(?:sessions?|Online|Stopped|Starting|Connecting|Reconnecting|Finishing|Stopping|but|undefined|null)\b/;
    for (const status of everyStatus()) {
      const said = DE.status(status, NOW);
      expect(said).not.toMatch(english);
      expect(said).not.toMatch(/\.$/);
      expect(said.length).toBeGreaterThan(5);
      // What is worth telling in one language is so in the other.
      const english_ = EN.status(status, NOW);
      expect(said.includes('sso.example.org'), said).toBe(english_.includes('sso.example.org'));
      expect(said.includes('guacd')).toBe(english_.includes('guacd'));
    }
  });

  it('offers in every status exactly what can be done', () => {
    const wrong: unknown[] = [];
    for (const status of everyStatus()) {
      const kinds = actionsOf(trayView(scene({ status }), EN).items).map(({ kind }) => kind);
      const { phase, link, sessions } = status;
      const waits = phase === 'running' && (link.kind === 'waiting' || link.kind === 'rejected');
      const expected = [
        ...(phase === 'stopped' ? ['start'] : []),
        ...(waits ? ['retry'] : []),
        ...(phase === 'running' || phase === 'draining' ? ['stop'] : []),
        ...(phase === 'running' && sessions.length > 0 ? ['drain'] : []),
        ...(sessions.length > 0 ? ['watch', 'end'] : []),
        ...ALWAYS,
      ];
      if (kinds.join() !== expected.join()) wrong.push({ phase, link: link.kind, kinds, expected });
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it('tells how the outpost is held where there is no status', () => {
    const shown = (outpost: TrayScene['outpost']) => {
      const { icon, tooltip, items } = trayView(scene({ outpost, status: null }), EN);
      return {
        icon,
        tooltip,
        actions: actionsOf(items)
          .map(({ kind }) => kind)
          .slice(0, 2),
      };
    };
    expect(shown({ kind: 'starting' })).toEqual({
      icon: 'connecting',
      tooltip: 'Sallyport · Starting the outpost',
      actions: ['open-console', 'copy-status'],
    });
    expect(shown({ kind: 'locked' })).toMatchObject({
      icon: 'failed',
      tooltip: expect.stringContaining('passphrase'),
    });
    expect(shown({ kind: 'ended', failure: REFUSED, retryAt: NOW + 3_000 })).toEqual({
      icon: 'failed',
      tooltip:
        'Sallyport · Starting the outpost again in 5 s: sso.example.org refused the connection. Is the service running there?',
      actions: ['retry', 'open-console'],
    });
    expect(shown({ kind: 'attached', pid: 1 })).toMatchObject({ icon: 'connecting' });
  });

  it('says of a session that it is held', () => {
    const { items } = trayView(scene({ status: statusOf({ sessions: [sessionOf({ state: 'held' })] }) }), EN);
    const sessions = items.find((item) => item.kind === 'menu' && item.label === 'Sessions (1)');
    expect(sessions).toMatchObject({
      items: [{ label: expect.stringMatching(/^alice → 10\.0\.0\.7:3389 · RDP · 12 min · held$/) }],
    });
  });

  it('asks before a session is ended, in the menu itself', () => {
    const { items } = trayView(
      scene({
        status: statusOf({ sessions: [sessionOf(), sessionOf({ id: 'two', user: null, state: 'ending' })] }),
      }),
      EN,
    );
    const sessions = items.find((item) => item.kind === 'menu' && item.label === 'Sessions (2)');
    expect(sessions).toEqual({
      kind: 'menu',
      label: 'Sessions (2)',
      items: [
        {
          kind: 'menu',
          label: 'alice → 10.0.0.7:3389 · RDP · 12 min',
          items: [
            { kind: 'action', label: 'Watch', action: { kind: 'watch', id: 'one' }, enabled: true },
            { kind: 'label', label: 'What is not saved there may be lost' },
            { kind: 'action', label: 'End this session', action: { kind: 'end', id: 'one' }, enabled: true },
          ],
        },
        {
          kind: 'menu',
          label: 'unknown user → 10.0.0.7:3389 · RDP · 12 min',
          items: [
            { kind: 'action', label: 'Watch', action: { kind: 'watch', id: 'two' }, enabled: false },
            { kind: 'label', label: 'What is not saved there may be lost' },
            { kind: 'action', label: 'End this session', action: { kind: 'end', id: 'two' }, enabled: false },
          ],
        },
      ],
    });
  });

  it('lists at most as many sessions as fit a screen, and says how many are left', () => {
    const many = (count: number) =>
      trayView(
        scene({
          status: statusOf({
            sessions: Array.from({ length: count }, (_, at) => sessionOf({ id: `${at}` })),
          }),
        }),
        EN,
      ).items;
    const ends = (count: number) => actionsOf(many(count)).filter(({ kind }) => kind === 'end').length;
    expect(ends(MAX_SESSIONS)).toBe(MAX_SESSIONS);
    expect(ends(MAX_SESSIONS + 1)).toBe(MAX_SESSIONS);
    expect(JSON.stringify(many(MAX_SESSIONS))).not.toContain('more in the console');
    expect(JSON.stringify(many(MAX_SESSIONS + 5_000))).toContain('5000 more in the console');
  });

  it('offers machines where there are some, as many as fit', () => {
    const menu = (total: number) =>
      trayView(
        scene({ machines: { machines: [{ id: 'm1', name: 'web & db', protocol: 'ssh' }], total } }),
        DE,
      ).items.find((item) => item.kind === 'menu' && item.label === DE.menu.connect);
    expect(JSON.stringify(trayView(scene(), DE))).not.toContain(DE.menu.connect);
    expect(menu(1)).toMatchObject({
      items: [{ label: 'web & db · SSH', action: { kind: 'connect', machine: 'm1', name: 'web & db' } }],
    });
    expect(JSON.stringify(menu(901))).toContain('900 weitere in der Konsole');
  });

  it('offers no watching of one who watches, who is no session of their own', () => {
    const watching = sessionOf({ source: 'watch' });
    const { items } = trayView(scene({ status: statusOf({ sessions: [watching] }) }), EN);
    expect(actionsOf(items).map(({ kind }) => kind)).not.toContain('watch');
    expect(JSON.stringify(items)).toContain(' · watching"');
    for (const [words, one] of [
      [EN, '1 session'],
      [DE, '1 Sitzung'],
    ] as const) {
      const both = trayView(scene({ status: statusOf({ sessions: [sessionOf(), watching] }) }), words);
      expect(both.tooltip).toContain(` · ${one}`);
      expect(both.items.at(-1)).toMatchObject({ label: expect.stringContaining(`(${one})`) });
    }
  });

  it('says what quitting ends', () => {
    const quit = (part: Partial<TrayScene>) => {
      const { items } = trayView(scene(part), EN);
      return items.at(-1);
    };
    const one = statusOf({ sessions: [sessionOf()] });
    expect(quit({})).toMatchObject({ label: 'Stop outpost and quit', action: { kind: 'quit' } });
    expect(quit({ status: one })).toMatchObject({ label: 'Stop outpost and quit (1 session)' });
    expect(quit({ status: one, outpost: { kind: 'attached', pid: 1 } })).toMatchObject({
      label: 'Quit (the service goes on)',
    });
  });

  it('moves countdowns in steps, and is the same between them', () => {
    const status = statusOf({
      link: { kind: 'waiting', attempt: 2, retryAt: NOW + 12_000, reason: REFUSED },
    });
    const at = (now: number) => JSON.stringify(trayView(scene({ status, now }), EN));
    expect(at(NOW + 1_999)).toBe(at(NOW));
    expect(at(NOW + 2_000)).not.toBe(at(NOW));
    expect(nextChange(scene({ status }))).toBe(2_000);
    expect(nextChange(scene({ status, now: NOW + 2_000 }))).toBe(5_000);
    expect(at(NOW + 60_000)).toContain('Reconnecting in 0 s');
  });

  it('changes by time alone only where there is an age or a countdown', () => {
    expect(nextChange(scene())).toBeNull();
    expect(nextChange(scene({ status: statusOf({ sessions: [sessionOf()] }) }))).toBe(60_000);
    expect(
      nextChange(scene({ status: null, outpost: { kind: 'ended', failure: REFUSED, retryAt: NOW + 1_000 } })),
    ).toBe(1_000);
    expect(
      nextChange(scene({ status: null, outpost: { kind: 'ended', failure: REFUSED, retryAt: null } })),
    ).toBeNull();
  });

  it('keeps labels short, whatever a machine or an error is called', () => {
    const machine = '🖥'.repeat(300);
    const { items, tooltip } = trayView(
      scene({
        status: statusOf({
          sessions: [sessionOf({ machine })],
          guacd: { kind: 'down', retryAt: NOW, reason: { code: 'guacd-died', message: 'x'.repeat(5_000) } },
        }),
      }),
      EN,
    );
    for (const label of [tooltip, ...labelsOf(items)]) expect([...label].length).toBeLessThanOrEqual(120);
    expect(labelsOf(items).some((label) => label.endsWith('🖥…'))).toBe(true);
  });
});

describe('the tray’s pictures', () => {
  it('are those that can be seen on the panel', () => {
    const facts = { platform: 'linux', desktop: 'KDE', dark: false } as const;
    expect(trayVariant(facts)).toBe('light');
    expect(trayVariant({ ...facts, dark: true })).toBe('dark');
    expect(trayVariant({ ...facts, desktop: 'ubuntu:GNOME' })).toBe('dark');
    expect(trayVariant({ ...facts, platform: 'darwin' })).toBe('mono');
    expect(trayVariant({ ...facts, platform: 'win32', dark: true })).toBe('dark');
  });

  it('exist in every size, for every state', async () => {
    const { existsSync } = await import('node:fs');
    const { join } = await import('node:path');
    const folder = join(import.meta.dirname, '..', '..', '..', 'resources', 'tray');
    for (const variant of ['light', 'dark', 'mono'])
      for (const state of ['stopped', 'connecting', 'online', 'degraded', 'failed', 'draining'])
        for (const platform of ['linux', 'win32', 'darwin'] as const)
          for (const { size } of iconPlan(platform))
            expect(
              existsSync(join(folder, variant, `${state}-${size}.png`)),
              `${variant} ${state} ${size}`,
            ).toBe(true);
  });
});

function actionsOf(items: readonly TrayItem[]): TrayAction[] {
  return items.flatMap((item) => {
    switch (item.kind) {
      case 'action':
        return item.enabled ? [item.action] : [];
      case 'check':
        return [item.action];
      case 'menu':
        return actionsOf(item.items);
      default:
        return [];
    }
  });
}

function labelsOf(items: readonly TrayItem[]): string[] {
  return items.flatMap((item) =>
    item.kind === 'line' ? [] : item.kind === 'menu' ? [item.label, ...labelsOf(item.items)] : [item.label],
  );
}

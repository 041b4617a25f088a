import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../../main/core/errors.ts';
import {
  type Asking,
  nextReach,
  type OfflinePolicy,
  openingOf,
  type Reach,
  ReachWatch,
  refusalOf,
} from '../../../main/core/offline/policy.ts';
import type { LinkState } from '../../../main/core/status.ts';

const NOW = 1_000_000;
const POLICY: OfflinePolicy = {
  mode: 'unreachable',
  afterMs: 60_000,
  askReason: false,
  requirePassphrase: false,
  group: null,
};
const ASKING: Asking = { isMember: false, reason: null, protection: null, hasFreshPassphrase: false };
const LOST: Extract<Reach, { kind: 'out-of-reach' }> = { kind: 'out-of-reach', since: NOW - 60_000 };

const waiting = (code: ErrorCode): LinkState => ({
  kind: 'waiting',
  attempt: 1,
  retryAt: NOW,
  reason: { code, message: '' },
});
const connecting: LinkState = { kind: 'connecting', attempt: 1, since: NOW };
const online: LinkState = { kind: 'online', since: NOW, acknowledgedAt: null };
const rejected: LinkState = {
  kind: 'rejected',
  retryAt: NOW,
  reason: { code: 'token-rejected', message: '' },
};

describe('what counts as authentik out of reach', () => {
  it.each<ErrorCode>([
    'dns-failed',
    'connect-refused',
    'connect-timeout',
    'connection-lost',
    'tls-untrusted',
    'tls-expired',
    'proxy-failed',
    'http-status',
    'not-authentik',
    'bad-answer',
    'upgrade-refused',
  ])('is a link that is down by %s', (code) => {
    expect(nextReach({ kind: 'reached' }, waiting(code), NOW)).toEqual({ kind: 'out-of-reach', since: NOW });
  });

  it.each<ErrorCode>(['token-missing', 'settings-invalid', 'token-unreadable', 'client-certificate'])(
    'is not what somebody at this host has brought about: %s',
    (code) => {
      expect(nextReach(LOST, waiting(code), NOW).kind).toBe('not-asked');
      const turned: LinkState = { kind: 'rejected', retryAt: NOW, reason: { code, message: '' } };
      expect(nextReach(LOST, turned, NOW).kind).toBe('not-asked');
      // Not while it tries again either.
      expect(nextReach({ kind: 'not-asked' }, connecting, NOW).kind).toBe('not-asked');
    },
  );

  it('is not an authentik that turns this outpost away, also while it is asked again', () => {
    const watch = new ReachWatch();
    const see = (link: LinkState, now: number) => {
      watch.see({ phase: 'running', link }, now);
      return watch.reach.kind;
    };
    expect(see(waiting('connect-refused'), NOW)).toBe('out-of-reach');
    expect(see(rejected, NOW + 1)).toBe('turned-away');
    expect(see(connecting, NOW + 2)).toBe('turned-away');
    expect(see(rejected, NOW + 3)).toBe('turned-away');
    expect(see(waiting('no-outpost'), NOW + 4)).toBe('turned-away');
    // And the time begins anew.
    see(waiting('connect-refused'), NOW + 5);
    expect(watch.reach).toEqual({ kind: 'out-of-reach', since: NOW + 5 });
  });

  it('lasts from the first failure on, over all tries, until it is online', () => {
    const watch = new ReachWatch();
    const states: readonly LinkState[] = [
      connecting,
      waiting('dns-failed'),
      connecting,
      waiting('connect-timeout'),
    ];
    for (const [at, link] of states.entries()) watch.see({ phase: 'running', link }, NOW + at);
    expect(watch.reach).toEqual({ kind: 'out-of-reach', since: NOW });
    watch.see({ phase: 'running', link: online }, NOW + 10);
    expect(watch.reach.kind).toBe('reached');
    watch.see({ phase: 'running', link: waiting('connection-lost') }, NOW + 11);
    expect(watch.reach).toEqual({ kind: 'out-of-reach', since: NOW + 11 });
  });

  it.each(['stopped', 'draining', 'stopping'] as const)('is not an outpost that is %s', (phase) => {
    const watch = new ReachWatch();
    watch.see({ phase: 'running', link: waiting('dns-failed') }, NOW);
    watch.see({ phase, link: waiting('dns-failed') }, NOW + 1);
    expect(watch.reach.kind).toBe('stopped');
    watch.see({ phase: 'running', link: connecting }, NOW + 2);
    expect(watch.reach).toEqual({ kind: 'out-of-reach', since: NOW + 2 });
  });
});

describe('whether sessions may be opened', () => {
  const reaches: readonly Reach[] = [
    { kind: 'reached' },
    { kind: 'stopped' },
    { kind: 'turned-away' },
    { kind: 'not-asked' },
    LOST,
    { kind: 'out-of-reach', since: NOW - 59_999 },
  ];

  it('is decided by mode and reach, each combination', () => {
    const open = (mode: OfflinePolicy['mode']) =>
      reaches.map((reach) => openingOf({ ...POLICY, mode }, reach, NOW).open);
    expect(open('never')).toEqual([false, false, false, false, false, false]);
    expect(open('always')).toEqual([true, false, true, true, true, true]);
    expect(open('unreachable')).toEqual([false, false, false, false, true, false]);
  });

  it('has a sentence without numbers for each', () => {
    for (const mode of ['never', 'always', 'unreachable'] as const)
      for (const reach of reaches) {
        const { because } = openingOf({ ...POLICY, mode }, reach, NOW);
        expect(because).toMatch(/^[^\d]+\.$/);
      }
  });
});

describe('a wish to open one', () => {
  const refusal = (policy: Partial<OfflinePolicy>, asking: Partial<Asking> = {}, reach: Reach = LOST) =>
    refusalOf({ ...POLICY, ...policy }, reach, { ...ASKING, ...asking }, NOW);

  it('is granted where nothing more is asked', () => {
    expect(refusal({})).toBeNull();
    expect(refusal({ mode: 'always' }, {}, { kind: 'reached' })).toBeNull();
  });

  it('is refused with what to do', () => {
    expect(refusal({ mode: 'never' })).toMatchObject({
      code: 'offline-refused',
      advice: expect.stringContaining('settings'),
    });
    expect(refusal({}, {}, { kind: 'reached' })?.advice).toBe('Open the machine in authentik.');
    expect(refusal({}, {}, { kind: 'stopped' })?.advice).toBe('Start it first.');
  });

  it('needs membership only where a group is named', () => {
    expect(refusal({ group: 'admins' })?.message).toContain('“admins”');
    expect(refusal({ group: 'admins' }, { isMember: true })).toBeNull();
  });

  it('needs a reason that says something and is not endless', () => {
    const askReason = true;
    expect(refusal({ askReason })?.message).toBe('A reason is asked for.');
    expect(refusal({ askReason }, { reason: ' \n ' })).not.toBeNull();
    expect(refusal({ askReason }, { reason: 'disk full on web-01' })).toBeNull();
    expect(refusal({ askReason }, { reason: 'x'.repeat(1024) })).toBeNull();
    expect(refusal({}, { reason: 'x'.repeat(1025) })).not.toBeNull();
  });

  it('needs the vault’s passphrase, typed for it', () => {
    const requirePassphrase = true;
    expect(refusal({ requirePassphrase })?.advice).toContain('Make a vault');
    expect(refusal({ requirePassphrase }, { protection: 'key-file' })?.code).toBe('offline-refused');
    expect(refusal({ requirePassphrase }, { protection: 'passphrase' })?.code).toBe('vault-locked');
    expect(refusal({ requirePassphrase }, { protection: 'passphrase', hasFreshPassphrase: true })).toBeNull();
  });

  it('is never granted against one of the conditions, whatever the others are', () => {
    const reach: fc.Arbitrary<Reach> = fc.oneof(
      fc.constantFrom<Reach>(
        { kind: 'reached' },
        { kind: 'stopped' },
        { kind: 'turned-away' },
        { kind: 'not-asked' },
      ),
      fc.integer({ min: NOW - 200_000, max: NOW }).map((since) => ({ kind: 'out-of-reach' as const, since })),
    );
    const policy = fc.record<OfflinePolicy>({
      mode: fc.constantFrom('never', 'unreachable', 'always'),
      afterMs: fc.integer({ min: 0, max: 100_000 }),
      askReason: fc.boolean(),
      requirePassphrase: fc.boolean(),
      group: fc.constantFrom(null, 'admins'),
    });
    const asking = fc.record<Asking>({
      isMember: fc.boolean(),
      reason: fc.constantFrom(null, '', 'because'),
      protection: fc.constantFrom(null, 'passphrase', 'key-file', 'keychain'),
      hasFreshPassphrase: fc.boolean(),
    });
    fc.assert(
      fc.property(policy, reach, asking, (rules, where, who) => {
        const granted = refusalOf(rules, where, who, NOW) === null;
        const may =
          rules.mode !== 'never' &&
          where.kind !== 'stopped' &&
          (rules.mode === 'always' ||
            (where.kind === 'out-of-reach' && NOW - where.since >= rules.afterMs)) &&
          (rules.group === null || who.isMember) &&
          (!rules.askReason || who.reason === 'because') &&
          (!rules.requirePassphrase || (who.protection === 'passphrase' && who.hasFreshPassphrase));
        expect(granted).toBe(may);
      }),
    );
  });

  it('knows what to make of every way in which the link can be down', () => {
    for (const code of ERROR_CODES)
      expect(['out-of-reach', 'not-asked', 'turned-away']).toContain(
        nextReach({ kind: 'reached' }, waiting(code), NOW).kind,
      );
  });
});

import { describe, expect, it } from 'vitest';
import { configView } from '../../../main/cli/view/config.ts';
import { stepView, verdict } from '../../../main/cli/view/doctor.ts';
import { logJson, logView } from '../../../main/cli/view/log.ts';
import { outpostConfigRows } from '../../../main/cli/view/outpost-config.ts';
import { sessionsView } from '../../../main/cli/view/sessions.ts';
import { statusView } from '../../../main/cli/view/status.ts';
import { columnsOf, type Style } from '../../../main/cli/view/style.ts';
import { memberView } from '../../../main/control/member-view.ts';
import type { DoctorStep, StepOutcome } from '../../../main/core/doctor/step.ts';
import type { OutpostStatus } from '../../../main/core/status.ts';
import { AT, logLine, session, status } from '../../integration/control/outpost-fixture.ts';

const PIPE: Style = { colour: false, unicode: true, width: null };
const ESCAPE = '\u001b';
const NARROW: Style = { colour: true, unicode: true, width: 60 };
const OLD_GUACD = {
  code: 'guacd-outdated',
  message: 'guacd is version 1.3.0, which has known weaknesses: one (CVE-2024-35164).',
  advice: 'Run guacd 1.6.0 or newer.',
} as const;

const text = (shown: OutpostStatus, style = PIPE) => statusView(style, shown, AT).join('\n');

describe('the status', () => {
  it('has the state, every part and the sessions on one screen', () => {
    const shown = text(status());
    expect(shown.split('\n')[0]).toBe('● Online · sso.example.org · 1 session');
    for (const part of [
      'https://sso.example.org/auth/',
      'connected, hello answered 4 s ago',
      'Jump host · 1 provider · updated 1 min ago',
      'up · 127.0.0.1:4822 · version 1.6.0',
      '127.0.0.1:9300',
      '1 of at most 40',
      'running for 1 h · pid 4711 · version 0.1.0',
      'alice',
      '10.0.0.7:3389',
    ])
      expect(shown).toContain(part);
  });

  it('counts who is at work, and shows who looks on as that', () => {
    const shown = text(status({ sessions: [session(), session({ source: 'watch', user: 'root' })] }));
    expect(shown.split('\n')[0]).toContain(' · 1 session');
    expect(shown).toContain('1 of at most 40');
    expect(shown).toMatch(/root .* watching /);
  });

  it('of a member says nothing of what they are not shown, and no trouble that is none', () => {
    const own = session({ source: 'local', user: 'anna', member: 1000, machine: 'web' });
    const shown = text(memberView(status({ sessions: [own, session()] }), { uid: 1000, name: 'anna' }));
    expect(shown.split('\n')[0]).toBe('● Online · sso.example.org · 1 session');
    expect(shown).toMatch(/guacd +up\n/);
    expect(shown).toContain('web');
    expect(shown).not.toMatch(/Outpost|Metrics|4822|alice|10\.0\.0\.7|provider/);
  });

  it('says whether sessions may be opened on this host, where that is set at all', () => {
    const offline = { open: false, asksReason: false, asksPassphrase: false };
    const because = 'authentik has not been out of reach for long enough.';
    const shown = text(status({ offline: { ...offline, mode: 'unreachable', because } }));
    expect(shown).toMatch(/Offline +closed · authentik has not been out of reach for long enough\n/);
    expect(text(status({ offline: { ...offline, mode: 'never', because } }))).not.toContain('Offline');
  });

  it('says what to look at though it works, with its advice', () => {
    const shown = text(status({ warnings: [OLD_GUACD] }));
    expect(shown).toContain(`▲ ${OLD_GUACD.message}`);
    expect(shown).toContain(`  ${OLD_GUACD.advice}`);
  });

  it('says what is wrong and what to do where the token was rejected', () => {
    const reason = {
      code: 'token-rejected',
      message: 'authentik rejected the token.',
      advice: 'Copy it again.',
    } as const;
    const shown = text(status({ link: { kind: 'rejected', retryAt: AT + 30_000, reason } }));
    expect(shown.split('\n').slice(0, 2)).toEqual(['✖ authentik rejected the token', '  Copy it again.']);
    expect(shown).toContain('next try in 30 s');
  });

  it('shows the next try and the reason while it waits', () => {
    const reason = { code: 'http-status', message: 'authentik answered 502.' } as const;
    const shown = text(status({ link: { kind: 'waiting', attempt: 3, retryAt: AT + 12_000, reason } }));
    expect(shown).toContain('◌ Reconnecting in 12 s: authentik answered 502 · 1 session goes on');
    expect(shown).toContain('waiting 12 s before try 4');
  });

  it('tells states apart by shape, also in ASCII and without colours', () => {
    const states: Partial<OutpostStatus>[] = [
      {},
      { phase: 'stopped' },
      { phase: 'draining' },
      { guacd: { kind: 'down', retryAt: AT, reason: OLD_GUACD } },
      { link: { kind: 'connecting', attempt: 1, since: AT } },
      { link: { kind: 'rejected', retryAt: AT, reason: OLD_GUACD } },
    ];
    for (const unicode of [true, false]) {
      const signs = states.map((state) => text(status(state), { ...PIPE, unicode }).slice(0, 1));
      expect(new Set(signs).size).toBe(states.length);
    }
    expect(text(status(), { ...PIPE, unicode: false })).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('says what is missing where nothing is set up', () => {
    const shown = text(status({ phase: 'stopped', host: null, outpost: null, link: { kind: 'stopped' } }));
    expect(shown).toContain('Not set up: no address of authentik is configured');
    expect(shown).toContain('AUTHENTIK_HOST');
    expect(shown).toContain('not known yet');
  });

  it('is not a screen for others to write on: names from afar move no cursor', () => {
    const user = 'mallory\u001b[2J\u202e\nroot';
    const shown = text(status({ sessions: [session({ user, machine: 'x\u0007y:22' })] }));
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(shown).toContain('mallory');
  });

  it('keeps its parts on one line each in a narrow terminal', () => {
    const long = status({ metrics: { kind: 'listening', address: `${'a'.repeat(200)}:9300` } });
    const line = statusView(NARROW, long, AT).find((shown) => shown.includes('aaa')) ?? '';
    expect(line).toContain('…');
    expect(columnsOf(line.replaceAll(ESCAPE, '').replace(/\[\d+m/g, ''))).toBeLessThanOrEqual(60);
  });
});

describe('the sessions', () => {
  it('are listed oldest first, with as much of the id as `end` needs', () => {
    const older = session({
      id: '1f0c2a44-3b1d-4b1c-9a57-000000000001',
      user: 'bob',
      startedAt: AT - 3_600_000,
    });
    const newer = session({ id: 'c0ffee00-3b1d-4b1c-9a57-000000000002', user: null, protocol: 'ssh' });
    const [title, first, second] = sessionsView(PIPE, [newer, older], AT);
    expect(title).toBe('USER          MACHINE        PROTOCOL  STATE     FOR  TO USER  FROM USER  ID');
    expect(first).toBe('bob           10.0.0.7:3389  RDP       live      1 h    35 MB     120 kB  1f0c2a44');
    expect(second).toBe('unknown user  10.0.0.7:3389  SSH       live   12 min    35 MB     120 kB  c0ffee00');
  });

  it('fit an ordinary terminal', () => {
    const wide = session({
      id: '1f0c2a44-3b1d-4b1c-9a57-000000000001',
      user: 'a'.repeat(60),
      machine: `${'m'.repeat(90)}:3389`,
    });
    for (const line of sessionsView({ ...PIPE, width: 80 }, [wide], AT))
      expect(columnsOf(line)).toBeLessThanOrEqual(80);
  });
});

describe('the doctor’s steps', () => {
  const step = (outcome: StepOutcome): DoctorStep => ({
    id: 'dns',
    title: 'Name is resolved',
    outcome,
    tookMs: 1,
  });
  const passed = step({ kind: 'passed', detail: 'sso.example is 192.0.2.1' });
  const failure = {
    code: 'dns-failed',
    message: 'sso.example is a name that DNS does not know.',
    advice: 'Check it.',
  } as const;

  it('are a tick or a sentence each', () => {
    expect(stepView(PIPE, passed)).toEqual(['✓ Name is resolved: sso.example is 192.0.2.1']);
    expect(stepView(PIPE, step({ kind: 'passed', detail: 'yes' }))).toEqual(['✓ Name is resolved']);
    expect(stepView(PIPE, step({ kind: 'failed', failure }))).toEqual([
      '✖ Name is resolved: sso.example is a name that DNS does not know.',
      '  Check it.',
    ]);
    expect(stepView(PIPE, step({ kind: 'warned', failure }))[0]).toMatch(/^▲ /);
    expect(stepView(PIPE, step({ kind: 'skipped', because: 'there is no token' }))).toEqual([
      '· Name is resolved: not tried because there is no token',
    ]);
    expect(stepView({ ...PIPE, unicode: false }, step({ kind: 'failed', failure }))[0]).toMatch(/^XX /);
  });

  it('are summed up in the end', () => {
    const failed = step({ kind: 'failed', failure });
    const warned = step({ kind: 'warned', failure });
    expect(verdict([passed])).toBe('All is well.');
    expect(verdict([passed, warned])).toBe('It works; 1 warning to look at.');
    expect(verdict([passed, warned, failed, failed])).toBe('2 steps failed.');
  });
});

describe('the settings', () => {
  it('are shown with value and origin, a missing one as a dash', () => {
    const rows = [
      {
        key: 'authentik.host',
        value: 'https://sso.example/',
        origin: 'environment: AUTHENTIK_HOST',
        description: 'Address',
      },
      { key: 'authentik.token', value: '***', origin: 'file: token.enc', description: 'Token' },
      { key: 'trust.caFile', value: null, origin: 'default', description: 'CA' },
    ];
    const [title, host, token, caFile] = configView(PIPE, rows);
    expect(title).toMatch(/^SETTING +VALUE +FROM +WHAT IT IS$/);
    expect(host).toMatch(/^authentik\.host +https:\/\/sso\.example\/ +environment: AUTHENTIK_HOST +Address$/);
    expect(token).toContain('***');
    expect(caFile).toMatch(/^trust\.caFile +– +default/);
  });

  it('of the outpost in authentik are shown too: known ones with what they do here, unknown ones kept', () => {
    const rows = outpostConfigRows({
      log_level: 'debug',
      kubernetes_replicas: 'many',
      docker_labels: { a: 1 },
      from_the_future: [1, { b: 2 }],
    });
    const row = (key: string) => rows.find((one) => one.key === `outpost.${key}`);
    expect(row('log_level')).toMatchObject({ value: 'debug', origin: 'authentik' });
    expect(row('refresh_interval')).toMatchObject({ value: 'minutes=5', origin: 'default' });
    expect(row('docker_labels')).toMatchObject({ value: '{"a":1}', origin: 'authentik' });
    expect(row('container_image')).toMatchObject({ value: null, origin: 'default' });
    expect(row('kubernetes_replicas')).toMatchObject({
      value: '1',
      origin: 'default',
      description: expect.stringContaining('should be a whole number'),
    });
    expect(row('from_the_future')).toEqual({
      key: 'outpost.from_the_future',
      value: '[1,{"b":2}]',
      origin: 'authentik',
      description: 'Not used: this version of Sallyport does not know it.',
    });
  });
});

describe('lines of the log', () => {
  it('are readable for people and JSON with authentik’s keys for programs', () => {
    expect(logView(PIPE, logLine('Connected'))).toMatch(/\d\d:\d\d:05\.678 info +link +Connected attempt=1$/);
    expect(JSON.parse(logJson({ ...logLine('Connected'), fields: { level: 'x', attempt: 2 } }))).toEqual({
      level: 'info',
      timestamp: '2026-01-02T03:04:05.678Z',
      logger: 'sallyport.link',
      event: 'Connected',
      level_: 'x',
      attempt: 2,
    });
  });

  it('move no cursor, whatever an outpost sends', () => {
    const line = {
      ...logLine('a\u001b[2Jb'),
      logger: 'x\u001b[1m',
      fields: { key: 'v\u001b[3m', '\u001b[4mk': 1 },
    };
    expect(logView(PIPE, line)).not.toContain('\u001b');
  });
});

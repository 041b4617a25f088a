import { describe, expect, it } from 'vitest';
import { GuacamoleStatus } from '../../../main/core/guacamole/status.ts';
import { machineFailure, nothingShown } from '../../../main/core/sessions/machine-failure.ts';

const SSH = { machine: 'db.example:22', protocol: 'ssh', source: 'authentik' } as const;
const VNC = { machine: 'desk.example:5900', protocol: 'vnc', source: 'authentik' } as const;

describe('what guacd says of a machine', () => {
  it('names the machine, what is wrong, guacd’s own words, and what to do', () => {
    const failure = machineFailure(SSH, 'No route', GuacamoleStatus.upstreamNotFound);
    expect(failure.message).toBe(
      'The session on db.example:22 ended: the machine was not found, or nothing listens there (guacd: “No route”).',
    );
    expect(failure.advice).toContain('Check its address and port');
    expect(failure).toMatchObject({ code: 'guacd-refused', status: GuacamoleStatus.upstreamNotFound });
  });

  it('leaves the quote out where guacd says nothing, and breaks no line', () => {
    for (const nothing of [' \u0000 ', 'Aborted. See logs.'])
      expect(machineFailure(SSH, nothing, GuacamoleStatus.unauthorized).message).toBe(
        'The session on db.example:22 ended: the machine refused the user name or the password.',
      );
    const long = machineFailure(SSH, `a\r\n\u001b[31m${'b'.repeat(1000)}👋`, 0x1234).message;
    expect(long).not.toMatch(/\p{C}/u);
    expect(long.length).toBeLessThan(300);
  });

  it('does not claim that a VNC server was not found where it may have refused the password', () => {
    const failure = machineFailure(VNC, '', GuacamoleStatus.upstreamNotFound);
    expect(failure.message).toContain('or it refused the password');
    expect(failure.advice).toContain('Check the user name and the password');
    expect(machineFailure(SSH, '', GuacamoleStatus.upstreamNotFound).message).not.toContain('password');
  });

  it('does not take another kind of security for a wrong password, as guacd does', () => {
    const rdp = { ...SSH, protocol: 'rdp' } as const;
    const said = 'Security negotiation failed (wrong security type?)';
    const { message, advice, status } = machineFailure(rdp, said, GuacamoleStatus.unauthorized);
    expect(message).toBe(
      'The session on db.example:22 ended: the machine wants another kind of security than it was asked for.',
    );
    expect(advice).toContain('nla, tls or rdp');
    expect(status).toBe(GuacamoleStatus.upstreamError);
  });

  it('has something to do for every way in which a machine cannot be entered', () => {
    const { serverError, upstreamTimeout, upstreamUnavailable, upstreamError, forbidden } = GuacamoleStatus;
    for (const status of [serverError, upstreamTimeout, upstreamUnavailable, upstreamError, forbidden]) {
      expect(machineFailure(SSH, '', status).advice).toMatch(/\.$/);
    }
  });

  it('sends nobody to authentik for what is kept at this host', () => {
    const { unauthorized, serverError, upstreamNotFound } = GuacamoleStatus;
    for (const status of [unauthorized, serverError, upstreamNotFound]) {
      expect(machineFailure(SSH, '', status).advice).toContain('in authentik');
      expect(machineFailure({ ...SSH, source: 'local' }, '', status).advice).not.toContain('authentik');
    }
    expect(nothingShown({ ...SSH, source: 'local' }).advice).not.toContain('authentik');
  });
});

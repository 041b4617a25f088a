import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { collectDiagnostics, diagnosticsName, packDiagnostics } from '../../../main/desktop/diagnostics.ts';
import { withoutSecrets } from '../../../main/desktop/leftover-secrets.ts';
import { NameReplacer } from '../../../main/desktop/replace-names.ts';
import { sessionOf, statusOf } from './status.ts';

const TOKEN = 'kZ3vXq9LmPw2RtYb7NcJ4HsFgD8aEuV1oK6iTzWx';

describe('names in diagnostics', () => {
  it('are replaced, the same one by the same word everywhere', () => {
    const replacer = new NameReplacer();
    replacer.knowStatus(
      statusOf({ sessions: [sessionOf(), sessionOf({ user: 'bob', machine: 'files.corp.example.org:22' })] }),
    );
    const text = replacer.replace(
      'alice at 10.0.0.7:3389, bob at files.corp.example.org:22, again Alice; sso.example.org says alice@example.org is at 10.0.0.8, [fe80::1] and 2001:db8::7',
    );
    expect(text).toBe(
      'user-1 at address-1:3389, user-2 at host-2:22, again user-1; host-1 says mail-1 is at address-2, [address-3] and address-4',
    );
    expect(replacer.replace('10.0.0.8 for alice@EXAMPLE.org')).toBe('address-2 for mail-1');
  });

  it('leave what says nothing about anybody', () => {
    const replacer = new NameReplacer();
    for (const text of [
      '127.0.0.1:9300 and ::1',
      'version 1.6.0, Electron 22.3.25, node 16.17.1',
      '2026-02-03T14:05:00.123Z',
      'sallyport.link tells of settings.json and ca.pem',
      'https://docs.goauthentik.io/add-secure-apps',
      'AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89',
    ])
      expect(replacer.replace(text)).toBe(text);
  });

  it('are not found inside of other words, and regular signs in them are harmless', () => {
    const replacer = new NameReplacer();
    for (const name of ['ann', 'a.b*c(', 'x', '']) replacer.know('user', name);
    expect(replacer.replace('planner, ann-marie, ann, a.b*c( and x')).toBe(
      'planner, ann-marie, user-1, user-2 and x',
    );
  });

  it('are replaced with the longest first', () => {
    const replacer = new NameReplacer();
    replacer.know('user', 'anna');
    replacer.know('user', 'anna maria');
    expect(replacer.replace('anna maria and anna')).toBe('user-2 and user-1');
  });
});

describe('the last look for secrets', () => {
  it.each([
    [`AUTHENTIK_TOKEN=${TOKEN}`, 'AUTHENTIK_TOKEN=***'],
    [`{"token": "${TOKEN}"}`, '{"token": "***"}'],
    [`{"line":"{\\"password\\":\\"${TOKEN}\\"}"}`, '{"line":"{\\"password\\":\\"***\\"}"}'],
    [`Authorization: Bearer ${TOKEN}`, 'Authorization: Bearer ***'],
    [`https://alice:${TOKEN}@sso.example.org/`, 'https://***@sso.example.org/'],
    [`a -----BEGIN RSA PRIVATE KEY-----\n${TOKEN}\n-----END RSA PRIVATE KEY----- b`, 'a *** b'],
    [`cut off -----BEGIN PRIVATE KEY-----\n${TOKEN}`, 'cut off ***'],
    [`session eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${TOKEN}`, 'session ***'],
    [`SALLYPORT_KEY=${TOKEN}`, 'SALLYPORT_KEY=***'],
  ])('takes it out of %s', (text, clean) => {
    expect(withoutSecrets(text)).toBe(clean);
  });

  it('leaves alone what is none', () => {
    for (const text of [
      '{"token": "***"}',
      'the token is missing',
      '{"secret": true, "key": "authentik.token"}',
      'TOKEN=***',
    ])
      expect(withoutSecrets(text)).toBe(text);
  });
});

describe('diagnostics', () => {
  it('tell what they can where no outpost runs', async () => {
    const files = await collectDiagnostics(
      {
        control: null,
        status: statusOf({ sessions: [sessionOf()] }),
        app: { version: '0.1.0', stateDir: '/home/alice/.local/state/sallyport', note: `token=${TOKEN}` },
        logDir: '/nowhere/at/all',
        home: '/home/alice',
        userName: 'alice',
        machineName: 'jump-host-7',
      },
      true,
    );
    const read = unzipSync(new Uint8Array(packDiagnostics(files)));
    expect(Object.keys(read)).toEqual(files.map(({ name }) => name));
    const text = Object.values(read)
      .map((bytes) => Buffer.from(bytes).toString('utf8'))
      .join('\n');
    expect(text).toContain('No outpost was running.');
    expect(text).toContain('~/.local/state/sallyport');
    for (const gone of [TOKEN, 'alice', '10.0.0.7', 'sso.example.org']) expect(text).not.toContain(gone);
    for (const { bytes, text: whole } of files) expect(Buffer.byteLength(whole)).toBe(bytes);
  });

  it('are called by the moment they were made', () => {
    expect(diagnosticsName(new Date(Date.UTC(2026, 1, 3, 14, 5)))).toBe(
      'sallyport-diagnostics-2026-02-03-1405.zip',
    );
  });
});

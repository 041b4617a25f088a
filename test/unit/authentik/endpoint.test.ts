import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { bareUrl, Endpoint } from '../../../main/core/authentik/endpoint.ts';
import { normalFingerprint, SYSTEM_TRUST } from '../../../main/core/authentik/trust.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import { SallyportError } from '../../../main/core/errors.ts';

const TOKEN = 'token-that-nobody-may-see';
const open = (host: string, token = TOKEN) =>
  Endpoint.open({ host, token: new Secret(token), trust: SYSTEM_TRUST, proxy: 'none' });

test.each([
  ['https://sso.example', 'https://sso.example/api/v3/root/config/', 'wss://sso.example/ws/outpost/x/'],
  [
    'https://sso.example/auth',
    'https://sso.example/auth/api/v3/root/config/',
    'wss://sso.example/auth/ws/outpost/x/',
  ],
  [
    'https://sso.example/a/b/',
    'https://sso.example/a/b/api/v3/root/config/',
    'wss://sso.example/a/b/ws/outpost/x/',
  ],
  [
    'http://sso.example:9000/?k=v#f',
    'http://sso.example:9000/api/v3/root/config/?k=v',
    'ws://sso.example:9000/ws/outpost/x/?k=v',
  ],
  [
    ' https://[2001:db8::1]:8443/ ',
    'https://[2001:db8::1]:8443/api/v3/root/config/',
    'wss://[2001:db8::1]:8443/ws/outpost/x/',
  ],
])('%s leads to the right addresses', async (host, rest, websocket) => {
  const endpoint = await open(host);
  expect(endpoint.restUrl('/root/config/').href).toBe(rest);
  expect(endpoint.websocketUrl(['outpost', 'x']).href).toBe(websocket);
});

test('the query of the address comes first and an own value for the same name wins', async () => {
  const endpoint = await open('https://sso.example/?gate=1&attempt=old');
  expect(endpoint.websocketUrl(['outpost', 'x'], { attempt: '2', instance_uuid: 'a b' }).search).toBe(
    '?gate=1&attempt=2&instance_uuid=a+b',
  );
});

test('segments are escaped, and what no path can carry is refused', async () => {
  const endpoint = await open('https://sso.example/auth/');
  expect(endpoint.websocketUrl(['outpost_rac', 'specific.a!b/../c?d#e%2F']).pathname).toBe(
    '/auth/ws/outpost_rac/specific.a!b%2F..%2Fc%3Fd%23e%252F/',
  );
  for (const segment of ['', '.', '..', '\ud800']) {
    expect(() => endpoint.websocketUrl(['outpost_rac', segment])).toThrow(SallyportError);
  }
});

test('the address for people has no query, and nothing that prints the endpoint prints the token', async () => {
  const endpoint = await open('https://sso.example:8443/auth/?key=hidden');
  expect(endpoint.display).toBe('https://sso.example:8443/auth');
  expect(inspect(endpoint, { depth: 9, showHidden: true }) + JSON.stringify(endpoint)).not.toContain(TOKEN);
  expect(endpoint.headers()).toEqual({
    Authorization: `Bearer ${TOKEN}`,
    'User-Agent': expect.stringMatching(/^sallyport\//),
  });
});

test.each(['', 'sso.example', 'ftp://sso.example', 'https://user:pass@sso.example/', 'https://'])(
  '%j is refused as an address, by the name of the setting and without what it holds',
  async (host) => {
    const failure = await open(host).catch((error: unknown) => SallyportError.from(error));
    expect(failure).toMatchObject({
      code: 'settings-invalid',
      message: expect.stringContaining('AUTHENTIK_HOST'),
    });
    expect(String(failure)).not.toContain('pass@');
  },
);

test('a missing token and one with a line break in it are refused without being shown', async () => {
  await expect(open('https://sso.example', '')).rejects.toMatchObject({ code: 'token-missing' });
  const failure = await open('https://sso.example', 'half\nhalf').catch((error: unknown) =>
    SallyportError.from(error),
  );
  expect(failure).toMatchObject({ code: 'settings-invalid' });
  expect(String(failure)).not.toContain('half');
});

test('an address without TLS is warned about, unless it is this machine', async () => {
  expect((await open('http://sso.example/')).warnings).toHaveLength(1);
  expect((await open('http://127.0.0.1:9000/')).warnings).toEqual([]);
  expect((await open('http://[::1]:9000/')).warnings).toEqual([]);
  expect((await open('https://sso.example/')).warnings).toEqual([]);
});

test('a fingerprint is read in every way it is usually written', () => {
  const digits = 'ab'.repeat(32);
  const pairs = 'AB:'.repeat(32).slice(0, -1);
  for (const text of [
    digits,
    digits.toUpperCase(),
    pairs,
    `sha256:${digits}`,
    `SHA256 Fingerprint=${pairs}`,
    ` ${pairs}\n`,
  ]) {
    expect(normalFingerprint(text)).toBe(digits);
  }
  for (const text of ['', digits.slice(1), `${digits}0`, 'g'.repeat(64)]) {
    expect(() => normalFingerprint(text)).toThrow(/SHA-256/);
  }
});

test('a foreign address is shown without its query', () => {
  expect(bareUrl('https://u:p@x.example/a?secret=1#f')).toBe('https://x.example/a');
  expect(bareUrl('/login?next=1', new URL('https://x.example/'))).toBe('https://x.example/login');
  expect(bareUrl('http://[')).toBe('an address that cannot be read');
});

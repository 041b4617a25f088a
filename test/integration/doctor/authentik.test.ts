import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { examine } from '../../../main/core/doctor.ts';
import type { Faults } from '../../../practice/authentik/faults.ts';
import { listen, startProxy } from '../authentik-endpoint/servers.ts';
import { ending, fileWith, practice, round, source, toldBy } from './fixture.ts';

const ALL = [
  'settings passed',
  'state-dir passed',
  'token passed',
  'address passed',
  'dns passed',
  'tcp passed',
  'tls passed',
  'api passed',
  'clock passed',
  'token-accepted passed',
  'outpost passed',
  'providers passed',
  'websocket passed',
  'guacd passed',
  'metrics passed',
];

/** A round in which one step, on which no other depends, has another outcome. */
function roundWith(id: string, kind: 'failed' | 'warned'): string[] {
  const at = ALL.indexOf(`${id} passed`);
  return ALL.map((line, index) => (index === at ? `${id} ${kind}` : line));
}

describe('the doctor’s way to authentik', () => {
  it('is walked to its end where all is well, below a sub-path, and leaves no trace', async () => {
    const authentik = await practice();
    const { ids, step } = await round(
      await source({ host: `${authentik.url}?gate=1`, token: authentik.token }),
    );
    expect(ids).toEqual(ALL);
    expect(step('address')).toMatchObject({ detail: `http://127.0.0.1:${authentik.port}/auth` });
    expect(step('dns')).toMatchObject({ detail: '127.0.0.1 is an address' });
    expect(step('tls')).toMatchObject({ detail: 'not used: authentik is on this host' });
    expect(step('outpost')).toMatchObject({ detail: 'practice outpost' });
    expect(step('providers')).toMatchObject({ detail: 'practice machines 1' });
    // It said no hello: to authentik there is no instance more than before.
    expect(authentik.instances()).toEqual([]);
    expect(authentik.journal.events).toEqual([]);
    const targets = authentik.journal.requests.map(({ target }) => target);
    expect(targets.every((target) => target.includes('gate=1'))).toBe(true);
    // The very first request carries no token: whoever answers may not be authentik.
    expect(authentik.journal.requests.map(({ authorized }) => authorized)).toEqual([false, true, true, true]);
  });

  it('is walked over TLS: refused without the CA file before the token is sent, passed with it or a pin', async () => {
    const authentik = await practice({ tls: {} });
    const { token, url: host } = authentik;
    const stranger = await round(await source({ host, token }));
    expect(stranger.ids.slice(6, 9)).toEqual(['tls failed', 'api skipped', 'clock skipped']);
    expect(toldBy(stranger.step('tls'))).toMatchObject({
      code: 'tls-untrusted',
      advice: expect.any(String),
    });
    expect(stranger.step('websocket')).toEqual({ kind: 'skipped', because: 'there is no safe connection' });
    expect(authentik.journal.requests).toEqual([]);

    const caFile = await fileWith(authentik.caPem ?? '');
    const trusted = await round(await source({ host, token, trust: { caFile } }));
    expect(trusted.ids).toEqual(ALL);
    expect(trusted.step('tls')).toMatchObject({
      detail: expect.stringContaining('issued by CN=Sallyport practice CA'),
    });
    const pinned = await round(
      await source({ host, token, trust: { fingerprint: authentik.fingerprint ?? null } }),
    );
    expect(pinned.ids).toEqual(ALL);
    const wrong = await round(await source({ host, token, trust: { caFile, fingerprint: 'ab'.repeat(32) } }));
    expect(toldBy(wrong.step('tls')).code).toBe('tls-fingerprint');
  });

  it('says loudly that nobody is verified where TLS is insecure', async () => {
    const authentik = await practice({ tls: { certificate: 'expired' } });
    const { ids, step } = await round(
      await source({ host: authentik.url, token: authentik.token, trust: { insecure: true } }),
    );
    expect(ids).toEqual(roundWith('tls', 'warned'));
    expect(toldBy(step('tls')).message).toContain('TLS verification is switched off');
  });

  it.each([
    ['expired', 'tls-expired'],
    ['wrong-name', 'tls-name'],
  ] as const)('says what is wrong with a certificate that is %s', async (certificate, code) => {
    const authentik = await practice({ tls: { certificate } });
    const caFile = await fileWith(authentik.caPem ?? '');
    const { step } = await round(
      await source({ host: authentik.url, token: authentik.token, trust: { caFile } }),
    );
    expect(toldBy(step('tls')).code).toBe(code);
  });

  it('stops at the first cause, and what depends on it names that cause', async () => {
    const authentik = await practice();
    await authentik.setFaults({ down: true });
    const { ids, step } = await round(await source({ host: authentik.url, token: authentik.token }));
    expect(ids).toEqual([
      ...ALL.slice(0, 5),
      'tcp failed',
      ...['tls', 'api', 'clock', 'token-accepted', 'outpost', 'providers', 'websocket'].map(
        (id) => `${id} skipped`,
      ),
      'guacd passed',
      'metrics passed',
    ]);
    expect(toldBy(step('tcp'))).toMatchObject({
      code: 'connect-refused',
      message: `127.0.0.1:${authentik.port} refused the connection.`,
    });
    expect(step('providers')).toEqual({ kind: 'skipped', because: 'there is no TCP connection' });
  });

  it('names a host that DNS does not know', async () => {
    const { step } = await round(await source({ host: 'https://no-such-host.invalid/', token: 'a-token' }));
    const { code, message } = toldBy(step('dns'));
    expect(code).toBe('dns-failed');
    expect(message).toContain('no-such-host.invalid');
  });

  it.each<[string, Partial<Faults>, string, RegExp]>([
    ['an HTML page with 502', { answer: 'http502' }, 'http-status', /not ready.*502/],
    ['an HTML page with 200', { answer: 'html200' }, 'not-authentik', /web page instead of authentik’s API/],
    ['half JSON', { answer: 'halfJson' }, 'bad-answer', /not whole JSON|middle of an answer/],
    ['a reset', { answer: 'rst' }, 'connection-lost', /cut the connection/],
  ])('says what is wrong where the API answers with %s', async (_, fault, code, words) => {
    const authentik = await practice();
    await authentik.setFaults({ ...fault, parts: ['api'] });
    const { ids, step } = await round(await source({ host: authentik.url, token: authentik.token }));
    expect(ids.slice(6, 10)).toEqual(['tls passed', 'api failed', 'clock skipped', 'token-accepted skipped']);
    const failure = toldBy(step('api'));
    expect(['connection-lost', code]).toContain(failure.code);
    expect(failure.message).toMatch(words);
  });

  it('does not wait for ever for an API that takes connections and says nothing', async () => {
    const authentik = await practice();
    await authentik.setFaults({ blackHole: true });
    const { ids, step } = await round(await source({ host: authentik.url, token: authentik.token }), 3_000);
    // Long enough for the steps before it, which get an answer.
    expect(ids[6]).toBe('tls failed');
    expect(toldBy(step('tls'))).toMatchObject({ code: 'connect-timeout', advice: expect.any(String) });
  });

  it('tells a wrong token from everything else, and does not show it', async () => {
    const authentik = await practice();
    const token = 'wrong-token-that-nobody-may-see';
    const { ids, step } = await round(await source({ host: authentik.url, token }));
    expect(ids.slice(7, 11)).toEqual([
      'api passed',
      'clock passed',
      'token-accepted failed',
      'outpost skipped',
    ]);
    const failure = toldBy(step('token-accepted'));
    expect(failure).toMatchObject({
      code: 'token-rejected',
      advice: expect.stringContaining('View Deployment Info'),
    });
    expect(JSON.stringify(failure)).not.toContain(token);
    await authentik.setFaults({ answer: 'revoked401' });
    const revoked = await round(await source({ host: authentik.url, token: authentik.token }));
    expect(toldBy(revoked.step('token-accepted')).code).toBe('token-rejected');
  });

  it.each(['proxy', 'ldap', 'radius'] as const)(
    'says that a token of an outpost of type %s is none of ours',
    async (outpostType) => {
      const authentik = await practice({ outpostType });
      const { ids, step } = await round(await source({ host: authentik.url, token: authentik.token }));
      expect(ids.slice(9, 13)).toEqual([
        'token-accepted passed',
        'outpost failed',
        'providers skipped',
        'websocket skipped',
      ]);
      expect(toldBy(step('outpost'))).toMatchObject({
        code: 'wrong-outpost-type',
        message: expect.stringContaining(`(${outpostType})`),
      });
    },
  );

  it('says that a token belongs to no outpost, and that no provider is assigned', async () => {
    const none = await practice({ outposts: 0 });
    const lost = await round(await source({ host: none.url, token: none.token }));
    expect(toldBy(lost.step('outpost')).code).toBe('no-outpost');
    const bare = await practice({ providers: 0 });
    const { ids, step } = await round(await source({ host: bare.url, token: bare.token }));
    expect(ids.slice(11, 13)).toEqual(['providers failed', 'websocket passed']);
    expect(toldBy(step('providers')).message).toContain('no RAC provider is assigned');
  });

  it.each([200, 400] as const)(
    'names the reverse proxy that answers %i instead of upgrading',
    async (noUpgrade) => {
      const authentik = await practice();
      await authentik.setFaults({ noUpgrade, parts: ['events'] });
      const { ids, step } = await round(await source({ host: authentik.url, token: authentik.token }));
      expect(ids).toEqual(roundWith('websocket', 'failed'));
      expect(toldBy(step('websocket'))).toMatchObject({
        code: 'upgrade-refused',
        advice: expect.stringContaining('Upgrade'),
      });
    },
  );

  it('goes through a proxy, says so, and names one that is not there', async () => {
    const authentik = await practice();
    const proxy = await startProxy();
    ending(() => proxy.close());
    const through = await source({
      host: authentik.url,
      token: authentik.token,
      proxy: `http://127.0.0.1:${proxy.port}`,
    });
    const { ids, step } = await round(through);
    expect(ids).toEqual(ALL);
    expect(step('address')).toMatchObject({
      detail: expect.stringContaining(`through the proxy http://127.0.0.1:${proxy.port}`),
    });
    expect(step('tcp')).toMatchObject({ detail: `the proxy 127.0.0.1:${proxy.port}` });
    await proxy.close();
    const gone = await round(through);
    expect(toldBy(gone.step('tcp')).message).toContain('the proxy');
  });

  it('warns of a clock that is off', async () => {
    const server = createServer((_, response) => {
      response.setHeader('Date', new Date(Date.now() + 300_000).toUTCString());
      response.setHeader('Content-Type', 'application/json');
      response.end('{}');
    });
    const { port, close } = await listen(server);
    ending(close);
    const { step } = await round(await source({ host: `http://127.0.0.1:${port}/`, token: 'a-token' }));
    expect(toldBy(step('clock')).message).toMatch(/clock is [45] min behind authentik’s/);
  });

  it.each([
    [null, 'address is not set'],
    ['ftp://sso.example/', 'does not begin with https://'],
  ])('says what is wrong with the address %j', async (host, words) => {
    const { ids, step } = await round(await source({ host, token: 'a-token' }));
    expect(ids[3]).toBe('address failed');
    expect(toldBy(step('address'))).toMatchObject({
      code: 'settings-invalid',
      message: expect.stringContaining(words),
    });
  });

  it('ends in the middle when it is sent away', async () => {
    const authentik = await practice();
    await authentik.setFaults({ blackHole: true });
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const { id } of examine(await source({ host: authentik.url, token: authentik.token }), {
      signal: controller.signal,
    })) {
      seen.push(id);
      if (id === 'tcp') setTimeout(() => controller.abort(), 20);
    }
    expect(seen.at(-1)).toBe('tcp');
  });
});

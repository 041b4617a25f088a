import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ProbeOptions, probeCertificate } from '../../../main/core/authentik/certificate-probe.ts';
import { SYSTEM_TRUST, type TrustOptions } from '../../../main/core/authentik/trust.ts';
import { issue } from './certificates.ts';
import { startProxy, startRaw, startServer } from './servers.ts';
import { fileWith, started } from './setup.ts';

const authority = issue({ name: 'Practice Authority', authority: true });
const between = issue({ name: 'Practice Branch', authority: true, by: authority });
const leaf = issue({ name: 'sso.practice', names: ['localhost'], addresses: ['127.0.0.1'], by: between });
const alone = issue({ name: 'alone.practice', names: ['alone.practice'] });
const chainTls = { ...leaf, cert: leaf.cert + between.cert + authority.cert };

function probe(host: string, trust: Partial<TrustOptions> = {}, more: Partial<ProbeOptions> = {}) {
  return probeCertificate({
    host,
    trust: { ...SYSTEM_TRUST, ...trust },
    proxy: 'none',
    signal: new AbortController().signal,
    ...more,
  });
}

describe('what a server shows', () => {
  it('is its whole chain, its own certificate first, though nobody here trusts it; nothing is asked of it', async () => {
    const server = await started(startServer({ tls: chainTls }));
    const { chain, failure } = await probe(`https://localhost:${server.port}/auth/`);
    expect(chain.map(({ subject, isCa }) => [subject, isCa])).toEqual([
      ['CN=sso.practice', false],
      ['CN=Practice Branch', true],
      ['CN=Practice Authority', true],
    ]);
    expect(chain.map(({ selfSigned }) => selfSigned)).toEqual([false, false, true]);
    expect(chain[0]?.names).toEqual(['localhost', '127.0.0.1']);
    expect(chain[0]?.sha256).toBe(
      new X509Certificate(leaf.cert).fingerprint256.replaceAll(':', '').toLowerCase(),
    );
    expect(new X509Certificate(chain[2]?.pem ?? '').subject).toBe('CN=Practice Authority');
    expect(failure).toMatchObject({ code: 'tls-untrusted' });
    expect(server.requests).toEqual([]);
  });

  it('is trusted with its authority in a file, or pasted, or with its pinned fingerprint', async () => {
    const server = await started(startServer({ tls: chainTls }));
    const host = `https://127.0.0.1:${server.port}`;
    const caFile = await fileWith(authority.cert);
    const { fingerprint256: fingerprint } = new X509Certificate(leaf.cert);
    for (const trust of [{ caFile }, { caPem: authority.cert }, { fingerprint }])
      expect((await probe(host, trust)).failure).toBeNull();
    const other = { fingerprint: 'ab'.repeat(32) };
    expect((await probe(host, other)).failure).toMatchObject({ code: 'tls-fingerprint' });
  });

  it('is judged although verification is switched off, or one could not see what is shown', async () => {
    const server = await started(startServer({ tls: alone }));
    const { chain, failure } = await probe(`https://127.0.0.1:${server.port}`, { insecure: true });
    expect(chain).toHaveLength(1);
    expect(failure).toMatchObject({ code: 'tls-untrusted', message: expect.stringContaining('self-signed') });
  });

  it('names what is wrong: another name, a certificate that has expired', async () => {
    const server = await started(startServer({ tls: alone }));
    const trusted = { caPem: alone.cert };
    const wrongName = await probe(`https://127.0.0.1:${server.port}`, trusted);
    expect(wrongName.failure).toMatchObject({ code: 'tls-name' });
    expect(wrongName.chain[0]?.names).toEqual(['alone.practice']);
    const over = issue({ name: 'over', addresses: ['127.0.0.1'], fromDay: -9, toDay: -1 });
    const expired = await started(startServer({ tls: over }));
    expect((await probe(`https://127.0.0.1:${expired.port}`, { caPem: over.cert })).failure).toMatchObject({
      code: 'tls-expired',
    });
  });

  it('is seen through a proxy as well', async () => {
    const server = await started(startServer({ tls: chainTls }));
    const proxy = await started(startProxy());
    const { chain } = await probe(
      `https://sso.practice:${server.port}`,
      {},
      { proxy: `http://127.0.0.1:${proxy.port}` },
    );
    expect(chain[0]?.subject).toBe('CN=sso.practice');
    expect(proxy.tunnels).toEqual([`sso.practice:${server.port}`]);
  });

  it('is cut at its bound', async () => {
    const server = await started(startServer({ tls: chainTls }));
    const { chain } = await probe(`https://127.0.0.1:${server.port}`, {}, { maxChain: 2 });
    expect(chain).toHaveLength(2);
  });
});

describe('where there is nothing to see', () => {
  it('says so without TLS, before anything is connected to', async () => {
    const server = await started(startServer({}));
    const report = await probe(`http://127.0.0.1:${server.port}`);
    expect(report).toMatchObject({ chain: [], failure: { code: 'tls-failed' } });
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['sso.practice', 'settings-invalid'],
    ['https://name:word@sso.practice', 'settings-invalid'],
    ['https://127.0.0.1:1', 'connect-refused'],
    ['https://nowhere.invalid', 'dns-failed'],
  ])('says of %s why: %s', async (host, code) => {
    expect(await probe(host)).toMatchObject({ chain: [], failure: { code } });
  });

  it('says that another protocol is spoken there', async () => {
    const server = await started(startServer({}));
    const report = await probe(`https://127.0.0.1:${server.port}`);
    expect(report).toMatchObject({ chain: [], failure: { code: 'tls-failed' } });
  });

  it('gives up on a server that says nothing, and when it is told to; both end the connection', async () => {
    const server = await started(startRaw((socket) => socket.resume()));
    const host = `https://127.0.0.1:${server.port}`;
    expect((await probe(host, {}, { timeoutMs: 200 })).failure).toMatchObject({ code: 'connect-timeout' });
    const controller = new AbortController();
    const probing = probe(host, {}, { signal: controller.signal });
    controller.abort();
    expect((await probing).failure).toMatchObject({ code: 'aborted' });
    for (let looks = 0; server.sockets.size > 0 && looks < 400; looks += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(server.sockets.size).toBe(0);
  });
});

import { execFileSync, spawn } from 'node:child_process';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { AuthentikApi } from '../../../main/core/authentik/api.ts';
import { describeCertificate } from '../../../main/core/authentik/certificates.ts';
import { Endpoint } from '../../../main/core/authentik/endpoint.ts';
import { SYSTEM_TRUST, Trust } from '../../../main/core/authentik/trust.ts';
import type { ClientCertificateOptions } from '../../../main/core/authentik/trust-files.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import { type Issued, issue, pkcs12 } from './certificates.ts';
import { startRaw, startServer } from './servers.ts';
import { endpointTo, failureOf, fileWith, started } from './setup.ts';

const ca = issue({ name: 'Test authority', authority: true });
const good = issue({ name: 'authentik', names: ['localhost'], addresses: ['127.0.0.1'], by: ca });
const selfSigned = issue({ name: 'self', names: ['localhost'] });
const client = issue({ name: 'outpost one', by: ca });
const roundtrip = (host: string, trust: Parameters<typeof endpointTo>[1]) =>
  endpointTo(host, trust).then((endpoint) => new AuthentikApi(endpoint).rootConfig());
const sha256 = (cert: string) => createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
const server = (tls: Issued) => started(startServer({ tls }));

test('a certificate of an own authority is refused without its CA file and accepted with it', async () => {
  const { port, requests } = await server(good);
  const host = `https://localhost:${port}/`;
  const failure = await failureOf(roundtrip(host, {}), 'tls-untrusted');
  expect(failure.message).toContain('localhost');
  expect(requests).toEqual([]);
  await roundtrip(host, { caFile: await fileWith(`text before\n${selfSigned.cert}\n${ca.cert}`) });
  await roundtrip(host, { caFile: await fileWith(new X509Certificate(ca.cert).raw, 'ca.der') });
  await roundtrip(`https://127.0.0.1:${port}/`, { caFile: await fileWith(ca.cert) });
  expect(requests).toHaveLength(3);
});

test.runIf(process.platform === 'linux')(
  'what the system trusts is trusted without being named',
  async () => {
    const { port, requests } = await server(good);
    // Where OpenSSL's variable says that the system's store lies; else it is the distribution's.
    const before = process.env['SSL_CERT_FILE'];
    process.env['SSL_CERT_FILE'] = await fileWith(ca.cert);
    try {
      await roundtrip(`https://localhost:${port}/`, {});
      const own = issue({ name: 'Another authority', authority: true });
      const other = await server(issue({ name: 'other', names: ['localhost'], by: own }));
      // The own authority comes beside the system's, not in its place.
      const caFile = await fileWith(own.cert);
      await roundtrip(`https://localhost:${other.port}/`, { caFile });
      await roundtrip(`https://localhost:${port}/`, { caFile });
    } finally {
      if (before === undefined) delete process.env['SSL_CERT_FILE'];
      else process.env['SSL_CERT_FILE'] = before;
    }
    expect(requests).toHaveLength(2);
    await failureOf(roundtrip(`https://localhost:${port}/`, {}), 'tls-untrusted');
  },
);

test('the same certificates are parsed once, and every change of them counts at once', async () => {
  const caFile = await fileWith(ca.cert);
  const file = await fileWith(client.cert + client.key);
  const options = { ...SYSTEM_TRUST, caFile, clientCertificate: { file, keyFile: null, passphrase: null } };
  const first = await Trust.open(options);
  const second = await Trust.open({ ...options, fingerprint: 'ab'.repeat(32), insecure: true }, first);
  expect(second.secureContext).toBe(first.secureContext);
  expect(second.strangerContext).toBe(first.strangerContext);
  expect(second.insecure).toBe(true);

  const without = await Trust.open({ ...options, clientCertificate: null }, second);
  expect(without.secureContext).not.toBe(first.secureContext);
  expect(without.secureContext).toBe(without.strangerContext);
  await writeFile(caFile, selfSigned.cert);
  const changed = await Trust.open(options, first);
  expect(changed.secureContext).not.toBe(first.secureContext);
  const other = issue({ name: 'outpost two', by: ca });
  await writeFile(file, other.cert + other.key);
  const renewed = await Trust.open(options, changed);
  expect(renewed.secureContext).not.toBe(changed.secureContext);

  const { port } = await server(good);
  const host = `https://localhost:${port}/`;
  await writeFile(caFile, ca.cert);
  const endpoint = await endpointTo(host, { caFile });
  const again = await Endpoint.open(
    { host, token: new Secret('a-token'), trust: { ...SYSTEM_TRUST, caFile }, proxy: 'none' },
    endpoint,
  );
  await new AuthentikApi(again).rootConfig();
  expect(again.route.trust.secureContext).toBe(endpoint.route.trust.secureContext);
});

test('a self-signed certificate is named with its fingerprint, which can then be pinned', async () => {
  const { port, requests } = await server(selfSigned);
  const host = `https://localhost:${port}/`;
  const failure = await failureOf(roundtrip(host, {}), 'tls-untrusted');
  const shown = /SHA-256 ([0-9A-F:]{95})/.exec(failure.message)?.[1];
  expect(shown).toBeDefined();
  await roundtrip(host, { fingerprint: shown ?? null });
  await roundtrip(host, { fingerprint: `sha256:${sha256(selfSigned.cert)}` });
  expect(requests).toHaveLength(2);
});

test('a pinned fingerprint refuses every other certificate before a byte of the request is sent', async () => {
  const { port, requests } = await server(good);
  const host = `https://localhost:${port}/`;
  const caFile = await fileWith(ca.cert);
  const fingerprint = sha256(selfSigned.cert);
  // Neither a chain that is fine nor `insecure` stands in for the pin.
  for (const trust of [
    { caFile, fingerprint },
    { insecure: true, fingerprint },
  ]) {
    const failure = await failureOf(roundtrip(host, trust), 'tls-fingerprint');
    expect(failure.message).toContain(sha256(good.cert).slice(-2).toUpperCase());
  }
  expect(requests).toEqual([]);
});

test('insecure accepts anyone and warns about it', async () => {
  const { port } = await server(issue({ name: 'old', names: ['elsewhere.example'], toDay: -0.5 }));
  const endpoint = await endpointTo(`https://localhost:${port}/`, { insecure: true });
  await new AuthentikApi(endpoint).rootConfig();
  expect(endpoint.insecure).toBe(true);
  expect(endpoint.warnings.map(({ message }) => message).join()).toContain('switched off');
});

test('expired, not yet valid and wrongly named certificates have sentences of their own', async () => {
  const caFile = await fileWith(ca.cert);
  const expired = await server(issue({ name: 'old', names: ['localhost'], fromDay: -9, toDay: -2, by: ca }));
  const early = await server(issue({ name: 'new', names: ['localhost'], fromDay: 2, by: ca }));
  const other = await server(issue({ name: 'other', names: ['sso.example', 'auth.example'], by: ca }));
  const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
  const at = (port: number) => roundtrip(`https://localhost:${port}/`, { caFile });
  expect((await failureOf(at(expired.port), 'tls-expired')).message).toContain(`expired on ${day}`);
  expect((await failureOf(at(early.port), 'tls-expired')).message).toContain('not valid before');
  expect((await failureOf(at(other.port), 'tls-name')).message).toContain('sso.example, auth.example');
  expect([...expired.requests, ...early.requests, ...other.requests]).toEqual([]);
});

test('a chain without its intermediate says what is missing', async () => {
  const middle = issue({ name: 'Middle authority', authority: true, by: ca });
  const leaf = issue({ name: 'leaf', names: ['localhost'], by: middle });
  const { port } = await server(leaf);
  const caFile = await fileWith(ca.cert);
  const failure = await failureOf(roundtrip(`https://localhost:${port}/`, { caFile }), 'tls-untrusted');
  expect(failure.message).toContain('Middle authority');
});

test('plain HTTP behind https:// is said to be no TLS, and a cut handshake is told as one', async () => {
  const plain = await started(startServer({}));
  const failure = await failureOf(roundtrip(`https://localhost:${plain.port}/`, {}), 'tls-failed');
  expect(failure.message).toContain('does not speak TLS');
  const cut = await started(startRaw((socket) => socket.once('data', () => socket.end())));
  expect((await failureOf(roundtrip(`https://localhost:${cut.port}/`, {}), 'tls-failed')).message).toContain(
    'during the TLS handshake',
  );
});

test('a client certificate is shown from PEM and from PKCS#12, old and new', async () => {
  const seen: unknown[] = [];
  const { port } = await started(
    startServer({
      // With TLS 1.3 the alert comes after the request went out, and a reset may overtake it.
      tls: { ...good, ca: ca.cert, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
      onRequest: ({ socket }, response) => {
        if (socket instanceof TLSSocket) seen.push(socket.getPeerCertificate().subject.CN);
        response.end('{}');
      },
    }),
  );
  const caFile = await fileWith(ca.cert);
  const at = (clientCertificate: ClientCertificateOptions | null) =>
    roundtrip(`https://localhost:${port}/`, { caFile, clientCertificate });
  const passphrase = new Secret('geheim ü');
  await at({ file: await fileWith(client.cert), keyFile: await fileWith(client.key), passphrase: null });
  await at({ file: await fileWith(client.cert + client.key), keyFile: null, passphrase: null });
  await at({
    file: await fileWith(pkcs12(client, 'geheim ü', 'aes256'), 'c.p12'),
    keyFile: null,
    passphrase,
  });
  await at({ file: await fileWith(pkcs12(client, 'geheim ü', '3des'), 'c.p12'), keyFile: null, passphrase });
  expect(seen).toEqual(Array(4).fill('outpost one'));
  const failure = await failureOf(at(null), 'tls-failed');
  expect(failure.advice).toContain('client certificate');
});

test('a PKCS#12 file encrypted with RC2, and one with an elliptic key, are read', async () => {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const open = async (file: Buffer, passphrase: string) =>
    endpointTo('https://localhost/', {
      clientCertificate: {
        file: await fileWith(file, 'c.p12'),
        keyFile: null,
        passphrase: new Secret(passphrase),
      },
    });
  const cert = await fileWith(client.cert);
  const key = await fileWith(client.key);
  const old = ['-legacy', '-certpbe', 'PBE-SHA1-RC2-40', '-keypbe', 'PBE-SHA1-3DES'];
  await open(openssl('pkcs12', '-export', '-in', cert, '-inkey', key, '-passout', 'pass:old', ...old), 'old');

  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  openssl('req', '-x509', ...curve, '-nodes', '-subj', '/CN=elliptic', '-keyout', key, '-out', cert);
  await open(openssl('pkcs12', '-export', '-in', cert, '-inkey', key, '-passout', 'pass:new'), 'new');
});

test('a client certificate that cannot be used says why', async () => {
  const file = await fileWith(client.cert);
  const p12 = await fileWith(pkcs12(client, 'right'), 'c.p12');
  const wrong = new Secret('wrong-passphrase');
  const open = (clientCertificate: ClientCertificateOptions) =>
    endpointTo('https://localhost/', { clientCertificate });
  const mismatch = open({ file, keyFile: await fileWith(good.key), passphrase: null });
  expect((await failureOf(mismatch, 'client-certificate')).message).toContain('does not belong');
  const locked = await failureOf(open({ file: p12, keyFile: null, passphrase: wrong }), 'client-certificate');
  expect(locked.message).toContain('passphrase does not open');
  expect(`${locked.message}${locked.advice}`).not.toContain('wrong-passphrase');
  const keyless = await failureOf(open({ file, keyFile: null, passphrase: null }), 'client-certificate');
  expect(keyless.message).toContain('holds no private key');
  await failureOf(
    open({ file: await fileWith('junk'), keyFile: null, passphrase: null }),
    'client-certificate',
  );
  await failureOf(open({ file: `${file}.gone`, keyFile: null, passphrase: null }), 'file-unreadable');
});

test('the passphrase of a PEM key is used, and a wrong one is told as that', async () => {
  const file = await fileWith(client.cert);
  const key = createPrivateKey(client.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'right',
  });
  const keyFile = await fileWith(String(key));
  const open = (passphrase: string | null) =>
    endpointTo('https://localhost/', {
      clientCertificate: { file, keyFile, passphrase: passphrase === null ? null : new Secret(passphrase) },
    });
  await open('right');
  expect((await failureOf(open('wrong'), 'client-certificate')).message).toContain(
    'passphrase does not open',
  );
  expect((await failureOf(open(null), 'client-certificate')).message).toContain('passphrase does not open');
});

test('a server that refuses our client certificate is told as that, by an alert as by a cut connection', async () => {
  const caFile = await fileWith(ca.cert);
  const old = issue({ name: 'old outpost', fromDay: -9, toDay: -2, by: ca });
  const stranger = issue({ name: 'stranger' });
  const show = async (port: number, { cert, key }: Issued) =>
    roundtrip(`https://localhost:${port}/`, {
      caFile,
      clientCertificate: { file: await fileWith(cert + key), keyFile: null, passphrase: null },
    });
  const { port } = await started(opensslServer(await fileWith(good.cert + good.key), caFile));
  expect((await failureOf(show(port, old), 'client-certificate')).message).toContain('which expired on');
  expect((await failureOf(show(port, stranger), 'client-certificate')).message).toContain('CN=stranger');
  const cutting = await started(
    startServer({
      tls: { ...good, ca: ca.cert, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
    }),
  );
  expect((await failureOf(show(cutting.port, old), 'client-certificate')).message).toContain(
    'which expired on',
  );
});

test('a CA file without a certificate and a fingerprint that is none are refused by name', async () => {
  const empty = await failureOf(
    endpointTo('https://localhost/', { caFile: await fileWith('hello') }),
    'settings-invalid',
  );
  expect(empty.message).toContain('holds no certificate');
  await failureOf(endpointTo('https://localhost/', { caFile: '/nowhere/ca.pem' }), 'file-unreadable');
  const pin = await failureOf(endpointTo('https://localhost/', { fingerprint: 'abc' }), 'settings-invalid');
  expect(pin.message).toContain('fingerprint');
});

test('a certificate is described with what a person compares', () => {
  expect(describeCertificate(good.cert)).toMatchObject({
    subject: 'CN=authentik',
    issuer: 'CN=Test authority',
    names: ['localhost', '127.0.0.1'],
    sha256: sha256(good.cert),
    selfSigned: false,
  });
  expect(describeCertificate(selfSigned.cert).selfSigned).toBe(true);
});

/**
 * OpenSSL's own server, which says in an alert what it dislikes about a client's certificate. TLS 1.2, because in
 * 1.3 the alert comes after the request went out, and a reset may overtake it.
 */
async function opensslServer(certificate: string, caFile: string) {
  const child = spawn('openssl', [
    ...['s_server', '-accept', '127.0.0.1:0', '-www', '-tls1_2', '-cert', certificate, '-CAfile', caFile],
    ...['-Verify', '1', '-verify_return_error'],
  ]);
  const port = await new Promise<number>((resolve, reject) => {
    let output = '';
    child.once('exit', () => reject(new Error(output)));
    child.stderr.on('data', () => {});
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /ACCEPT \S+:(\d+)/.exec(output)?.[1];
      if (found) resolve(Number(found));
    });
  });
  return {
    port,
    close: async () => {
      child.kill('SIGKILL');
    },
  };
}

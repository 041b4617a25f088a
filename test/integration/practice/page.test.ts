import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeOutpost, MACHINES, practice } from './practice.ts';
import { request } from './request.ts';

const FILES = {
  '': ['index.html', 'text/html; charset=utf-8'],
  'practice/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  'practice/style.css': ['style.css', 'text/css; charset=utf-8'],
  'practice/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const;

let pageDirectory: string;

beforeAll(async () => {
  pageDirectory = await mkdtemp(join(tmpdir(), 'sallyport-page-'));
  for (const [name] of Object.values(FILES)) await writeFile(join(pageDirectory, name), `this is ${name}`);
  await writeFile(join(pageDirectory, 'secret.txt'), 'not for the page');
});

afterAll(() => rm(pageDirectory, { recursive: true, force: true }));

describe('the practice page', () => {
  it('is served with its files, their types, and a policy that lets nothing else in', async () => {
    const { url } = await practice({ pageDirectory });
    for (const [path, [name, type]] of Object.entries(FILES)) {
      const { status, headers, text } = await request(`${url}${path}`);
      expect({ path, status, type: headers['content-type'], text }).toEqual({
        path,
        status: 200,
        type,
        text: `this is ${name}`,
      });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it.each([
    'practice/secret.txt',
    'secret.txt',
    'practice/..%2Fsecret.txt',
    'constructor',
    'practice/page.js.map',
  ])('has nothing at %s', async (path) => {
    const { url } = await practice({ pageDirectory });
    expect((await request(`${url}${path}`)).status).toBe(404);
  });

  it('is reached from the host alone, without knowing the sub-path', async () => {
    const { url, port } = await practice({ pageDirectory });
    const { status, headers } = await request(`http://127.0.0.1:${port}/`);
    expect([status, headers['location']]).toEqual([302, new URL(url).pathname]);
  });

  it('says how to build it, or how to start with it, where it is not there', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'sallyport-page-'));
    const built = await practice({ pageDirectory: empty });
    expect((await request(built.url)).text).toContain('npm run build');
    const without = await practice();
    expect((await request(without.url)).text).toContain('npm start');
    await rm(empty, { recursive: true, force: true });
  });

  it('is told of machines, of those that are missing, of outposts and sessions, and of nothing secret', async () => {
    const missing = [{ protocol: 'vnc', reason: 'Practice VNC needs Xvnc. Install it.' }];
    const authentik = await practice({
      missing,
      machines: [
        {
          name: 'shell',
          protocol: 'ssh',
          description: 'A shell.',
          parameters: { hostname: '127.0.0.1', password: 'hunter2' },
        },
        { name: 'bare', protocol: 'rdp', parameters: {} },
      ],
    });
    const outpost = await fakeOutpost(authentik).connect();
    await authentik.openSession('shell');
    await outpost.join();
    await authentik.until(() => authentik.sessions()[0]?.state === 'paired');
    for (const [n, context] of [
      {},
      { at: '2026-01-02T03:04:05Z', message: 'Opened', user: 'a', machine: 'b' },
    ].entries())
      authentik.journal.addEvent({
        ...{ pk: `pk-${n}`, action: 'custom_', app: 'sallyport', client_ip: null },
        ...{ context, created: '2026-01-09T00:00:00Z' },
      });
    const { text } = await request(`${authentik.url}practice/state`);
    expect(JSON.parse(text)).toMatchObject({
      generation: 'newest',
      machines: [
        { name: 'shell', protocol: 'ssh', description: 'A shell.' },
        { name: 'bare', protocol: 'rdp', description: '' },
      ],
      missing,
      outposts: [{ hostname: 'fake', connected: true }],
      sessions: [{ machine: 'shell', state: 'paired' }],
      events: [
        { id: 'pk-1', at: '2026-01-02T03:04:05Z', words: 'Opened', about: 'a · b' },
        { id: 'pk-0', at: '2026-01-09T00:00:00Z', words: 'custom_', about: '' },
      ],
    });
    for (const secret of ['hunter2', authentik.token]) expect(text).not.toContain(secret);
  });

  it('gets a token for a machine that there is, and a sentence for one that there is not', async () => {
    const { url } = await practice();
    const ask = (body: string) => request(`${url}practice/tokens`, { method: 'POST' }, body);
    const good = await ask('{"machine":"shell"}');
    expect(good.status).toBe(201);
    expect(JSON.parse(good.text)).toEqual({ token: expect.stringMatching(/^[0-9a-f]{48}$/) });
    for (const [body, status] of [
      ['{"machine":"none"}', 404],
      ['{"machine":7}', 400],
      ['machine', 400],
    ] as const) {
      const bad = await ask(body);
      expect({ body, status: bad.status }).toEqual({ body, status });
      expect(JSON.parse(bad.text).detail).toMatch(/\.$/);
    }
  });

  it('gets the same token again when it is reloaded, and nobody gets one that is another’s', async () => {
    const authentik = await practice();
    const ask = async (body: object) =>
      JSON.parse(
        (await request(`${authentik.url}practice/tokens`, { method: 'POST' }, JSON.stringify(body))).text,
      ).token;
    const token = await ask({ machine: 'shell' });
    expect(await ask({ machine: 'shell', token })).toBe(token);
    expect(await ask({ machine: 'shell', token: 'made-up' })).not.toBe('made-up');
    const [machine] = MACHINES;
    if (!machine) throw new Error('There is none.');
    const others = authentik.createToken({ machine, user: 'somebody' });
    expect(await ask({ machine: 'shell', token: others })).not.toBe(others);
  });

  it('is not for other sites, nor for names that only lead here', async () => {
    const { url } = await practice({ pageDirectory });
    for (const headers of [{ host: 'rebound.example' }, { origin: 'http://elsewhere.example' }]) {
      expect((await request(url, { headers })).status).toBe(403);
      expect((await request(`${url}practice/state`, { headers })).status).toBe(403);
    }
  });
});

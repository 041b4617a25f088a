import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStatus } from '../../main/core/describe.ts';
import { freePort } from '../../practice/machines/port.ts';
import { Lab } from './harness/lab.ts';
import { Nginx } from './harness/nginx.ts';
import { Person } from './harness/person.ts';

let dir: string;
let nginx: Nginx;
let lab: Lab;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sallyport-lab-proxy-'));
  const port = await freePort();
  nginx = await Nginx.prepare({ dir: join(dir, 'nginx'), upstream: `http://127.0.0.1:${port}/auth/` });
  await nginx.start({ upgrade: true });
  lab = await Lab.start({
    machines: ['ssh'],
    authentik: { port },
    environment: { AUTHENTIK_HOST: nginx.url, SALLYPORT_CA_FILE: nginx.caFile },
  });
});

afterAll(async () => {
  await lab?.stop();
  await nginx?.stop();
  await rm(dir, { recursive: true, force: true });
});

const stepsOf = async () => (await lab.outpost.control.request('doctor', {}, { timeoutMs: 60_000 })).steps;

describe('behind a real nginx with TLS of its own authority and a path of its own', () => {
  it('an SSH session works, and the doctor finds nothing', async () => {
    expect(await lab.status()).toMatchObject({ host: nginx.url, insecure: false });
    const alice = await Person.atWork(lab, 'ssh');
    expect(await alice.runs('echo through nginx')).toBe('through nginx\n');
    const text = 'emoji 👋 Größe';
    expect(await alice.pastes(text)).toBe(text);
    await alice.browser.close();
    const failed = (await stepsOf()).filter(({ outcome }) => outcome.kind === 'failed');
    expect(failed).toEqual([]);
  });

  it('that goes away and comes back, the outpost is back as well', async () => {
    await nginx.stop();
    const { link } = await lab.untilStatus((status) => status.link.kind === 'waiting');
    expect(link.kind === 'waiting' && link.reason.message).toContain('localhost');
    await nginx.start({ upgrade: true });
    await lab.outpost.control.request('retry', {});
    await lab.untilStatus((status) => status.link.kind === 'online');
  });

  it('that does not pass websockets, status and doctor say just that', async () => {
    await nginx.start({ upgrade: false });
    const says = (text: string) => text.includes('a proxy on the way does not pass on the Upgrade header');
    const status = await lab.untilStatus(({ link }) => link.kind === 'waiting' && says(link.reason.message));
    const { sentence, advice } = describeStatus(status, Date.now());
    expect(sentence).toSatisfy(says);
    expect(advice).toContain('in nginx: proxy_http_version 1.1 and the headers Upgrade and Connection');

    const steps = await stepsOf();
    const failed = steps.filter(({ outcome }) => outcome.kind === 'failed');
    expect(failed.map(({ id }) => id)).toEqual(['websocket']);
    const [step] = failed;
    expect(step?.outcome.kind === 'failed' && step.outcome.failure.message).toSatisfy(says);
  });
});

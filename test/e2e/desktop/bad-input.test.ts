import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toPkcs12 } from '../../../practice/authentik/certificates.ts';
import type { PracticeAuthentikOptions } from '../../../practice/authentik/options.ts';
import { PracticeAuthentik } from '../../../practice/authentik/server.ts';
import { ask, untilState } from '../../../practice/desktop/app-state.ts';
import type { RunningApp } from '../../../practice/desktop/desktop-app.ts';
import { eventually } from '../../lab/harness/lab.ts';
import { Scene } from './scene.ts';

const TOKEN = 'kx3TqYb9w0PzLm2VnRd7Hs5Gf1Jc8Ae4Uo6IyXtWrQpMvBzCdEfGhJkLmN';
const PATIENCE = { timeout: 60_000 };
/** Mounting is root's. */
const CAN_MOUNT = process.platform === 'linux' && process.getuid?.() === 0;

let scene: Scene;
let app: RunningApp;
let page: Page;

beforeAll(async () => {
  scene = await Scene.start({ environment: { SALLYPORT_PROXY: 'none' } });
  delete scene.place.environment['AUTHENTIK_LISTEN__METRICS'];
});

afterAll(() => scene?.end());

async function begin(): Promise<void> {
  app = await scene.launch();
  page = await app.window();
}

/** The words at a field, as those hear them who cannot see it; resolves when they are such. */
async function saysAt(field: Locator, what: RegExp): Promise<void> {
  const words = () =>
    field.evaluate((control) => {
      const ids = (control.getAttribute('aria-describedby') ?? '').split(' ');
      const told = ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
      return control.getAttribute('aria-invalid') === 'true' ? told : '';
    });
  let said = '';
  await eventually(async () => {
    said = await words();
    return what.test(said);
  }).catch(() => {
    throw new Error(`At the field stands only: ${said}`);
  });
}

describe('what is filled in on the first run', () => {
  const authentiks: PracticeAuthentik[] = [];

  beforeAll(async () => {
    await begin();
    await page.getByRole('heading', { name: 'Welcome to Sallyport' }).waitFor(PATIENCE);
  });

  afterEach(async () => {
    for (const authentik of authentiks.splice(0)) await authentik.stop();
  });

  afterAll(() => app?.stop());

  const host = () => page.getByLabel('Address of authentik');
  const token = () => page.getByLabel('Token of the outpost');
  const healthy = () => page.getByRole('button', { name: 'Start outpost' }).waitFor(PATIENCE);
  const step = (title: string) =>
    page
      .getByRole('listitem')
      .filter({ hasText: `${title} failed` })
      .waitFor(PATIENCE);

  async function practice(options?: PracticeAuthentikOptions): Promise<PracticeAuthentik> {
    const authentik = await PracticeAuthentik.start(options);
    authentiks.push(authentik);
    return authentik;
  }

  async function tryOut(address: string, secret: string): Promise<void> {
    await host().fill(address);
    await token().fill(secret);
    await page.getByRole('button', { name: 'Test the connection' }).click();
  }

  it.each<[string, RegExp]>([
    ['sso.example.org/auth/', /without https:\/\/ in front\.\s*Write https:\/\/sso\.example\.org\/auth\/\./],
    ['https://me:hunter2@sso.example.org/', /a user name or password in it\.\s*Leave them out/],
    ['https://sso.example.org/if/admin/#/core/outposts', /the address of a page/],
    ['ftp://sso.example.org/', /begins with "ftp:\/\/", not with http/],
    ['https://', /which is no address/],
  ])('says at the address what is wrong with %s, and loses nothing of it', async (address, sentence) => {
    await tryOut(address, TOKEN);
    await saysAt(host(), sentence);
    expect(await host().inputValue()).toBe(address);
    expect(await token().inputValue()).toBe(TOKEN);
    expect(await page.locator('main').textContent()).not.toContain('hunter2');
  });

  it('takes an address without its last slash, and a token with quotes and blanks around it', async () => {
    const authentik = await practice();
    await tryOut(authentik.url.replace(/\/$/, ''), `  "${authentik.token}" `);
    await healthy();
    expect(await host().getAttribute('aria-invalid')).toBe('false');
  });

  it('says at the address that authentik does not live at its path', async () => {
    const authentik = await practice();
    await tryOut(`${authentik.url}if/admin/`, authentik.token);
    await saysAt(host(), /answers, but not as authentik.*below a sub-path such as \/auth\//s);
  });

  it('takes what Kubernetes and docker-compose are given, and shows no token', async () => {
    const authentik = await practice();
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const snippets = [
      `apiVersion: v1\nkind: Secret\ndata:\n  authentik_host: ${base64(authentik.url)}\n  token: ${base64(authentik.token)}\n`,
      `services:\n  rac:\n    environment:\n      AUTHENTIK_HOST: "${authentik.url}"\n      AUTHENTIK_TOKEN: '${authentik.token}'\n`,
    ];
    for (const snippet of snippets) {
      await tryOut('https://other.example.org/', TOKEN).catch(() => undefined);
      await page
        .getByRole('button', { name: 'Cancel' })
        .click({ timeout: 1_000 })
        .catch(() => undefined);
      await page.getByLabel('Deployment snippet').fill(snippet);
      await page.getByRole('button', { name: 'Find address and token' }).click();
      await page.getByText('Address and token found.').waitFor();
      await page.getByRole('button', { name: 'Test the connection' }).click();
      await healthy();
      expect(await page.content()).not.toContain(authentik.token);
    }
  });

  it('says at the token that it is cut in two, wrong, or that of another kind of outpost', async () => {
    const authentik = await practice();
    await tryOut(authentik.url, `${TOKEN.slice(0, 20)} ${TOKEN.slice(20)}`);
    await saysAt(token(), /a blank in the middle.*View Deployment Info/s);
    await tryOut(authentik.url, TOKEN);
    await saysAt(token(), /rejected the token.*View Deployment Info/s);
    for (const outpostType of ['proxy', 'ldap'] as const) {
      const other = await practice({ outpostType });
      await tryOut(other.url, other.token);
      await saysAt(token(), new RegExp(`which is an? .* outpost \\(${outpostType}\\)`));
      await step('Outpost is a RAC outpost');
    }
  });

  it('says that a certificate has expired, and that trusting its authority does not help', async () => {
    const { url, token: secret } = await practice({ tls: { certificate: 'expired' } });
    await tryOut(url, secret);
    await saysAt(host(), /expired on \d{4}-\d\d-\d\d.*Renew it/s);
    await page.getByRole('button', { name: 'Trust this authority' }).click();
    await saysAt(host(), /expired on/);
    await page.getByRole('button', { name: 'Undo' }).click();
  });

  it('says that a certificate is for another name, once its authority is trusted; pinning takes it', async () => {
    const { url, token: secret } = await practice({ tls: { certificate: 'wrong-name' } });
    await tryOut(url, secret);
    await step('TLS and certificate');
    await page.getByRole('button', { name: 'Trust this authority' }).click();
    await saysAt(host(), /elsewhere\.example/);
    await page.getByRole('button', { name: 'Pin this certificate' }).click();
    await healthy();
  });

  it('keeps the authority that a person trusts, goes online, and still believes it after a restart', async () => {
    const authentik = await practice({ tls: { certificate: 'good' } });
    await tryOut(authentik.url, authentik.token);
    await step('TLS and certificate');
    const card = page.getByRole('region', { name: 'Is this your authentik?' });
    await card
      .getByText(authentik.fingerprint ?? 'none', { exact: true })
      .first()
      .waitFor();
    await card.getByRole('button', { name: 'Trust this authority' }).click();
    await page.getByRole('button', { name: 'Start outpost' }).click(PATIENCE);
    await untilState(app, ({ status }) => status?.link.kind === 'online');
    await ask(app, 'outpost/restart');
    await untilState(app, ({ status, outpost }) => outpost.kind === 'own' && status?.link.kind === 'online');
  });

  it('says at their settings that a port is taken, and that a passphrase does not open the certificate', async () => {
    const authentik = await practice({ tls: { clientCertificate: true } });
    const certificate = join(scene.place.home, 'me.p12');
    const issued = authentik.ca?.issue({ commonName: 'me' });
    if (!issued) throw new Error('Practice has no authority.');
    writeFileSync(certificate, toPkcs12(issued, 'right'), { mode: 0o600 });
    const passphrase = join(scene.place.home, 'passphrase');
    writeFileSync(passphrase, 'wrong\n', { mode: 0o600 });
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await page.getByRole('link', { name: 'Settings' }).click();
    const change = async (label: string, value: string) => {
      const field = page.getByLabel(label, { exact: true });
      await field.fill(value);
      await field.press('Enter');
      await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    };
    await change('Client certificate', certificate);
    await change('Passphrase file of the key', passphrase);
    await change('Address of authentik', authentik.url);
    await saysAt(
      page.getByLabel('Client certificate', { exact: true }),
      /passphrase does not open the client certificate/,
    );
    await page.getByRole('tab', { name: 'Metrics and log' }).click();
    await change('Served at', `127.0.0.1:${port}`);
    await ask(app, 'outpost/restart');
    await saysAt(page.getByLabel('Served at', { exact: true }), /already in use by another program/);
    taken.close();
  });
});

describe('what is kept', () => {
  let folder: string;

  beforeEach(() => {
    folder = join(scene.place.home, `state-${Math.random().toString(36).slice(2)}`);
    mkdirSync(folder, { mode: 0o700 });
    scene.place.environment['SALLYPORT_STATE_DIR'] = folder;
  });

  afterEach(() => app?.stop());

  const keep = (text: string) => writeFileSync(join(folder, 'settings.json'), text, { mode: 0o600 });
  const kept = (name = 'settings.json') => readFileSync(join(folder, name), 'utf8');

  it('by a newer version stays as it is, and the window says what to do', async () => {
    const text = '{"version": 99, "settings": {"authentik.host": "https://sso.example.org/"}}';
    keep(text);
    await begin();
    await page
      .getByText(/was written by a newer Sallyport.*Update Sallyport/)
      .first()
      .waitFor(PATIENCE);
    expect(kept()).toBe(text);
  });

  it('and was cut off is put aside, whole, and the first run says where it is', async () => {
    const text = '{"version": 1, "settings": {"authentik.ho';
    keep(text);
    await begin();
    await page
      .getByText(/settings\.json was damaged and was kept as settings\.json\.damaged-/)
      .waitFor(PATIENCE);
    const aside = readdirSync(folder).find((name) => name.startsWith('settings.json.damaged-'));
    expect(kept(aside)).toBe(text);
  });

  it('in the wrong types does not count, is told by its name, and is not overwritten', async () => {
    const text = '{"version": 1, "settings": {"limits.sessions": "many", "authentik.host": 7}}';
    keep(text);
    await begin();
    await page.getByText('authentik.host in settings.json is 7.').waitFor(PATIENCE);
    await page.getByText('limits.sessions in settings.json is "many".').waitFor();
    expect(kept()).toBe(text);
  });

  it.runIf(CAN_MOUNT)(
    'on a full disk is refused with a sentence, and what was there is still there',
    async () => {
      const disk = mounted(folder, 'size=256k,mode=0700');
      try {
        const text = '{"version": 1, "settings": {"limits.sessions": 9}}';
        keep(text);
        await begin();
        await untilState(app, ({ outpost }) => outpost.kind === 'own');
        spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'filling')}`, 'bs=4k']);
        await page.getByRole('link', { name: 'Settings' }).click();
        await page.getByRole('tab', { name: 'Limits' }).click();
        const most = page.getByLabel('Sessions at once', { exact: true });
        await most.fill('7');
        await page.getByRole('button', { name: 'Save' }).click();
        await saysAt(most, /does not fit: the disk is full.*Free some space/s);
        expect(kept()).toBe(text);
        await app.stop();
      } finally {
        disk.unmount();
      }
    },
  );

  it.runIf(CAN_MOUNT)('in a read-only home: the window comes all the same, and says it', async () => {
    const home = mounted(folder, 'ro');
    const { environment } = scene.place;
    const before = { ...environment };
    Object.assign(environment, {
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_CACHE_HOME: join(folder, 'cache'),
    });
    delete environment['SALLYPORT_STATE_DIR'];
    try {
      await begin();
      await page
        .getByText(/is on a read-only file system/)
        .first()
        .waitFor(PATIENCE);
      await app.stop();
    } finally {
      Object.assign(environment, before);
      home.unmount();
    }
  });
});

function mounted(folder: string, options: string): { unmount(): void } {
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  if (status !== 0) throw new Error(`Mounting failed: ${stderr}`);
  return { unmount: () => void spawnSync('umount', ['--lazy', folder]) };
}

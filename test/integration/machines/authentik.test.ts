import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { mergedSettings } from '../../../main/core/offline/machines/from-authentik.ts';
import type { PracticeAuthentikOptions } from '../../../practice/authentik/options.ts';
import { type MachinesBench, machinesIn } from '../control/machines-fixture.ts';
import { status } from '../control/outpost-fixture.ts';
import { practice } from '../practice/practice.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function bench(options: PracticeAuthentikOptions = {}) {
  const authentik = await practice(options);
  const folder = mkdtempSync(join(tmpdir(), 'sp-ak-'));
  folders.push(folder);
  const made: MachinesBench = machinesIn(folder, status, { host: authentik.url });
  const preview = (token = authentik.adminToken) =>
    made.machines.previewAuthentik(new Secret(token), new AbortController().signal);
  return { authentik, folder, preview, ...made };
}

function everythingIn(folder: string): string {
  return [...readdirSync(folder, { recursive: true })]
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
}

describe('an import from authentik', () => {
  it('brings every page of endpoints with the provider’s settings under theirs, and keeps no token', async () => {
    const machines = Array.from({ length: 230 }, (_, at) => ({
      name: `m${at}`,
      protocol: 'rdp',
      parameters: {
        hostname: `10.0.0.${at}`,
        port: '3390',
        username: 'ops',
        password: `pass ${at}`,
        'color-depth': '16',
        'gateway-password': `gate ${at}`,
        'some-secret': 'never kept',
      },
    }));
    const {
      authentik,
      machines: desk,
      vault,
      folder,
      preview,
    } = await bench({
      machines,
      providerSettings: { 'color-depth': 32, 'ignore-cert': true, 'resize-method': 'reconnect' },
      propertyMappings: ['11111111-2222-4333-8444-555555555555'],
    });
    const { rows, import: id } = await preview();
    expect(rows).toHaveLength(230);
    expect(rows[0]?.notes.join(' ')).toMatch(/some-secret[\s\S]*property mappings were left out/);
    await desk.apply(id, []);
    const [first] = await desk.list({ search: 'm0' });
    expect(first).toMatchObject({
      name: 'm0',
      group: 'practice machines 1',
      protocol: 'rdp',
      host: '10.0.0.0',
      port: 3390,
      user: 'ops',
      parameters: { 'color-depth': '16', 'ignore-cert': 'true', 'resize-method': 'reconnect' },
    });
    expect(vault.plain).toHaveLength(460);
    expect(vault.plain.slice(0, 2)).toEqual([
      { name: 'm0', user: 'ops', password: 'pass 0' },
      { name: 'm0 (gateway)', password: 'gate 0' },
    ]);
    const asked = authentik.journal.requests.map(({ target }) => target);
    expect(asked.filter((target) => target.includes('rac/endpoints')).length).toBe(3);
    expect(asked.every((target) => !target.includes(authentik.adminToken))).toBe(true);
    const kept = everythingIn(folder);
    for (const secret of [authentik.adminToken, 'pass 0', 'gate 0', 'never kept'])
      expect(kept).not.toContain(secret);
    // A second look finds nothing new.
    const again = await preview();
    expect(again.rows.every(({ action }) => action === 'skip')).toBe(true);
  });

  it('with the outpost’s own token or a wrong one says whose is needed', async () => {
    const { authentik, preview } = await bench();
    for (const token of [authentik.token, 'wrong'])
      await expect(preview(token)).rejects.toMatchObject({
        code: 'token-rejected',
        message: expect.stringContaining('did not let this token read its RAC endpoints'),
        advice: expect.stringContaining('API token of an admin'),
      });
  });

  it('trusts no certificate that the outpost would not trust', async () => {
    const { preview } = await bench({ tls: {} });
    await expect(preview()).rejects.toMatchObject({ code: 'tls-untrusted' });
  });

  it('says in words that authentik is away, or gave no list', async () => {
    const { authentik, preview } = await bench();
    await authentik.setFaults({ answer: 'http502' });
    await expect(preview()).rejects.toMatchObject({ code: 'http-status' });
    await authentik.setFaults({ answer: 'halfJson' });
    await expect(preview()).rejects.toMatchObject({ code: 'connection-lost' });
    await authentik.stop();
    await expect(preview()).rejects.toMatchObject({ code: 'connect-refused' });
  });
});

describe('authentik’s order of settings', () => {
  const PROVIDER = { name: 'p', settings: {}, hasMappings: false };
  const ENDPOINT = {
    name: 'e',
    protocol: 'ssh',
    host: 'h',
    settings: {},
    hasMappings: false,
    provider: PROVIDER,
  };

  it('is host, provider, endpoint; numbers and yes or no become text, the rest is nothing', () => {
    const merged = mergedSettings({
      ...ENDPOINT,
      host: 'h:2222',
      settings: { b: 'endpoint', n: 7, yes: true, list: [1], empty: '' },
      provider: { ...PROVIDER, settings: { port: '22', a: 'provider', b: 'provider' } },
    });
    expect(Object.fromEntries(merged)).toEqual({
      hostname: 'h',
      port: '22',
      a: 'provider',
      b: 'endpoint',
      n: '7',
      yes: 'true',
    });
  });

  it('lets RDP’s screen follow the window, unless somebody says otherwise', () => {
    const rdp = { ...ENDPOINT, protocol: 'rdp' };
    expect(mergedSettings(rdp).get('resize-method')).toBe('display-update');
    expect(mergedSettings({ ...rdp, settings: { 'resize-method': 'reconnect' } }).get('resize-method')).toBe(
      'reconnect',
    );
  });
});

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { FakeEngine } from '../guacd/fake-engine.ts';
import { type Answer, fakeGuacd } from '../guacd/fake-guacd.ts';
import { writeStub } from '../guacd/stub.ts';
import { ending, folder, round, source, takenPort, toldBy } from './fixture.ts';

async function guacd(answer: Answer) {
  const fake = await fakeGuacd(answer);
  ending(() => fake.close());
  return fake.address;
}

const speaks =
  (version: string): Answer =>
  ([opcode], socket) => {
    if (opcode === 'select') socket.write(encode('args', version, 'hostname'));
  };

describe('the doctor on this host', () => {
  it('says why the settings cannot be read, and leaves out what needs them', async () => {
    const refusal = new SallyportError('settings-invalid', 'SALLYPORT_GUACD is "x" without a port.', {
      advice: 'Give one.',
    });
    const { ids, step } = await round(
      await source({ source: { settings: () => Promise.reject(refusal) }, token: 'a-token' }),
    );
    expect(ids.slice(0, 4)).toEqual([
      'settings failed',
      'state-dir passed',
      'token passed',
      'address skipped',
    ]);
    expect(toldBy(step('settings'))).toEqual({
      code: 'settings-invalid',
      message: refusal.message,
      advice: 'Give one.',
    });
    expect(step('guacd')).toEqual({ kind: 'skipped', because: 'the settings could not be read' });
    expect(step('websocket')).toEqual({ kind: 'skipped', because: 'the settings could not be read' });
  });

  it('tells every warning of the settings, not the first alone', async () => {
    const warnings = Array.from({ length: 10 }, (_, at) => ({
      code: 'settings-invalid' as const,
      message: `Warning ${at}.`,
      advice: 'Look.',
    }));
    const { step } = await round(await source({ warnings }));
    expect(toldBy(step('settings'))).toEqual({
      code: 'settings-invalid',
      message:
        'Warning 0. Warning 1. Warning 2. Warning 3. Warning 4. Warning 5. Warning 6. Warning 7. And 2 more.',
      advice: 'Look.',
    });
  });

  it('says that no token is set, that it is empty, or why it cannot be read', async () => {
    for (const token of [null, '']) {
      const { step } = await round(await source({ token }));
      expect(toldBy(step('token'))).toMatchObject({
        code: 'token-missing',
        advice: expect.stringContaining('token set'),
      });
      expect(step('dns')).toEqual({ kind: 'skipped', because: 'there is no token' });
    }
    const locked = new SallyportError('token-unreadable', 'It cannot be decrypted with the key.');
    const { step } = await round(await source({ source: { token: () => Promise.reject(locked) } }));
    expect(toldBy(step('token'))).toMatchObject({ code: 'token-unreadable', message: locked.message });
  });

  it('looks at the state directory: one that is open to others, missing, or a file', async () => {
    const stateDir = await folder();
    await chmod(stateDir, 0o755);
    const open = await round(await source({ source: { stateDir } }));
    expect(toldBy(open.step('state-dir'))).toMatchObject({
      advice: expect.stringContaining(`chmod 700 ${stateDir}`),
    });
    const missing = await round(await source({ source: { stateDir: join(stateDir, 'a', 'b') } }));
    expect(missing.step('state-dir')).toMatchObject({
      kind: 'passed',
      detail: expect.stringContaining('will be made'),
    });
    await writeFile(join(stateDir, 'file'), '');
    const file = await round(await source({ source: { stateDir: join(stateDir, 'file') } }));
    expect(toldBy(file.step('state-dir')).message).toContain('is not a directory');
    const below = await round(await source({ source: { stateDir: join(stateDir, 'file', 'x') } }));
    expect(below.step('state-dir').kind).toBe('failed');
  });

  it('finds a guacd of its own, and says that it is old, unfit, or not there', async () => {
    const dir = await folder();
    const managed = (executable: string) =>
      source({ guacd: { kind: 'managed', executable, resourcesDir: null } });
    const good = await writeStub(join(dir, 'good'), '', '1.6.0');
    expect((await round(await managed(good))).step('guacd')).toEqual({
      kind: 'passed',
      detail: `${good}, version 1.6.0`,
    });
    const old = await round(await managed(await writeStub(join(dir, 'old'), '', '1.3.0')));
    expect(toldBy(old.step('guacd'))).toMatchObject({
      code: 'guacd-outdated',
      message: expect.stringContaining('CVE-2024-35164'),
      advice: expect.stringContaining('1.6.0 or newer'),
    });
    const none = await round(await managed(join(dir, 'none')));
    expect(toldBy(none.step('guacd'))).toMatchObject({
      code: 'guacd-missing',
      advice: expect.stringContaining('apt install guacd'),
    });
    await mkdir(join(dir, 'folder'));
    expect((await round(await managed(join(dir, 'folder')))).step('guacd').kind).toBe('failed');
  });

  it('finds what runs a guacd in a container, and says what comes of it', async () => {
    const engine = await FakeEngine.make(join(await folder(), 'engine'));
    const image = 'guacamole/guacd:1.6.0';
    const contained = (imageFile: string | null = null) =>
      source({ guacd: { kind: 'container', engine: engine.program, image, imageFile } });
    const absent = await round(await contained());
    expect(toldBy(absent.step('guacd'))).toMatchObject({
      code: 'guacd-container',
      message: `The image ${image} is not on this host yet; it is fetched when the outpost starts (Podman 4.3.1).`,
    });
    const noFile = await round(await contained('/no/such/file.tar'));
    expect(toldBy(noFile.step('guacd')).message).toContain('/no/such/file.tar');
    await engine.has(image);
    expect((await round(await contained())).step('guacd')).toEqual({
      kind: 'passed',
      detail: `guacd 1.6.0 in a container: ${image}, Podman 4.3.1`,
    });
    await engine.now({ version: '1.5.3' });
    expect(toldBy((await round(await contained())).step('guacd')).code).toBe('guacd-outdated');
    await engine.now({ run: { code: 127, stderr: 'sh: guacd: not found' } });
    const broken = await round(await contained());
    expect(toldBy(broken.step('guacd')).message).toContain('could not run guacd out of');
    await engine.now({ info: { stderr: 'Cannot connect to Podman' } });
    expect((await round(await contained())).step('guacd').kind).toBe('failed');
    // Nothing is brought here to find out.
    expect(await engine.calls('pull')).toEqual([]);
  });

  it('offers a container where no guacd is installed and something is there to run it', async () => {
    const engine = await FakeEngine.make(join(await folder(), 'engine'));
    const executable = join(await folder(), 'none');
    const { step } = await round(
      await source({
        guacd: { kind: 'managed', executable, resourcesDir: null },
        source: { environment: { PATH: engine.bin } },
      }),
    );
    expect(toldBy(step('guacd'))).toMatchObject({
      code: 'guacd-missing',
      advice: expect.stringMatching(
        /^Podman is on this host: “sallyport config set guacd\.target container”/,
      ),
    });
  });

  it('asks guacds that others run: one that is down is a warning beside another, alone it is a failure', async () => {
    const up = await guacd(speaks('VERSION_1_6_0'));
    const mute = await guacd(() => {});
    const other = await guacd((_, socket) => socket.end('SSH-2.0-x\r\n'));
    const gone = await fakeGuacd();
    await gone.close();
    const external = (...addresses: (typeof up)[]) => source({ guacd: { kind: 'external', addresses } });
    const alone = await round(await external(gone.address));
    expect(toldBy(alone.step('guacd'))).toMatchObject({ code: 'guacd-unreachable' });
    const both = await round(await external(gone.address, up, other));
    expect(both.ids.at(-2)).toBe('guacd warned');
    expect(toldBy(both.step('guacd')).message).toMatch(/refused the connection.*does not speak like guacd/);
    const silent = await round(await external(mute), 300);
    expect(toldBy(silent.step('guacd')).code).toBe('connect-timeout');
  });

  it('says that a guacd elsewhere is old', async () => {
    const address = await guacd(speaks('VERSION_1_3_0'));
    const { step } = await round(await source({ guacd: { kind: 'external', addresses: [address] } }));
    expect(toldBy(step('guacd'))).toMatchObject({
      code: 'guacd-outdated',
      message: expect.stringContaining('is version 1.3 or 1.4'),
    });
  });

  it('looks whether metrics can be served: free, taken, taken by this very outpost, elsewhere', async () => {
    const port = await takenPort();
    const metrics = { host: '127.0.0.1', port };
    const taken = await round(await source({ metrics }));
    // The outpost works without.
    expect(taken.ids.at(-1)).toBe('metrics warned');
    expect(toldBy(taken.step('metrics'))).toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(`Port ${port} on 127.0.0.1`),
      advice: expect.stringContaining('AUTHENTIK_LISTEN__METRICS'),
    });
    const ours = await round(await source({ metrics, source: { metricsAreOurs: () => true } }));
    expect(ours.step('metrics')).toMatchObject({
      kind: 'passed',
      detail: expect.stringContaining('this outpost'),
    });
    const free = await round(await source({ metrics: { host: '127.0.0.1', port: 0 } }));
    expect(free.step('metrics').kind).toBe('passed');
    const foreign = await round(await source({ metrics: { host: '192.0.2.1', port: 9300 } }));
    expect(toldBy(foreign.step('metrics')).message).toContain('not an address of this host');
    expect((await round(await source())).step('metrics')).toEqual({
      kind: 'passed',
      detail: 'metrics are off',
    });
  });

  it('is not held up by a check that hangs', async () => {
    const { ids, step } = await round(
      await source({ source: { settings: () => new Promise(() => {}) } }),
      50,
    );
    expect(ids[0]).toBe('settings failed');
    expect(toldBy(step('settings'))).toMatchObject({ code: 'connect-timeout' });
  });
});

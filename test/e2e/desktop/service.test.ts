import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, isAlive, stateOf, untilState } from '../../../practice/desktop/app-state.ts';
import { DIST, eventually } from '../../lab/harness/lab.ts';
import { Scene } from './scene.ts';

describe('the app beside an outpost that runs as a service', () => {
  let scene: Scene;
  let service: ChildProcess;

  beforeEach(async () => {
    scene = await Scene.start({ environment: { SALLYPORT_GUACD: '127.0.0.1:1' } });
    service = await startService(scene);
  });

  afterEach(async () => {
    await scene?.end();
    await endService(service);
  });

  it('attaches to it, drives it, and leaves it running when it quits', async () => {
    const app = await scene.launch();
    const { outpost } = await untilState(app, (state) => state.outpost.kind === 'attached');
    expect(outpost).toEqual({ kind: 'attached', pid: service.pid });
    await scene.tray.registered();
    await scene.tray.click('Stop outpost');
    await untilState(app, ({ status }) => status?.phase === 'stopped');
    // What belongs to the service is not the app's to change.
    expect(await ask(app, 'outpost/restart')).toMatchObject({ ok: false, failure: { code: 'not-running' } });
    expect(
      await ask(app, 'secrets/use', { protection: 'passphrase', passphrase: 'long enough' }),
    ).toMatchObject({ ok: false });
    await scene.tray.click('Quit (the service goes on)');
    await eventually(() => !isAlive(app.pid));
    expect(isAlive(service.pid ?? 0)).toBe(true);
    const control = await app.control();
    expect((await control.request('status', {})).pid).toBe(service.pid);
    control.close();
  });

  it('waits for it when it is restarted, and starts one of its own when it stays away', async () => {
    const app = await scene.launch();
    await untilState(app, (state) => state.outpost.kind === 'attached');
    await endService(service);
    await untilState(app, (state) => state.outpost.kind === 'ended');
    service = await startService(scene);
    expect((await untilState(app, (state) => state.outpost.kind === 'attached')).outpost).toEqual({
      kind: 'attached',
      pid: service.pid,
    });
    await endService(service);
    await untilState(app, (state) => state.outpost.kind === 'own');
    expect((await stateOf(app)).status?.pid).not.toBe(service.pid);
  });
});

async function startService({ place }: Scene): Promise<ChildProcess> {
  const service = spawn(process.execPath, [join(DIST, 'outpost.cjs')], {
    env: place.environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  service.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await eventually(() => said.includes('Sallyport begins'));
  return service;
}

async function endService(service: ChildProcess | undefined): Promise<void> {
  if (!service || service.exitCode !== null || service.signalCode !== null) return;
  const gone = once(service, 'exit');
  service.kill('SIGTERM');
  await gone;
}

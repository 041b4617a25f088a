import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ControlClient } from '../../../main/control/client.ts';
import { Lifetime } from '../../../main/core/base/lifetime.ts';
import { ask, untilState } from '../../../practice/desktop/app-state.ts';
import type { RunningApp } from '../../../practice/desktop/desktop-app.ts';
import { type KeepOptions, keepMachine } from '../../../practice/desktop/keep-machine.ts';
import { openedBy } from '../../../practice/desktop/session-window.ts';
import type { Machine, MachineProtocol } from '../../../practice/machines/machine.ts';
import { startMachines } from '../../../practice/machines/start.ts';
import { Scene } from '../desktop/scene.ts';

/** Opens the vault of every scene. */
export const PASSPHRASE = 'seven quiet herons';

export interface ViewerSceneOptions {
  readonly protocols?: readonly MachineProtocol[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The app with real machines in its address book, and an admin who allows to open them. */
export class ViewerScene {
  readonly scene: Scene;
  readonly app: RunningApp;
  readonly control: ControlClient;
  readonly machines: readonly Machine[];
  readonly #lifetime: Lifetime;

  private constructor(
    parts: Pick<ViewerScene, 'scene' | 'app' | 'control' | 'machines'>,
    lifetime: Lifetime,
  ) {
    this.scene = parts.scene;
    this.app = parts.app;
    this.control = parts.control;
    this.machines = parts.machines;
    this.#lifetime = lifetime;
  }

  static async start({ protocols = [], environment }: ViewerSceneOptions = {}): Promise<ViewerScene> {
    const lifetime = new Lifetime();
    try {
      const dir = await mkdtemp(join(tmpdir(), 'sp-machines-'));
      lifetime.add(() => rm(dir, { recursive: true, force: true }));
      const running = await startMachines({ dir, protocols, log: () => {} });
      lifetime.add(() => running.stop());
      if (running.missing.length > 0) throw new Error(running.missing.map(({ reason }) => reason).join(' '));
      const scene = await Scene.start({
        environment: {
          SALLYPORT_GUACD: 'managed',
          SALLYPORT_PROXY: 'none',
          SALLYPORT_OFFLINE_MODE: 'always',
          ...environment,
        },
      });
      lifetime.add(() => scene.end());
      const app = await scene.launch();
      await untilState(app, ({ outpost, status }) => outpost.kind === 'own' && status !== null);
      const control = await app.control();
      lifetime.add(() => control.close());
      await control.request('vault/create', { protection: { kind: 'passphrase', passphrase: PASSPHRASE } });
      await control.request('start', {}).catch(() => {});
      await untilState(app, ({ status }) => status?.guacd.kind === 'up');
      return new ViewerScene({ scene, app, control, machines: running.machines }, lifetime);
    } catch (error) {
      await lifetime.end();
      throw error;
    }
  }

  machine(protocol: MachineProtocol): Machine {
    const machine = this.machines.find((one) => one.protocol === protocol);
    if (!machine) throw new Error(`There is no ${protocol} machine.`);
    return machine;
  }

  /** Keeps a practice machine in the address book, its secrets in the vault; resolves with its id. */
  keep(machine: Parameters<typeof keepMachine>[1], options?: KeepOptions): Promise<string> {
    return keepMachine(this.control, machine, options);
  }

  /** Opens a window as the console does; resolves with its page. */
  async open(machine: string): Promise<Page> {
    return this.#opened(() => ask(this.app, 'viewer/open', { machine }));
  }

  async watch(session: string): Promise<Page> {
    return this.#opened(() => ask(this.app, 'viewer/watch', { session }));
  }

  #opened(act: () => Promise<unknown>): Promise<Page> {
    return openedBy(this.app, async () => {
      const answer = await act();
      if (Reflect.get(Object(answer), 'ok') !== true) throw new Error(JSON.stringify(answer));
    });
  }

  end(): Promise<void> {
    return this.#lifetime.end();
  }
}

import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../base/logger.ts';
import type { GuacdRunner, PrepareOptions, ReadyGuacd } from '../runner.ts';
import { type ContainerNetwork, type ContainerPlan, canBeShared } from './arguments.ts';
import { containerBounds } from './bounds.ts';
import { type Engine, findEngine } from './engine.ts';
import { containerFailure } from './failures.ts';
import { provideImage } from './image.ts';
import { ownerOf, removeLeftovers } from './leftovers.ts';
import { startContainer } from './start.ts';

export interface ContainerOptions {
  /** `auto`, `podman`, `docker`, or the path of either one's program. */
  readonly engine: string;
  /** The image to run; it has `/bin/sh`, and guacd on its PATH or where packages put it. */
  readonly image: string;
  /** Where the image is loaded from when it is missing; null fetches it. */
  readonly imageFile: string | null;
  readonly network: ContainerNetwork;
  /** The outpost's private folder. It exists. */
  readonly stateDir: string;
  /** Where the drives of sessions lie. */
  readonly drivesDir: string;
  /** How many sessions at once there must be room for. */
  readonly sessions: number;
  /** What the engine's environment is taken from; the outpost's own by default. */
  readonly environment?: NodeJS.ProcessEnv;
  /** How long removing a container may take, in milliseconds. */
  readonly removeTimeoutMs?: number;
}

const REMOVE_TIMEOUT_MS = 8_000;
/** Inside, where this host's folders are not shared: on its own temporary file system. */
const HOME_INSIDE = '/tmp';

/** Runs guacd out of an image, in Podman or Docker. */
export class GuacdInContainer implements GuacdRunner {
  readonly sharesFiles: boolean;
  readonly #options: ContainerOptions;
  readonly #home: string;
  readonly #logger: Logger;

  constructor(options: ContainerOptions, logger: Logger) {
    this.#options = options;
    this.#home = join(options.stateDir, 'guacd-home');
    this.sharesFiles = canBeShared(this.#home) && canBeShared(options.drivesDir);
    this.#logger = logger;
  }

  async prepare({ endLeftovers, signal, onStep }: PrepareOptions): Promise<ReadyGuacd> {
    const { engine: choice, image, imageFile, network, stateDir } = this.#options;
    const { environment = process.env, removeTimeoutMs = REMOVE_TIMEOUT_MS } = this.#options;
    refuseUnreachable(network);
    const engine = await findEngine({ engine: choice, environment, signal });
    const owner = await ownerOf(stateDir);
    const logger = this.#logger;
    if (endLeftovers) await removeLeftovers(engine, owner, { signal, timeoutMs: removeTimeoutMs, logger });
    const id = await provideImage(engine, { image, imageFile, environment, signal, onStep, logger });
    const plan = { ...(await this.#plan(engine)), owner, image: id, network };
    return {
      start: (port, onLine) => {
        const name = `sallyport-guacd-${owner.slice(0, 8)}-${randomBytes(4).toString('hex')}`;
        const container = { engine: engine.kind, image };
        return startContainer(
          engine,
          { ...plan, name, port },
          { container, onLine, removeTimeoutMs, logger },
        );
      },
    };
  }

  async #plan(
    engine: Engine,
  ): Promise<Pick<ContainerPlan, 'engine' | 'bounds' | 'user' | 'shared' | 'home'>> {
    const { drivesDir, sessions } = this.#options;
    const shared = this.sharesFiles ? [this.#home, drivesDir] : [];
    for (const path of shared) await mkdir(path, { recursive: true, mode: 0o700 });
    const [uid, gid] = [process.getuid?.(), process.getgid?.()];
    return {
      engine,
      bounds: containerBounds(sessions, engine),
      user: uid === undefined || gid === undefined ? null : { uid, gid },
      shared,
      home: this.sharesFiles ? this.#home : HOME_INSIDE,
    };
  }
}

/** On other systems engines run in a virtual machine, whose network is not this host's. */
function refuseUnreachable(network: ContainerNetwork): void {
  if (network === 'bridge' || process.platform === 'linux') return;
  throw containerFailure(
    'guacd’s container is to share this host’s network, which only Linux can do.',
    'Set SALLYPORT_GUACD_NETWORK=bridge, or leave it out.',
  );
}

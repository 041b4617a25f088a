import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lifetime } from '../../../main/core/base/lifetime.ts';
import type { PracticeBrowser } from '../../../practice/authentik/browser.ts';
import {
  type AppPlace,
  launchApp,
  makePlace,
  type RunningApp,
  removePlace,
} from '../../../practice/desktop/desktop-app.ts';
import { type DesktopSession, startSession } from '../../../practice/desktop/session.ts';
import { TrayReader } from '../../../practice/desktop/tray-reader.ts';
import { Practice } from '../../../practice/run/practice.ts';
import { DIST } from '../../lab/harness/lab.ts';
import { prepareRuntime, type Runtime } from './runtime.ts';

/**
 * What Chromium needs on a machine for tests: root may not use its sandbox of processes there. The app itself never
 * says any of this.
 */
const TEST_ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

export interface SceneOptions {
  /** A practice authentik with an SSH machine, which the app's outpost is set up for. */
  readonly practice?: boolean;
  /** A desktop without a place for icons. */
  readonly noTray?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A desktop with everything that a test of the app needs; `end` leaves nothing of it. */
export class Scene {
  readonly session: DesktopSession;
  readonly runtime: Runtime;
  readonly place: AppPlace;
  readonly tray: TrayReader;
  readonly #practice: Practice | null;
  readonly #lifetime: Lifetime;

  private constructor(
    parts: Pick<Scene, 'session' | 'runtime' | 'place' | 'tray'>,
    practice: Practice | null,
    lifetime: Lifetime,
  ) {
    this.session = parts.session;
    this.runtime = parts.runtime;
    this.place = parts.place;
    this.tray = parts.tray;
    this.#practice = practice;
    this.#lifetime = lifetime;
  }

  static async start({
    practice: wantsPractice = false,
    noTray = false,
    environment,
  }: SceneOptions = {}): Promise<Scene> {
    const lifetime = new Lifetime();
    try {
      const session = await startSession();
      lifetime.add(() => session.end());
      const runtime = await prepareRuntime();
      lifetime.add(() => runtime.remove());
      const practice = wantsPractice ? await startPractice(lifetime) : null;
      const place = await makePlace(session, { ...settingsFor(practice), ...environment });
      lifetime.add(() => removePlace(place));
      const tray = await TrayReader.start(session.bus, { tray: !noTray });
      lifetime.add(() => tray.end());
      return new Scene({ session, runtime, place, tray }, practice, lifetime);
    } catch (error) {
      await lifetime.end();
      throw error;
    }
  }

  /** Starts the app; it is ended with the scene where a test has not. */
  async launch(args: readonly string[] = []): Promise<RunningApp> {
    const app = await launchApp([this.runtime.executable, ...TEST_ARGUMENTS, ...args], this.place);
    this.#lifetime.add(() => app.stop());
    return app;
  }

  /** Somebody opens a session on the SSH machine by authentik. */
  async openSession(): Promise<PracticeBrowser> {
    const [machine] = this.practice.machines.machines;
    if (!machine) throw new Error('Practice has no machine.');
    const browser = await this.practice.authentik.openSession(machine);
    this.#lifetime.add(() => browser.kill());
    return browser;
  }

  get practice(): Practice {
    if (!this.#practice) throw new Error('This scene has no practice.');
    return this.#practice;
  }

  end(): Promise<void> {
    return this.#lifetime.end();
  }
}

async function startPractice(lifetime: Lifetime): Promise<Practice> {
  const base = await mkdtemp(join(tmpdir(), 'sp-practice-'));
  lifetime.add(() => rm(base, { recursive: true, force: true }));
  const practice = await Practice.start({
    base,
    machines: ['ssh'],
    authentik: { pageDirectory: join(DIST, 'practice-page') },
    outpost: { command: [process.execPath] },
  });
  lifetime.add(() => practice.stop());
  return practice;
}

function settingsFor(practice: Practice | null): Record<string, string> {
  if (practice === null) return {};
  const { host, token } = practice.outpost;
  return {
    AUTHENTIK_HOST: host,
    AUTHENTIK_TOKEN: token,
    SALLYPORT_GUACD: 'managed',
    SALLYPORT_PROXY: 'none',
  };
}

import { join } from 'node:path';
import type { ControlClient } from '../../../main/control/client.ts';
import type { Lifetime } from '../../../main/core/base/lifetime.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import type { PracticeBrowser } from '../../authentik/browser.ts';
import type { Report } from '../../check/report.ts';
import { endMarked } from '../../machines/leftovers.ts';
import type { Machine, MachineProtocol } from '../../machines/machine.ts';
import { Practice } from '../../run/practice.ts';
import { isOnline, untilState } from '../app-state.ts';
import { type AppPlace, launchApp, makePlace, type RunningApp, removePlace, UNSEEN } from '../desktop-app.ts';
import { startSession } from '../session.ts';

export interface OfflineCheckOptions {
  /** What starts the app. */
  readonly command: readonly [string, ...string[]];
  /** Where practice has its folders. */
  readonly base: string;
  readonly pageDirectory: string;
}

/** What the steps work on; what one finds for those after it is added. */
export interface OfflineScene {
  readonly app: RunningApp;
  readonly place: AppPlace;
  readonly practice: Practice;
  readonly control: ControlClient;
  /** The person who came by authentik, and their session at the outpost. */
  browser?: PracticeBrowser;
  session?: string;
  recording?: string;
  /** The journal's number up to which everything happened with authentik there. */
  lastBefore?: number;
}

const START_MS = 90_000;

/** A screen of its own, practice with real machines, and the app set up for it. */
export async function offlineScene(
  { command: [program, ...args], base, pageDirectory }: OfflineCheckOptions,
  lifetime: Lifetime,
  report: Report,
): Promise<OfflineScene> {
  if (process.platform !== 'linux')
    throw new SallyportError('internal', 'Offline sessions can be checked on Linux only.', {
      advice: 'The practice machines need it.',
    });
  const session = await startSession();
  lifetime.add(() => session.end());
  await report.step('passed', `screen: Xvfb on ${session.display}`);
  const practice = await Practice.start({
    base,
    authentik: { pageDirectory },
    outpost: { command: ['none'] },
  });
  lifetime.add(() => practice.stop());
  const { machines, missing } = practice.machines;
  if (missing.length > 0) throw new Error(missing.map(({ reason }) => reason).join(' '));
  await report.step('passed', `practice machines: ${machines.map(({ name }) => name).join(', ')}`);
  const { host, token } = practice.outpost;
  const place = await makePlace(session, {
    AUTHENTIK_HOST: host,
    AUTHENTIK_TOKEN: token,
    SALLYPORT_GUACD: 'managed',
    SALLYPORT_PROXY: 'none',
  });
  lifetime.add(() => removePlace(place));
  lifetime.add(() => endMarked(place.home));
  const app = await launchApp([program, ...args, ...UNSEEN], place);
  lifetime.add(() => app.stop());
  await untilState(app, isOnline, START_MS);
  const control = await app.control();
  lifetime.add(() => control.close());
  await report.step('passed', `the app is online at ${practice.authentik.url}`);
  const scene: OfflineScene = { app, place, practice, control };
  lifetime.add(() => scene.browser?.kill());
  return scene;
}

export function machineOf({ practice }: OfflineScene, protocol: MachineProtocol): Machine {
  const machine = practice.machines.machines.find((one) => one.protocol === protocol);
  if (!machine) throw new Error(`There is no practice machine for ${protocol}.`);
  return machine;
}

/** Where the outpost of the app keeps its journal. */
export function journalOf({ place }: OfflineScene): string {
  return join(place.environment['SALLYPORT_STATE_DIR'] ?? '', 'journal');
}

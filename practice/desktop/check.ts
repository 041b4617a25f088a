import type { Lifetime } from '../../main/core/base/lifetime.ts';
import { SallyportError } from '../../main/core/errors.ts';
import type { Report } from '../check/report.ts';
import { endMarked } from '../machines/leftovers.ts';
import { type CheckScene, STEPS } from './check-steps.ts';
import { launchApp, makePlace, removePlace, UNSEEN } from './desktop-app.ts';
import type { AppCheckOptions } from './run-app-check.ts';
import { playScenario } from './scenario.ts';
import { type GivenSession, startSession } from './session.ts';
import { TrayReader } from './tray-reader.ts';

/**
 * Starts the app as a person would, works it by window, tray and browser, and quits it. Resolves with whether all of
 * it was good; false where `signal` cut it short. What fails is told on `output`.
 */
export function checkDesktop(options: AppCheckOptions): Promise<boolean> {
  const { output, env, signal } = options;
  return playScenario({
    output,
    env,
    signal,
    begin: (lifetime, report) => begin(options, lifetime, report),
    steps: STEPS,
    works: 'The app works: window, tray, practice, outpost, session, and its end.',
  });
}

async function begin(
  { command, env }: AppCheckOptions,
  lifetime: Lifetime,
  report: Report,
): Promise<CheckScene> {
  if (process.platform !== 'linux')
    throw new SallyportError('internal', 'The app can be checked on Linux only.', {
      advice: 'Its tray is worked over D-Bus, which this system has not.',
    });
  const given = sessionOf(env);
  const session = await startSession(given);
  lifetime.add(() => session.end());
  await report.step('passed', `screen: ${given.display === undefined ? 'Xvfb on ' : ''}${session.display}`);
  const place = await makePlace(session, seenBy(env));
  lifetime.add(() => removePlace(place));
  // Practice inside an app that was ended in the middle.
  lifetime.add(() => endMarked(place.home));
  const tray = await TrayReader.start(session.bus);
  lifetime.add(() => tray.end());
  const [program, ...args] = command;
  const unseen = given.display === undefined ? UNSEEN : [];
  const app = await launchApp([program, ...args, ...unseen], place);
  lifetime.add(() => app.stop());
  const scene: CheckScene = { app, place, tray };
  lifetime.add(() => scene.browser?.kill());
  return scene;
}

/** The person's own screen and bus, where there are any. */
function sessionOf(env: NodeJS.ProcessEnv): GivenSession {
  const { DISPLAY: display, DBUS_SESSION_BUS_ADDRESS: bus } = env;
  return {
    ...(display ? { display } : {}),
    // A bus without a screen shows nobody anything.
    ...(display && bus ? { bus } : {}),
  };
}

/** What else of the environment a window on the person's own screen needs. */
function seenBy(env: NodeJS.ProcessEnv): Record<string, string> {
  const { XAUTHORITY: authority, HOME: home } = env;
  if (authority) return { XAUTHORITY: authority };
  return home ? { XAUTHORITY: `${home}/.Xauthority` } : {};
}

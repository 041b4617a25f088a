import { SallyportError } from '../core/errors.ts';
import type { StatePaths } from '../core/settings/paths.ts';
import { statePaths, thisHost } from '../core/settings/paths.ts';
import { SPOKEN_PLAINLY } from './last-words.ts';
import type { Layout } from './layout.ts';
import { startChild } from './outpost-child.ts';
import { OutpostHost } from './outpost-host.ts';
import { type RunningPractice, startPractice } from './practice-host.ts';
import type { AppSecrets } from './secrets.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** The outpost that this machine's settings describe. */
export function ownHost(
  layout: Layout,
  paths: StatePaths,
  environment: Variables,
  secrets: AppSecrets,
  address: string,
): OutpostHost {
  return new OutpostHost({
    address,
    locked: () => secrets.untilUnlocked(),
    launch: async () => {
      if (address !== paths.control.path)
        throw new SallyportError('control-unreachable', 'The outpost’s service does not answer any more.', {
          advice: 'Ask the admin of this host to start it, then start this app again.',
        });
      const key = secrets.handOver;
      return startChild(layout.outpost, [], {
        ...environment,
        ...(key === null ? {} : { SALLYPORT_KEY: key }),
      });
    },
  });
}

/** Practice as a child of this app, without an outpost. */
export function launchPractice(layout: Layout, environment: Variables): Promise<RunningPractice> {
  return startPractice((line) =>
    startChild(layout.practice, ['--for-app'], withoutSettings(environment), {
      line,
      spoken: SPOKEN_PLAINLY,
    }),
  );
}

/** The outpost for practice: it knows nothing of the real one's settings. */
export function practiceHost(layout: Layout, environment: Variables, practice: RunningPractice): OutpostHost {
  const own = { ...withoutSettings(environment), ...practice.environment };
  return new OutpostHost({
    address: statePaths(practice.stateDir, thisHost(own)).control.path,
    launch: async () => startChild(layout.outpost, [], own),
  });
}

/** Settings are for the real outpost; where guacd lies is a fact of this machine. */
function withoutSettings(environment: Variables): Variables {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => name === 'SALLYPORT_GUACD_PATH' || !/^(?:AUTHENTIK_|SALLYPORT_)/.test(name),
    ),
  );
}

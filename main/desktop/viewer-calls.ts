import type { AppContext } from './app-context.ts';
import type { CallHandlers } from './ipc.ts';

type ViewerCalls = Pick<
  CallHandlers,
  | 'viewer/open'
  | 'viewer/watch'
  | 'viewer/about'
  | 'viewer/begin'
  | 'viewer/unlock'
  | 'viewer/save'
  | 'viewer/close'
>;

/** What consoles ask of viewer windows, and these for themselves. */
export function viewerCalls({ viewers, desk }: Pick<AppContext, 'viewers' | 'desk'>): ViewerCalls {
  return {
    'viewer/open': async ({ machine, reason = null }) => {
      const { name } = await desk.host.control.request('machines/get', { id: machine });
      viewers().open({ kind: 'machine', id: machine, name, reason });
      return {};
    },
    'viewer/watch': ({ session }) => {
      viewers().open({ kind: 'watch', session });
      return {};
    },
    'viewer/about': (_, from) => viewers().of(from).about,
    'viewer/begin': ({ display, ...given }, from) => viewers().of(from).begin(display, given),
    'viewer/unlock': async ({ passphrase }, from) => {
      await viewers().of(from).unlock(passphrase);
      return {};
    },
    'viewer/save': async ({ what, name }, from) => ({ port: await viewers().of(from).save(what, name) }),
    'viewer/close': (_, from) => {
      viewers().of(from).close();
      return {};
    },
  };
}

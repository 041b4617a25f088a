import { join } from 'node:path';
import { app, dialog, MessageChannelMain } from 'electron';
import { PORT_CHANNEL } from '../../preload/contract/channels.ts';
import { SallyportError } from '../core/errors.ts';
import type { AppContext } from './app-context.ts';
import type { CallHandlers } from './ipc.ts';
import { writeWhole } from './recording-file.ts';
import { DisplayPump } from './viewer-pump.ts';

type RecordingsCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `recordings/${string}`>>;

const PAGE = 200;
/** Long ones are read from head to head before they are opened. */
const OPEN_MS = 60_000;

/** The requests of the list of recordings: handed on to the outpost; files are chosen and written here. */
export function recordingsCalls({
  desk,
  window,
  words,
}: Pick<AppContext, 'desk' | 'window' | 'words'>): RecordingsCalls {
  const control = () => desk.host.control;
  let ports = 0;
  const open = async (id: string, purpose: 'play' | 'export') => {
    const { recording, ticket } = await control().request(
      'recordings/open',
      { id, purpose },
      { timeoutMs: OPEN_MS },
    );
    const socket = await control().openStream('recording', ticket);
    const outcome = async () => (await control().request('recordings/outcome', { ticket })).failure;
    return { recording, socket, outcome };
  };
  return {
    'recordings/list': ({ offset, text }) =>
      control().request('recordings/list', { limit: PAGE, offset, text }),
    'recordings/play': async ({ id }, from) => {
      const { recording, socket, outcome } = await open(id, 'play');
      if (from.isDestroyed()) {
        socket.destroy();
        throw new SallyportError('aborted', 'The window was closed.');
      }
      const { port1, port2 } = new MessageChannelMain();
      ports += 1;
      new DisplayPump(socket, port1, () => {}, outcome);
      from.mainFrame.postMessage(PORT_CHANNEL, ports, [port2]);
      return { port: ports, recording };
    },
    'recordings/export': async ({ id }) => {
      const options = {
        title: words().dialog.saveFile,
        defaultPath: join(app.getPath('downloads'), `session-${id.slice(0, 8)}.guac`),
      };
      const parent = window();
      const { canceled, filePath } = await (parent
        ? dialog.showSaveDialog(parent, options)
        : dialog.showSaveDialog(options));
      if (canceled || filePath === undefined || filePath === '') return { path: null };
      const { socket, outcome } = await open(id, 'export');
      await writeWhole(filePath, socket, outcome);
      return { path: filePath };
    },
    'recordings/remove': async (which) => {
      await control().request('recordings/remove', which);
      return {};
    },
  };
}

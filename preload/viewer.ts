import { contextBridge, ipcRenderer } from 'electron';
import { CALL_CHANNEL, EVENT_CHANNEL, PORT_CHANNEL } from './contract/channels.ts';
import { VIEWER_CALLS, type ViewerClient } from './contract/requests.ts';
import { type PortNotice, VIEWER_EVENTS } from './contract/viewer.ts';

/* All that a viewer's page gets of the main side: names from the table, values that can be cloned, and ports. */

const client: ViewerClient = {
  call: (name, params) => {
    if (!Object.hasOwn(VIEWER_CALLS, name)) throw new TypeError('There is no such request.');
    return ipcRenderer.invoke(CALL_CHANNEL, name, params);
  },
  on: (name, listener) => {
    if (!Object.hasOwn(VIEWER_EVENTS, name)) throw new TypeError('There is no such event.');
    // The event object of Electron carries the sender: it stays on this side.
    const hear = (_: unknown, told: unknown, value: Parameters<typeof listener>[0]) => {
      if (told === name) listener(value);
    };
    ipcRenderer.on(EVENT_CHANNEL, hear);
    return () => {
      ipcRenderer.off(EVENT_CHANNEL, hear);
    };
  },
};

contextBridge.exposeInMainWorld('sallyportViewer', client);

// A port cannot cross the bridge; a message to this very page can carry it.
ipcRenderer.on(PORT_CHANNEL, ({ ports }, number: unknown) => {
  const notice: PortNotice = { sallyportPort: Number(number) };
  window.postMessage(notice, location.origin, [...ports]);
});

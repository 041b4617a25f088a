import { contextBridge, ipcRenderer } from 'electron';
import { CALL_CHANNEL, EVENT_CHANNEL, PORT_CHANNEL } from './contract/channels.ts';
import { type ConsoleClient, EVENTS, REQUESTS } from './contract/console.ts';
import type { PortNotice } from './contract/viewer.ts';

/* All that the console's page gets of the main side: names from the table, values that can be cloned. */

const client: ConsoleClient = {
  call: (name, params) => {
    if (!Object.hasOwn(REQUESTS, name)) throw new TypeError('There is no such request.');
    return ipcRenderer.invoke(CALL_CHANNEL, name, params);
  },
  on: (name, listener) => {
    if (!Object.hasOwn(EVENTS, name)) throw new TypeError('There is no such event.');
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

contextBridge.exposeInMainWorld('sallyport', client);

// What was recorded comes by ports, which cannot cross the bridge; a message to this very page can carry them.
ipcRenderer.on(PORT_CHANNEL, ({ ports }, number: unknown) => {
  const notice: PortNotice = { sallyportPort: Number(number) };
  window.postMessage(notice, location.origin, [...ports]);
});

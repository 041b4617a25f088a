import { type ControlClient, connectControl } from '../control/client.ts';
import type { RequestedViewer } from '../control/machines-schema.ts';
import { Emitter } from '../core/base/emitter.ts';
import type { OutpostDesk } from './outpost-desk.ts';

/** Machines that the tray's menu has room for. */
export const MAX_MENU_MACHINES = 20;

export interface MenuMachine {
  readonly id: string;
  readonly name: string;
  readonly protocol: string;
}

export interface MenuMachines {
  readonly machines: readonly MenuMachine[];
  /** In the address book, those that the menu has no room for among them. */
  readonly total: number;
}

const NONE: MenuMachines = { machines: [], total: 0 };

/** The address book as far as the tray shows it, and what the command line asks this app to open. */
export class MachineMenu {
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.on;
  readonly #desk: OutpostDesk;
  readonly #onRequested: (target: RequestedViewer) => void;
  #known = NONE;
  #client: { readonly of: string; readonly close: () => void } | null = null;

  constructor(desk: OutpostDesk, onRequested: (target: RequestedViewer) => void) {
    this.#desk = desk;
    this.#onRequested = onRequested;
  }

  get known(): MenuMachines {
    return this.#known;
  }

  /** One connection for one life of an outpost. */
  refresh(): void {
    const { link, host } = this.#desk;
    const of = link.kind === 'own' || link.kind === 'attached' ? `${host.address} ${link.pid}` : null;
    if (this.#client?.of === of || (this.#client === null && of === null)) return;
    this.#client?.close();
    this.#client = of === null ? null : { of, close: this.#follow(host.address) };
    if (of === null) this.#know(NONE);
  }

  #follow(address: string): () => void {
    let over = false;
    let client: ControlClient | null = null;
    const look = async (control: ControlClient) => {
      const { machines, total } = await control.request('machines/list', { limit: MAX_MENU_MACHINES });
      if (!over)
        this.#know({ total, machines: machines.map(({ id, name, protocol }) => ({ id, name, protocol })) });
    };
    const begin = async () => {
      client = await connectControl(address);
      const control = client;
      if (over) return control.close();
      control.on('machines/changed', () => void look(control).catch(() => {}));
      control.on('viewer/requested', (target) => this.#onRequested(target));
      await Promise.all([
        control.request('machines/subscribe', {}).then(() => look(control)),
        // Members of a group open their own windows: nobody else's command does.
        control.request('viewer/follow', {}).catch(() => {}),
      ]);
    };
    // Without an answer the menu stays as it is; the next outpost gets a connection of its own.
    begin().catch(() => client?.close());
    return () => {
      over = true;
      client?.close();
    };
  }

  #know(machines: MenuMachines): void {
    if (JSON.stringify(machines) === JSON.stringify(this.#known)) return;
    this.#known = machines;
    this.#changed.emit();
  }
}

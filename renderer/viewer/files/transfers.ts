import { signal } from '@preact/signals';
import type { Failure } from '../../../main/core/errors.ts';

/** How far a file is. */
export interface Transfer {
  readonly id: number;
  /** As it is shown. */
  readonly name: string;
  readonly direction: 'upload' | 'download';
  /** In bytes; null where the far side does not say. */
  readonly size: number | null;
  readonly done: number;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** What was cut has left an empty file on the far side, and no part of it. */
  readonly emptied: boolean;
  /** Why it failed. */
  readonly failure: Failure | null;
}

/** Those that are over and still shown. */
const KEPT = 50;

/** Every file that is or was on its way in this window. */
export class Transfers {
  readonly list = signal<readonly Transfer[]>([]);
  readonly #cancel = new Map<number, () => void>();
  #next = 1;

  /** `cancel` ends it from this side. */
  begin(
    { name, direction, size }: Pick<Transfer, 'name' | 'direction' | 'size'>,
    cancel: () => void,
  ): RunningTransfer {
    const id = this.#next++;
    this.#cancel.set(id, cancel);
    const start = { done: 0, state: 'running', emptied: false, failure: null } as const;
    const transfer: Transfer = { id, name, direction, size, ...start };
    const over = this.list.value.filter(({ state }) => state !== 'running').slice(-KEPT);
    const running = this.list.value.filter(({ state }) => state === 'running');
    this.list.value = [...over, ...running, transfer];
    return {
      moved: (bytes) => this.#change(id, ({ done }) => ({ done: done + bytes })),
      finish: () => this.#end(id, { state: 'done' }),
      fail: (failure) => this.#end(id, { state: 'failed', failure }),
      emptied: () => this.#change(id, () => ({ emptied: true })),
    };
  }

  cancel(id: number): void {
    const cancel = this.#cancel.get(id);
    this.#end(id, { state: 'cancelled' });
    cancel?.();
  }

  /** The session is over. */
  cancelAll(): void {
    for (const id of [...this.#cancel.keys()]) this.cancel(id);
  }

  /** Takes away those that are over. */
  clear(): void {
    this.list.value = this.list.value.filter(({ state }) => state === 'running');
  }

  #end(id: number, change: Partial<Transfer>): void {
    if (!this.#cancel.delete(id)) return;
    this.#change(id, () => change);
  }

  #change(id: number, change: (before: Transfer) => Partial<Transfer>): void {
    this.list.value = this.list.value.map((transfer) =>
      transfer.id === id ? { ...transfer, ...change(transfer) } : transfer,
    );
  }
}

/** What whoever moves a file says of it; the first word about its end counts. */
export interface RunningTransfer {
  moved(bytes: number): void;
  finish(): void;
  fail(failure: Failure): void;
  /** After its end: nothing of it is left on the far side but its name. */
  emptied(): void;
}

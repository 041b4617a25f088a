import type { PortNotice } from '../../../preload/contract/viewer.ts';

/** Milliseconds between the answer that names a port and the port itself; both come from the same process. */
const LATE_MS = 10_000;

/** Ports come as messages of this very page, in any order with the answers that name them. */
export class Ports {
  readonly #arrived = new Map<number, MessagePort>();
  readonly #awaited = new Map<number, (port: MessagePort) => void>();

  constructor() {
    addEventListener('message', ({ data, source, ports: [port] }: MessageEvent) => {
      if (source !== window || port === undefined || !isNotice(data)) return;
      const take = this.#awaited.get(data.sallyportPort);
      if (take) take(port);
      else this.#arrived.set(data.sallyportPort, port);
    });
  }

  /** The port with a number. Rejects where it does not come. */
  take(number: number): Promise<MessagePort> {
    const port = this.#arrived.get(number);
    this.#arrived.delete(number);
    if (port) return Promise.resolve(port);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#awaited.delete(number);
        reject(new Error('The stream did not come.'));
      }, LATE_MS);
      this.#awaited.set(number, (came) => {
        clearTimeout(timer);
        this.#awaited.delete(number);
        resolve(came);
      });
    });
  }
}

function isNotice(data: unknown): data is PortNotice {
  return typeof data === 'object' && data !== null && 'sallyportPort' in data;
}

import { Emitter } from '../core/base/emitter.ts';
import type { OutpostDesk } from './outpost-desk.ts';

/** What an outpost cannot do without. */
const NEEDED = ['authentik.host', 'authentik.token'];

/** Whether address or token are still missing, asked of the outpost once for each one and after each change. */
export class FirstRun {
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.on;
  readonly #desk: OutpostDesk;
  #is = false;
  #askedOf: unknown = null;

  constructor(desk: OutpostDesk) {
    this.#desk = desk;
    desk.onChange(() => {
      const { link } = desk;
      const there = link.kind === 'own' || link.kind === 'attached' ? desk.host.control : null;
      if (there === this.#askedOf) return;
      this.#askedOf = there;
      if (there !== null) this.look();
    });
  }

  get is(): boolean {
    return this.#is;
  }

  look(): void {
    const { link } = this.#desk;
    if (link.kind !== 'own' && link.kind !== 'attached') return;
    this.#desk.host.control.request('config/show', {}).then(
      ({ rows }) => {
        const is = rows.some(({ key, value }) => NEEDED.includes(key) && value === null);
        if (is === this.#is) return;
        this.#is = is;
        this.#changed.emit();
      },
      () => {
        // An outpost that has just ended: the next one is asked.
      },
    );
  }
}

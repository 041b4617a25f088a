import type { AppContext } from './app-context.ts';
import { NoticeWatch } from './notices.ts';
import { tell } from './notifications.ts';

/** Tells by notifications what is worth it and not switched off. Practice is watched by whoever practises. */
export class NoticeTeller {
  readonly #context: AppContext;
  readonly #icon: string;
  readonly #watch = new NoticeWatch();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: AppContext, icon: string) {
    this.#context = context;
    this.#icon = icon;
  }

  look(): void {
    const { desk, store, words, openConsole } = this.#context;
    clearTimeout(this.#timer);
    const { link, status } = desk;
    for (const notice of this.#watch.look({ outpost: link, status }, Date.now(), words()))
      if (notice.kind === 'outpostLost' || store.preferences.notices[notice.kind])
        tell(notice, this.#icon, () => openConsole('overview'));
    const next = this.#watch.nextLook(Date.now());
    if (next !== null) this.#timer = setTimeout(() => this.look(), next + 50);
  }
}

import { signal } from '@preact/signals';
import type { Unsaved } from './unsaved.ts';

/** The pages of the console, in the order of the navigation. */
export const PAGES = ['overview', 'sessions', 'machines', 'activity', 'log', 'settings', 'help'] as const;
export type Page = (typeof PAGES)[number] | 'setup';

/** Which page is shown; it stands behind the `#`, so that Back works. */
export class Route {
  readonly page = signal<Page>('overview');
  /** A part of the page that was asked for, such as a tab of the settings; null for its first. */
  readonly part = signal<string | null>(null);
  readonly #unsaved: Pick<Unsaved, 'ask' | 'isThere'>;

  constructor(unsaved: Pick<Unsaved, 'ask' | 'isThere'>) {
    this.#unsaved = unsaved;
  }

  /** Follows the address until the returned function is called. */
  follow(): () => void {
    const read = () => {
      const { hash } = location;
      if (this.#unsaved.isThere.peek() && pageOf(hash) !== this.page.peek()) {
        history.replaceState(null, '', hashOf(this.page.peek()));
        this.leave(() => this.#show(hash));
        return;
      }
      this.page.value = pageOf(hash);
      this.part.value = partOf(hash);
    };
    read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }

  go(page: Page, part: string | null = null): void {
    const hash = part === null ? hashOf(page) : `${hashOf(page)}/${part}`;
    this.leave(() => this.#show(hash));
  }

  /** Goes on at once, or asks first where something is being changed. */
  leave(go: () => void): void {
    this.#unsaved.ask(go);
  }

  #show(hash: string): void {
    location.hash = hash;
    this.page.value = pageOf(hash);
    this.part.value = partOf(hash);
  }
}

export function hashOf(page: Page): string {
  return `#/${page}`;
}

function partOf(hash: string): string | null {
  return hash.replace(/^#\/?/, '').split('/')[1] ?? null;
}

export function pageOf(hash: string): Page {
  const [name] = hash.replace(/^#\/?/, '').split('/');
  if (name === 'setup') return name;
  return PAGES.find((page) => page === name) ?? 'overview';
}

import { signal } from '@preact/signals';

/** The pages of the console, in the order of the navigation. */
export const PAGES = ['overview', 'sessions', 'machines', 'activity', 'log', 'settings', 'help'] as const;
export type Page = (typeof PAGES)[number] | 'setup';

/** Asks whether to leave what is being changed, and calls `leave` if so. */
export type Guard = (leave: () => void) => void;

/** Which page is shown; it stands behind the `#`, so that Back works. */
export class Route {
  readonly page = signal<Page>('overview');
  /** A part of the page that was asked for, such as a tab of the settings; null for its first. */
  readonly part = signal<string | null>(null);
  #guard: Guard | null = null;

  /** Follows the address until the returned function is called. */
  follow(): () => void {
    const read = () => {
      const { hash } = location;
      if (this.#guard !== null && pageOf(hash) !== this.page.peek()) {
        history.replaceState(null, '', hashOf(this.page.peek()));
        this.#guard(() => this.#show(hash));
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
    if (this.#guard === null) go();
    else this.#guard(go);
  }

  /** Asks before the page is left, until the returned function is called. */
  guard(guard: Guard): () => void {
    this.#guard = guard;
    return () => {
      if (this.#guard === guard) this.#guard = null;
    };
  }

  #show(hash: string): void {
    this.#guard = null;
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

import type { PageState } from '../authentik/page-state.ts';
import { fetchState } from './practice-api.ts';

/** What is known now; `state` is the last that came, also when practice does not answer any more. */
export interface Known {
  readonly state: PageState | null;
  readonly reachable: boolean;
}

const PAUSE_MS = 1_000;

/** Asks practice how it stands, again and again, for as long as the page is open. */
export function watchPractice(hear: (known: Known) => void): void {
  let known: Known = { state: null, reachable: true };
  const look = async () => {
    try {
      known = { state: await fetchState(), reachable: true };
    } catch {
      known = { ...known, reachable: false };
    }
    hear(known);
    setTimeout(look, PAUSE_MS);
  };
  void look();
}

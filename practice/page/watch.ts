import type { PageState } from '../authentik/page-state.ts';
import { fetchState } from './practice-api.ts';

/** What is known now; `state` is the last that came, also when practice does not answer any more. */
export interface Known {
  readonly state: PageState | null;
  readonly reachable: boolean;
}

const PAUSE_MS = 1_000;

/** Asks practice how it stands, again and again, for as long as the page is open; at once where `look` is called. */
export function watchPractice(hear: (known: Known) => void): { look(): void } {
  let known: Known = { state: null, reachable: true };
  let turn = 0;
  let timer: number | undefined;
  const ask = async () => {
    window.clearTimeout(timer);
    turn += 1;
    const mine = turn;
    const state = await fetchState().catch(() => null);
    // Asked again meanwhile: what was true before is not to be heard after.
    if (mine !== turn) return;
    known = state === null ? { ...known, reachable: false } : { state, reachable: true };
    hear(known);
    timer = window.setTimeout(ask, PAUSE_MS);
  };
  const look = () => void ask();
  look();
  return { look };
}

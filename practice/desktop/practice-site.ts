import * as v from 'valibot';
import { PracticeBrowser } from '../authentik/browser.ts';

const PATIENCE_MS = 10_000;

const State = v.object({
  machines: v.array(v.object({ name: v.string(), protocol: v.string() })),
  missing: v.array(v.object({ protocol: v.string(), reason: v.string() })),
  events: v.array(v.object({ words: v.string() })),
});
const Token = v.object({ token: v.string() });

export type SiteState = v.InferOutput<typeof State>;

/** Practice's page as a person's browser knows it: by its address alone. */
export class PracticeSite {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.endsWith('/') ? url : `${url}/`;
  }

  /** The machines that it offers, and why others are not there. */
  async state(): Promise<SiteState> {
    return v.parse(State, await this.#ask('practice/state', { method: 'GET' }));
  }

  /** Opens a session as a click on the machine does. Resolves when the browser's websocket is open. */
  async open(machine: string): Promise<PracticeBrowser> {
    const body = JSON.stringify({ machine });
    const { token } = v.parse(Token, await this.#ask('practice/tokens', { method: 'POST', body }));
    return PracticeBrowser.connect({ url: `${this.#url.replace(/^http/, 'ws')}ws/rac/${token}/` });
  }

  async #ask(path: string, init: RequestInit): Promise<unknown> {
    const answer = await fetch(new URL(path, this.#url), {
      ...init,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new Error(`Practice answered ${answer.status} for ${path}.`);
    return answer.json();
  }
}

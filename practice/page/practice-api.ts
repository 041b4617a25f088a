import * as v from 'valibot';
import type { PageState } from '../authentik/page-state.ts';

const PATIENCE_MS = 5_000;

const State: v.GenericSchema<unknown, PageState> = v.object({
  generation: v.picklist(['older', 'newest']),
  machines: v.array(v.object({ name: v.string(), protocol: v.string(), description: v.string() })),
  missing: v.array(v.object({ protocol: v.string(), reason: v.string() })),
  outposts: v.array(
    v.object({
      uuid: v.string(),
      hostname: v.string(),
      version: v.string(),
      activeConnections: v.number(),
      ageMs: v.number(),
      connected: v.boolean(),
    }),
  ),
  sessions: v.array(
    v.object({ id: v.string(), machine: v.string(), state: v.picklist(['waiting', 'paired']) }),
  ),
  events: v.array(v.object({ id: v.string(), at: v.string(), words: v.string(), about: v.string() })),
});

const Token = v.object({ token: v.string() });
const Refusal = v.object({ detail: v.string() });

/** How everything stands. Rejects where practice does not answer, or with something else. */
export async function fetchState(): Promise<PageState> {
  const answer = await fetch('practice/state', { signal: AbortSignal.timeout(PATIENCE_MS) });
  return v.parse(State, await answer.json());
}

/** A token to open a session on `machine` with; `earlier` again, where practice still knows it. Rejects with why there is none, as a sentence. */
export async function createToken(machine: string, earlier: string | null): Promise<string> {
  const answer = await fetch('practice/tokens', {
    method: 'POST',
    body: JSON.stringify({ machine, ...(earlier !== null && { token: earlier }) }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => {
    throw new Error('Practice does not answer.');
  });
  const body: unknown = await answer.json().catch(() => undefined);
  const token = v.safeParse(Token, body);
  if (token.success) return token.output.token;
  const refusal = v.safeParse(Refusal, body);
  throw new Error(refusal.success ? refusal.output.detail : `Practice answered ${answer.status}.`);
}

/** Ends a session as authentik does when the login that it belongs to ends. The outpost tells the person. */
export async function endSession(id: string): Promise<void> {
  await fetch('practice/sessions/end', {
    method: 'POST',
    body: JSON.stringify({ id }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => undefined);
}

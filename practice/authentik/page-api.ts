import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { EventInstruction, type EventSockets } from './event-sockets.ts';
import type { Generation } from './generation.ts';
import { jsonAnswer, type PlainAnswer } from './http-answers.ts';
import type { Instances } from './instances.ts';
import type { Journal } from './journal.ts';
import type { MissingMachine, PracticeMachine } from './machine.ts';
import { pageEvents } from './page-events.ts';
import type { PageState } from './page-state.ts';
import type { Sessions } from './sessions.ts';
import type { ConnectionTokens } from './tokens.ts';

export interface PageContext {
  readonly machines: readonly PracticeMachine[];
  readonly missing: readonly MissingMachine[];
  readonly generation: Generation;
  readonly instances: Instances;
  readonly events: EventSockets;
  readonly sessions: Sessions;
  readonly tokens: ConnectionTokens;
  readonly journal: Journal;
}

/** Who opens sessions from the page, as the outpost sees it. */
export const PAGE_USER = 'practice';

const EndRequest = v.object({ id: v.pipe(v.string(), v.maxLength(512)) });
const TokenRequest = v.object({
  machine: v.pipe(v.string(), v.maxLength(200)),
  /** The one that the page had before it was reloaded. authentik has it in the page's address. */
  token: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
});

/** What the page asks for below `practice/`; undefined where `path` is nothing of it. Nothing secret is in it. */
export function answerPage(
  method: string,
  path: string,
  body: string,
  context: PageContext,
): PlainAnswer | undefined {
  if (path === 'practice/state' && method === 'GET') return jsonAnswer(200, state(context));
  if (path === 'practice/tokens' && method === 'POST') return createToken(body, context);
  if (path === 'practice/sessions/end' && method === 'POST') return endSession(body, context);
  return undefined;
}

/** As authentik does when a login ends: every outpost is told, by a hash. */
function endSession(body: string, { events }: PageContext): PlainAnswer {
  const decoded = v.safeParse(EndRequest, parse(body));
  if (!decoded.success) return jsonAnswer(400, { detail: 'Say which session: {"id": "<id>"}.' });
  const hashed = createHash('sha256').update(decoded.output.id).digest('hex');
  events.send(JSON.stringify({ instruction: EventInstruction.sessionEnd, args: { session_id: hashed } }));
  return jsonAnswer(200, {});
}

function state({ machines, missing, generation, instances, sessions, journal }: PageContext): PageState {
  return {
    generation,
    machines: machines.map(({ name, protocol, description = '' }) => ({ name, protocol, description })),
    missing: missing.map(({ protocol, reason }) => ({ protocol, reason })),
    outposts: instances.list().map(({ uuid, hostname, version, activeConnections, ageMs, connected }) => ({
      uuid,
      hostname,
      version,
      activeConnections,
      ageMs: Math.round(ageMs),
      connected,
    })),
    sessions: sessions.views.flatMap(({ id, machine, state }) =>
      state === 'waiting' || state === 'paired' ? [{ id, machine, state }] : [],
    ),
    events: pageEvents(journal.events),
  };
}

/** As authentik does when a user opens an endpoint: a token that stands for user and machine. */
function createToken(body: string, { machines, tokens }: PageContext): PlainAnswer {
  const decoded = v.safeParse(TokenRequest, parse(body));
  if (!decoded.success) return jsonAnswer(400, { detail: 'Say which machine: {"machine": "<name>"}.' });
  const machine = machines.find(({ name }) => name === decoded.output.machine);
  if (!machine) return jsonAnswer(404, { detail: 'There is no practice machine of this name.' });
  const { token } = decoded.output;
  const earlier = token === undefined ? undefined : tokens.get(token);
  if (token !== undefined && earlier?.machine === machine && earlier.user === PAGE_USER)
    return jsonAnswer(201, { token });
  return jsonAnswer(201, { token: tokens.create({ machine, user: PAGE_USER }) });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

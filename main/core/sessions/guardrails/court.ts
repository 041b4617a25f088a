import { SallyportError } from '../../errors.ts';
import type { SessionRequest } from '../request.ts';
import type { WallClock } from './clock.ts';
import { asksForTargets, type Facts, forbiddenNames, judge, type Verdict } from './judge.ts';
import { machineWay, otherWays, unjudgeable, type Way } from './parameters.ts';
import { notAllowed, Refusal, unresolved } from './refusal.ts';
import { type Goal, ruled } from './rewrite.ts';
import type { Guardrails } from './rule.ts';

/** The addresses of a name, as this host would connect to them, best first. Rejects as `dns.lookup` does. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** A place that a session goes to, and whether it may. */
export interface Judged extends Goal {
  readonly verdict: Verdict;
}

/** Everything that a judgement is made of. */
export interface Court {
  readonly guardrails: Guardrails;
  readonly request: SessionRequest;
  readonly resolve: Resolve;
  /** For rules with times of day. */
  readonly now: WallClock;
  readonly signal: AbortSignal;
}

type ByName = ReadonlyMap<string, readonly string[]>;

/** The machine decides which rule holds, and that rule's parameters decide where else guacd would go. */
export async function judgeAll(
  court: Court,
): Promise<{ machine: Judged; others: readonly Judged[]; parameters: SessionRequest['parameters'] }> {
  const { guardrails, request, resolve, signal } = court;
  const { protocol } = request;
  const isAsked = asksForTargets(guardrails);
  const forbidden: ByName = isAsked
    ? await addressesOf(forbiddenNames(guardrails), resolve, signal)
    : new Map();
  const judge = (way: Way) => (isAsked ? judgeWay(court, way, forbidden) : judgeName(court, way));
  const machine = await judge(machineWay(protocol, (name) => request.parameters.get(name)?.reveal()));
  const parameters = ruled(request.parameters, machine.verdict.rule);
  const unknown = isAsked ? unjudgeable(protocol, (name) => parameters.get(name)?.reveal()) : null;
  if (unknown !== null) throw new Refusal(null, `${unknown}, so guardrails cannot judge it.`);
  const others: Judged[] = [];
  for (const way of otherWays(protocol, (name) => parameters.get(name)?.reveal()))
    others.push(await judge(way));
  return { machine, others, parameters };
}

/** Where a session goes does not matter to any rule: names stay as they are, and nobody asks for their address. */
async function judgeName(court: Court, way: Way): Promise<Judged> {
  const judged = decide(
    court,
    way,
    { address: way.host, port: portOf(way) ?? 0, isResolved: false },
    new Map(),
  );
  return judged.verdict.action === 'allow' ? judged : refuse(judged, court.request);
}

/** The first of the way's addresses that may be reached; where none may be, the first one's refusal. */
async function judgeWay(court: Court, way: Way, forbidden: ByName): Promise<Judged> {
  const port = portOf(way);
  if (way.host === '') throw new Refusal(null, 'The session names no machine to connect to.');
  if (port === null)
    throw new Refusal(
      null,
      `The session’s “${way.portParameter}” is no port number, so guardrails cannot judge it.`,
    );
  const addresses = await lookUp(way, court.resolve, court.signal);
  const all = addresses.map((address) => decide(court, way, { address, port, isResolved: true }, forbidden));
  const [first] = all;
  if (first === undefined) throw unresolved(way);
  return all.find(({ verdict }) => verdict.action === 'allow') ?? refuse(first, court.request);
}

function decide(
  { guardrails, request, now }: Court,
  way: Way,
  goal: Omit<Goal, 'way'>,
  forbidden: ByName,
): Judged {
  const facts: Facts = {
    source: request.source === 'authentik' ? 'authentik' : 'local',
    user: request.user,
    protocol: request.protocol,
    name: way.host,
    address: goal.address,
    port: goal.port,
    now,
    addressesOf: (name) => forbidden.get(name) ?? [],
  };
  return { way, ...goal, verdict: judge(guardrails, facts) };
}

/** guacd reads numbers only; other ways to write a port would be judged as one and used as another. */
function portOf({ port, defaultPort }: Way): number | null {
  if (port === null) return defaultPort;
  if (!/^\d{1,5}$/.test(port)) return null;
  const number = Number(port);
  return number >= 1 && number <= 65_535 ? number : null;
}

async function lookUp(way: Way, resolve: Resolve, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await untilAborted(resolve(way.host), signal);
  } catch (error) {
    if (signal.aborted) throw SallyportError.from(error);
    throw unresolved(way);
  }
}

/** A name that nobody knows has no addresses; that is no reason to refuse anybody. */
async function addressesOf(names: readonly string[], resolve: Resolve, signal: AbortSignal): Promise<ByName> {
  const found = await Promise.all(
    names.map(async (name) => {
      const addresses = await untilAborted(resolve(name), signal).catch(() => []);
      return [name, addresses] as const;
    }),
  );
  return new Map(found);
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new SallyportError('aborted', 'The session was ended.'));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function refuse({ way, verdict }: Judged, { protocol }: SessionRequest): never {
  throw notAllowed(verdict, protocol, way.host);
}

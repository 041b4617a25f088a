import { SallyportError } from '../../errors.ts';
import type { SessionRequest } from '../request.ts';
import { reachedBy } from './address.ts';
import type { WallClock } from './clock.ts';
import type { ByName, ForbiddenMachines, Resolve } from './forbidden.ts';
import { asksForTargets, type Facts, forbiddenNames, judge, type Verdict } from './judge.ts';
import { type Host, readHost } from './name.ts';
import { machineWay, otherWays, unjudgeable, type Way } from './parameters.ts';
import { notAllowed, Refusal, unresolved } from './refusal.ts';
import { type Goal, ruled } from './rewrite.ts';
import type { Guardrails } from './rule.ts';

/** A place that a session goes to, and whether it may. */
export interface Judged extends Goal {
  readonly verdict: Verdict;
}

/** Everything that a judgement is made of. */
export interface Court {
  readonly guardrails: Guardrails;
  readonly request: SessionRequest;
  readonly resolve: Resolve;
  readonly forbidden: ForbiddenMachines;
  /** For rules with times of day. */
  readonly now: WallClock;
  readonly signal: AbortSignal;
}

/** The machine decides which rule holds, and that rule's parameters decide where else guacd would go. */
export async function judgeAll(
  asked: Court,
): Promise<{ machine: Judged; others: readonly Judged[]; parameters: SessionRequest['parameters'] }> {
  const court = { ...asked, resolve: onceEach(asked.resolve) };
  const { guardrails, request } = court;
  const { protocol } = request;
  const isAsked = asksForTargets(guardrails);
  const forbidden = isAsked ? await forbiddenIn(court) : new Map();
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
  const goal = { address: way.host, port: portOf(way) ?? 0, isResolved: false };
  const judged = decide(court, { way, host: null, ...goal }, new Map());
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
  const host = readHost(way.host);
  if (host === null)
    throw new Refusal(
      null,
      `The session’s “${way.hostParameter}” is neither a name nor an address, so guardrails cannot judge it.`,
    );
  const addresses = await lookUp(way, host, court);
  const all = addresses.map((address) =>
    decide(court, { way, host, address, port, isResolved: true }, forbidden),
  );
  const [first] = all;
  if (first === undefined) throw unresolved(way.host);
  return all.find(({ verdict }) => verdict.action === 'allow') ?? refuse(first, court.request);
}

function decide(
  { guardrails, request, now }: Court,
  { host, ...goal }: Goal & { readonly host: Host | null },
  forbidden: ByName,
): Judged {
  const facts: Facts = {
    source: request.source === 'authentik' ? 'authentik' : 'local',
    user: request.user,
    protocol: request.protocol,
    name: host?.kind === 'name' ? host.text : null,
    address: goal.address,
    port: goal.port,
    now,
    addressesOf: (name) => {
      const addresses = forbidden.get(name);
      if (!addresses) throw unresolved(name);
      return addresses;
    },
  };
  return { ...goal, verdict: judge(guardrails, facts) };
}

/** guacd reads numbers only; other ways to write a port would be judged as one and used as another. */
function portOf({ port, defaultPort }: Way): number | null {
  if (port === null) return defaultPort;
  if (!/^\d{1,5}$/.test(port)) return null;
  const number = Number(port);
  return number >= 1 && number <= 65_535 ? number : null;
}

/** Two ways to one name go to what it answered once. */
function onceEach(resolve: Resolve): Resolve {
  const answers = new Map<string, ReturnType<Resolve>>();
  return (name) => {
    const answer = answers.get(name) ?? resolve(name);
    answers.set(name, answer);
    return answer;
  };
}

async function lookUp(way: Way, host: Host, { resolve, signal }: Court): Promise<readonly string[]> {
  try {
    const addresses = await untilAborted(resolve(host.text), signal);
    // What no rule could be held against reaches nothing.
    return addresses.filter((address) => reachedBy(address).length > 0);
  } catch (error) {
    if (signal.aborted) throw SallyportError.from(error);
    throw unresolved(way.host);
  }
}

function forbiddenIn({ guardrails, resolve, forbidden, signal }: Court): Promise<ByName> {
  return untilAborted(forbidden.look(forbiddenNames(guardrails), resolve), signal);
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

import { Secret } from '../../base/secret.ts';
import { type Failure, failureText, SallyportError } from '../../errors.ts';
import type { SessionRequest } from '../request.ts';
import type { WallClock } from './clock.ts';
import { judgeAll } from './court.ts';
import { ForbiddenMachines, type Resolve } from './forbidden.ts';
import type { Finding } from './judge.ts';
import { Refusal, unreadable } from './refusal.ts';
import type { Guardrails } from './rule.ts';

/** "Would alice reach 10.0.0.7:22 by SSH?" */
export interface Question {
  readonly source: 'authentik' | 'local';
  readonly user: string | null;
  readonly protocol: string;
  readonly host: string;
  /** Null for the protocol's own. */
  readonly port: number | null;
  readonly at: WallClock;
}

export interface TryOut {
  readonly allowed: boolean;
  /** What the person would be told, or what would hold for the session. */
  readonly sentence: string;
  /** The rule that decides; null where none matches. */
  readonly rule: string | null;
  /** The address that would be connected to; null where it was not asked for. */
  readonly address: string | null;
  /** Every rule that was looked at in order, and the condition that keeps it from holding. */
  readonly findings: readonly { readonly rule: string; readonly misses: Finding['misses'] }[];
}

export interface TryOutOptions {
  readonly resolve: Resolve;
  readonly signal: AbortSignal;
}

/** Says what the guardrails would do, by the same judgement; nothing is opened and nothing counted. Never rejects. */
export async function tryOut(
  guardrails: Guardrails | Failure,
  question: Question,
  { resolve, signal }: TryOutOptions,
): Promise<TryOut> {
  try {
    if ('code' in guardrails) throw unreadable(guardrails);
    const request = requestOf(question);
    const forbidden = new ForbiddenMachines();
    const { machine } = await judgeAll({ guardrails, request, resolve, forbidden, now: question.at, signal });
    const { rule, findings } = machine.verdict;
    return {
      allowed: true,
      sentence: rule === null ? 'No rule speaks against it.' : `The rule “${rule.name}” lets it in.`,
      rule: rule?.name ?? null,
      address: machine.isResolved ? machine.address : null,
      findings: findings.map(named),
    };
  } catch (error) {
    const known = SallyportError.from(error, 'The question');
    const refused = known instanceof Refusal ? known : null;
    return {
      allowed: false,
      sentence: failureText(known.toFailure()),
      rule: refused?.rule ?? null,
      address: null,
      findings: refused?.findings.map(named) ?? [],
    };
  }
}

function named({ rule, misses }: Finding): TryOut['findings'][number] {
  return { rule: rule.name, misses };
}

function requestOf({ source, user, protocol, host, port }: Question): SessionRequest {
  const parameters: [string, Secret][] = [['hostname', new Secret(host)]];
  if (port !== null) parameters.push(['port', new Secret(String(port))]);
  return {
    id: 'try-out',
    names: [],
    source,
    protocol,
    parameters: new Map(parameters),
    agentLogin: null,
    display: { width: 1, height: 1, dpi: 96, audio: [] },
    user,
    machine: host,
  };
}

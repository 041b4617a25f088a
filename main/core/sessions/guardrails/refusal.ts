import { type Failure, SallyportError } from '../../errors.ts';
import { GuacamoleStatus } from '../../guacamole/status.ts';
import type { Finding, Verdict } from './judge.ts';
import type { Rule } from './rule.ts';

interface RefusalDetails {
  readonly advice?: string;
  readonly status?: number;
  /** The rules that were looked at, for whoever asks why. */
  readonly findings?: readonly Finding[];
}

/** A refusal that is counted by the rule it comes from. */
export class Refusal extends SallyportError {
  readonly rule: string | null;
  readonly findings: readonly Finding[];

  constructor(rule: Rule | null, message: string, details: RefusalDetails = {}) {
    const { advice = ASK, status = GuacamoleStatus.forbidden, findings = [] } = details;
    super('guardrail', message, { advice, status });
    this.rule = rule?.name ?? null;
    this.findings = findings;
  }
}

const ASK = 'If it should be allowed, ask the admin of the jump host.';

export function unreadable({ message }: Failure): SallyportError {
  return new Refusal(null, `This jump host’s guardrails cannot be read, so it lets nobody in: ${message}`, {
    advice: 'Ask the admin of the jump host to mend them.',
  });
}

/** A name that cannot be judged is not let through. */
export function unresolved(host: string): SallyportError {
  return new SallyportError(
    'dns-failed',
    `The name ${host} could not be resolved on this jump host, so its guardrails cannot judge the session.`,
    {
      advice: 'Is the name spelled right, and does this host’s DNS know it?',
      status: GuacamoleStatus.upstreamNotFound,
    },
  );
}

export function notAllowed({ rule, findings }: Verdict, protocol: string, host: string): Refusal {
  const words =
    rule === null
      ? `No rule of this jump host allows ${protocol.toUpperCase()} to ${host}.`
      : rule.because === undefined
        ? `A rule of this jump host forbids this session: ${rule.name}.`
        : `A rule of this jump host forbids this session (${rule.name}): ${sentence(rule.because)}`;
  return new Refusal(rule, words, { findings });
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

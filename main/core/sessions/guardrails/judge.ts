import { isWithin, reachedBy } from './address.ts';
import { isDuring, type WallClock } from './clock.ts';
import { isLike } from './name.ts';
import type { Guardrails, Rule } from './rule.ts';
import { exactName, namesIt, type Target } from './target.ts';

/** One place that a session would go to, with everything a rule can ask about. */
export interface Facts {
  readonly source: 'authentik' | 'local';
  /** Null where nobody knows who it is. */
  readonly user: string | null;
  readonly protocol: string;
  /** That it was asked for by, in one spelling; null where it was an address. */
  readonly name: string | null;
  /** The address that would be connected to. */
  readonly address: string;
  readonly port: number;
  readonly now: WallClock;
  /** The addresses of a machine that a rule forbids by name. Throws where nobody can say. */
  readonly addressesOf: (name: string) => readonly string[];
}

/** What a rule says of a session, and why. */
export interface Finding {
  readonly rule: Rule;
  /** The condition that does not hold; null where all do. */
  readonly misses: 'source' | 'user' | 'protocol' | 'target' | 'time' | null;
}

export interface Verdict {
  readonly action: 'allow' | 'deny';
  /** Null where no rule matched. */
  readonly rule: Rule | null;
  /** Every rule that was looked at, the deciding one last. */
  readonly findings: readonly Finding[];
}

/** The first rule whose conditions all hold decides; it asks nobody, so that a tester says what would happen. */
export function judge({ rules, otherwise }: Guardrails, facts: Facts): Verdict {
  const findings: Finding[] = [];
  for (const rule of rules) {
    const misses = missing(rule, facts);
    findings.push({ rule, misses });
    if (misses === null) return { action: rule.action, rule, findings };
  }
  return { action: otherwise, rule: null, findings };
}

/** Whether any rule asks where a session goes: only then must names be resolved here. */
export function asksForTargets({ rules }: Guardrails): boolean {
  return rules.some(({ targets }) => targets !== undefined);
}

/** The machines whose addresses a judgement may need: those that a rule forbids by name. */
export function forbiddenNames({ rules }: Guardrails): readonly string[] {
  const names = rules
    .filter(({ action }) => action === 'deny')
    .flatMap(({ targets }) => targets?.map(exactName) ?? [])
    .filter((name): name is string => name !== null);
  return [...new Set(names)];
}

function missing(rule: Rule, facts: Facts): Finding['misses'] {
  const { sources, users, protocols, targets, times } = rule;
  if (sources && !sources.includes(facts.source)) return 'source';
  if (users && !users.some((pattern) => isUser(facts.user, pattern))) return 'user';
  if (protocols && !protocols.includes(facts.protocol.toLowerCase())) return 'protocol';
  if (targets && !targets.some((target) => isThere(rule, target, facts))) return 'target';
  if (times && !times.some((span) => isDuring(span, facts.now))) return 'time';
  return null;
}

/** Who is not known is nobody in particular: only `*` means them as well. */
function isUser(user: string | null, pattern: string): boolean {
  if (user === null) return pattern === '*';
  return isLike(user.normalize('NFC').toLowerCase(), pattern.normalize('NFC').toLowerCase());
}

function isThere(rule: Rule, target: Target, facts: Facts): boolean {
  const { ports, host } = target;
  if (ports && (facts.port < ports[0] || facts.port > ports[1])) return false;
  const addresses = reachedBy(facts.address);
  switch (host.kind) {
    case 'any':
      return true;
    case 'range':
      // What may be reached through it is forbidden with it; what is allowed must be that address itself.
      return isWithin(rule.action === 'deny' ? addresses : addresses.slice(0, 1), host.range);
    case 'name':
      return namesIt(target, facts.name) || (rule.action === 'deny' && isForbiddenMachine(target, facts));
    default:
      return host satisfies never;
  }
}

/** A machine that is forbidden by its name is not reached by its address either, or by another name. */
function isForbiddenMachine(target: Target, facts: Facts): boolean {
  const name = exactName(target);
  if (name === null) return false;
  const forbidden = facts.addressesOf(name).flatMap(reachedBy);
  const reached = reachedBy(facts.address);
  return forbidden.some((one) =>
    reached.some((other) => one.toNormalizedString() === other.toNormalizedString()),
  );
}

import type { Failure } from '../../errors.ts';
import { GuacamoleStatus } from '../../guacamole/status.ts';
import type { Admission, Admit, OtherSessions } from '../admission.ts';
import type { SessionRequest } from '../request.ts';
import { canonical } from './address.ts';
import { type Clock, wallClockIn } from './clock.ts';
import { judgeAll } from './court.ts';
import { ForbiddenMachines, type Resolve } from './forbidden.ts';
import { type Admitted, type Full, whatIsFull } from './most.ts';
import { Refusal, unreadable } from './refusal.ts';
import { goingTo } from './rewrite.ts';
import type { FileRules, Guardrails, Most, Rule } from './rule.ts';

export interface AdmitOptions {
  /** What holds now; a failure where the file cannot be read, and then nothing is let in. */
  readonly current: () => Promise<Guardrails | Failure>;
  readonly resolve: Resolve;
  /** A time zone's name, for rules with times of day. */
  readonly timezone: string;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
  /** Counts a refusal; null where no rule of a name refused. */
  readonly onRefused?: (rule: string | null) => void;
}

/** Lets sessions in as the guardrails say. Names are resolved once, and that address is the one connected to. */
export function admitBy(options: AdmitOptions): Admit {
  /** By the session's id; those that have ended are forgotten at the next request. */
  const admitted = new Map<string, Admitted>();
  const forbidden = new ForbiddenMachines();
  const clock = wallClockIn(options.timezone);
  return async (request, sessions, signal) => {
    try {
      return await admit({ ...options, admitted, forbidden, clock }, request, sessions, signal);
    } catch (error) {
      if (error instanceof Refusal) options.onRefused?.(error.rule);
      throw error;
    }
  };
}

async function admit(
  options: AdmitOptions & {
    readonly admitted: Map<string, Admitted>;
    readonly forbidden: ForbiddenMachines;
    readonly clock: Clock;
  },
  request: SessionRequest,
  sessions: OtherSessions,
  signal: AbortSignal,
): Promise<Admission> {
  const guardrails = await options.current();
  if ('code' in guardrails) throw unreadable(guardrails);
  const { admitted, forbidden, clock, resolve, now = Date.now } = options;
  const court = { guardrails, request, resolve, forbidden, now: clock(now()), signal };
  const { machine, others, parameters } = await judgeAll(court);
  // From here on nothing waits: two that ask at the same time cannot both take the last place.
  const { rule } = machine.verdict;
  const mine: Admitted = {
    id: request.id,
    user: request.user,
    place: `${canonical(machine.address)}:${machine.port}`,
    rule: rule?.name ?? null,
  };
  const places = new Places(admitted, sessions);
  places.take(guardrails.most, mine, null);
  if (rule?.most) places.take(rule.most, mine, rule);
  admitted.set(request.id, mine);
  return admission({ ...request, parameters: goingTo(parameters, [machine, ...others]) }, rule);
}

/** Who is there now, and who would leave for somebody else. */
class Places {
  readonly #admitted: Map<string, Admitted>;
  readonly #sessions: OtherSessions;

  constructor(admitted: Map<string, Admitted>, sessions: OtherSessions) {
    this.#admitted = admitted;
    this.#sessions = sessions;
  }

  /**
   * Throws where it is full. Whoever is there comes before whoever has left: of the held sessions that fill it the one
   * that waits longest makes room.
   */
  take(most: Most, mine: Admitted, rule: Rule | null): void {
    for (;;) {
      this.#forgetEnded();
      const others = [...this.#admitted.values()].filter(
        (other) => rule === null || other.rule === rule.name,
      );
      const full = whatIsFull(most, others, mine);
      if (full === null) return;
      if (!this.#sessions.makeRoom(new Set(full.by.map(({ id }) => id)))) refuseFull(full, rule);
    }
  }

  #forgetEnded(): void {
    for (const id of this.#admitted.keys()) if (!this.#sessions.isThere(id)) this.#admitted.delete(id);
  }
}

function refuseFull({ words }: Full, rule: Rule | null): never {
  const subject = rule === null ? 'This jump host' : `A rule of this jump host (${rule.name})`;
  throw new Refusal(rule, `${subject} lets in at most ${words}.`, {
    advice: 'Try again when one has ended.',
    status: GuacamoleStatus.serverBusy,
  });
}

function admission(request: SessionRequest, rule: Rule | null): Admission {
  const minutes = (count: number | undefined) => (count === undefined ? null : count * 60_000);
  return {
    request,
    rule: rule?.name ?? null,
    record: rule?.record ?? null,
    longestMs: minutes(rule?.longestMinutes),
    idleMs: minutes(rule?.idleMinutes),
    holdMs: rule?.holdSeconds === undefined ? null : rule.holdSeconds * 1000,
    failWithRecording: rule?.endWithoutRecording ?? false,
    files: rule?.files ? filesOf(rule.files) : null,
  };
}

function filesOf({ upload = true, download = true, maxBytes, names = [] }: FileRules): Admission['files'] {
  return { upload, download, maxBytes: maxBytes ?? null, names };
}

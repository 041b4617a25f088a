import { Secret } from '../../../main/core/base/secret.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import type { Admission, OtherSessions } from '../../../main/core/sessions/admission.ts';
import { admitBy } from '../../../main/core/sessions/guardrails/admit.ts';
import type { Resolve } from '../../../main/core/sessions/guardrails/forbidden.ts';
import { type Guardrails, readGuardrails } from '../../../main/core/sessions/guardrails/rule.ts';
import type { SessionRequest } from '../../../main/core/sessions/request.ts';

export function guardrails(rules: readonly object[], rest: object = {}): Guardrails {
  const read = readGuardrails(JSON.stringify({ version: 1, rules, ...rest }));
  if (read.kind === 'damaged') throw new Error(read.reason);
  return read.guardrails;
}

let count = 0;

export function request(
  parameters: Readonly<Record<string, string>>,
  rest: Partial<SessionRequest> = {},
): SessionRequest {
  count += 1;
  return {
    id: `session-${count}`,
    names: [],
    source: 'authentik',
    protocol: 'ssh',
    parameters: new Map(Object.entries(parameters).map(([name, value]) => [name, new Secret(value)])),
    agentLogin: null,
    display: { width: 800, height: 600, dpi: 96, audio: [] },
    user: 'alice',
    machine: parameters['hostname'] ?? '',
    ...rest,
  };
}

export const running = (ids: readonly string[]): OtherSessions => ({
  isThere: (id) => ids.includes(id),
  makeRoom: () => false,
});

/** What a session is let in with, or why it is not. */
export function ask(
  rules: Guardrails,
  asked: SessionRequest,
  { resolve, now = 0 }: { resolve: Resolve; now?: number },
): Promise<Admission | SallyportError> {
  const decide = admitBy({ current: async () => rules, resolve, timezone: 'UTC', now: () => now });
  return decide(asked, running([]), new AbortController().signal).catch((error: unknown) =>
    SallyportError.from(error),
  );
}

export const values = (admission: Admission) =>
  Object.fromEntries([...admission.request.parameters].map(([name, value]) => [name, value.reveal()]));

/** As Node's: a name that DNS does not know. */
export const unknownName = () => Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });

import type { AppContext } from './app-context.ts';
import type { CallHandlers } from './ipc.ts';

type GuardrailsCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `guardrails/${string}`>>;

/** Names are looked up by the system's resolver, which takes its time to give up. */
const TEST_TIMEOUT_MS = 60_000;

/** The requests about guardrails: handed on to the outpost, which keeps the file. */
export function guardrailsCalls({ desk }: Pick<AppContext, 'desk'>): GuardrailsCalls {
  const control = () => desk.host.control;
  return {
    'guardrails/show': () => control().request('guardrails/show', {}),
    'guardrails/check': (text) => control().request('guardrails/check', text),
    'guardrails/set': (text) => control().request('guardrails/set', text),
    'guardrails/test': (asked) => control().request('guardrails/test', asked, { timeoutMs: TEST_TIMEOUT_MS }),
  };
}

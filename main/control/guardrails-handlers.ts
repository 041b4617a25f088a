import type { GuardrailsDesk } from './guardrails-schema.ts';
import type { ControlHandlers } from './requests.ts';

type Handlers = Pick<
  ControlHandlers,
  'guardrails/show' | 'guardrails/check' | 'guardrails/set' | 'guardrails/test'
>;

/** The contract's requests about what this host's admin lets through. */
export function guardrailsHandlers(desk: GuardrailsDesk): Handlers {
  return {
    'guardrails/show': () => desk.show(),
    'guardrails/check': ({ text }) => desk.check(text),
    'guardrails/set': async ({ text }) => {
      await desk.write(text);
      return {};
    },
    'guardrails/test': ({ question, text }, { signal }) => desk.tryOut(question, text, signal),
  };
}

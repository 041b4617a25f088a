import * as v from 'valibot';
import { failure } from './status-schema.ts';

/* What this jump host's admin lets through, as it crosses the control socket: the file's own text, and questions to it. */

/** The text of a guardrails file, in characters; the file itself is bounded in bytes. */
export const guardrailsText = v.pipe(v.string(), v.maxLength(1024 * 1024));

const person = v.pipe(v.string(), v.maxLength(256));

/** "Would alice reach 10.0.0.7:22 by SSH?" */
export const guardrailsQuestion = v.object({
  source: v.picklist(['authentik', 'local']),
  user: v.nullable(person),
  protocol: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/, 'is no protocol such as ssh')),
  host: v.pipe(v.string(), v.minLength(1), v.maxLength(253)),
  /** Null for the protocol's own. */
  port: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  /** Such as `2026-11-29T03:00`, in the outpost's time zone; left out for now. */
  at: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
});

export const guardrailsShown = v.object({
  path: v.string(),
  /** As it stands in the file, also where that cannot be used. */
  text: v.string(),
  /** Why nobody is let in; null where the file can be used. */
  failure: v.nullable(failure),
});

export const guardrailsChecked = v.object({
  failure: v.nullable(failure),
  /** Where it is, for whoever can show it there; null where it is nowhere in particular. */
  fault: v.nullable(
    v.object({
      /** Counted from 0; null beside the rules. */
      rule: v.nullable(v.number()),
      /** Such as `targets.0`. */
      field: v.string(),
      words: v.string(),
    }),
  ),
});

export const guardrailsAnswer = v.object({
  allowed: v.boolean(),
  /** What the person would be told, or which rule lets it in. */
  sentence: v.string(),
  rule: v.nullable(v.string()),
  /** The address that would be connected to; null where no rule asks for it. */
  address: v.nullable(v.string()),
  /** Every rule that was looked at, and the condition of it that does not hold. */
  findings: v.pipe(
    v.array(
      v.object({
        rule: v.string(),
        misses: v.nullable(v.picklist(['source', 'user', 'protocol', 'target', 'time'])),
      }),
    ),
    v.readonly(),
  ),
});

/** The requests about them; a part of the contract. */
export const GUARDRAILS_REQUESTS = {
  'guardrails/show': { params: v.object({}), result: guardrailsShown },
  'guardrails/check': {
    params: v.object({ text: guardrailsText }),
    result: guardrailsChecked,
  },
  'guardrails/set': { params: v.object({ text: guardrailsText }), result: v.object({}) },
  /** With `text`, as if that were kept; nothing is. */
  'guardrails/test': {
    params: v.object({ question: guardrailsQuestion, text: v.exactOptional(guardrailsText) }),
    result: guardrailsAnswer,
  },
} as const;

export type GuardrailsQuestion = v.InferOutput<typeof guardrailsQuestion>;
export type GuardrailsShown = v.InferOutput<typeof guardrailsShown>;
export type GuardrailsChecked = v.InferOutput<typeof guardrailsChecked>;
export type GuardrailsAnswer = v.InferOutput<typeof guardrailsAnswer>;

/** What the requests are answered by. */
export interface GuardrailsDesk {
  show(): Promise<GuardrailsShown>;
  /** What `write` would say of it; nothing is kept. */
  check(text: string): GuardrailsChecked;
  /** Rejects with `settings-invalid`, `disk-full` or `file-unwritable`; the old ones hold then. */
  write(text: string): Promise<void>;
  /** By the text that is given, else by what holds. Rejects with `request-invalid` for no time, never for what the rules say. */
  tryOut(
    question: GuardrailsQuestion,
    text: string | undefined,
    signal: AbortSignal,
  ): Promise<GuardrailsAnswer>;
}

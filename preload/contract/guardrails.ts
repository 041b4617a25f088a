import * as v from 'valibot';
import type { Failure } from '../../main/core/errors.ts';
import { takes } from './request.ts';

/** The text of a guardrails file, in characters. */
const text = v.pipe(v.string(), v.maxLength(1024 * 1024));

const question = v.strictObject({
  source: v.picklist(['authentik', 'local']),
  user: v.nullable(v.pipe(v.string(), v.maxLength(256))),
  protocol: v.pipe(v.string(), v.maxLength(32)),
  host: v.pipe(v.string(), v.maxLength(253)),
  /** Null for the protocol's own. */
  port: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  /** Such as `2026-11-29T03:00`, in the outpost's time zone; left out for now. */
  at: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
});

export interface ShownGuardrails {
  readonly path: string;
  /** As it stands in the file, also where that cannot be used. */
  readonly text: string;
  /** Why nobody is let in; null where the file can be used. */
  readonly failure: Failure | null;
}

export interface CheckedGuardrails {
  readonly failure: Failure | null;
  /** Where it is; `rule` counts from 0 and is null beside the rules, `field` is such as `targets.0`. */
  readonly fault: { readonly rule: number | null; readonly field: string; readonly words: string } | null;
}

/** The condition of a rule that does not hold. */
export type Miss = 'source' | 'user' | 'protocol' | 'target' | 'time';

export interface GuardrailsAnswer {
  readonly allowed: boolean;
  /** What the person would be told, or which rule lets it in. */
  readonly sentence: string;
  readonly rule: string | null;
  /** The address that would be connected to; null where no rule asks for it. */
  readonly address: string | null;
  readonly findings: readonly { readonly rule: string; readonly misses: Miss | null }[];
}

/** The requests of the settings' part about guardrails. */
export const GUARDRAILS_REQUESTS = {
  'guardrails/show': takes(v.strictObject({})).gives<ShownGuardrails>(),
  'guardrails/check': takes(v.strictObject({ text })).gives<CheckedGuardrails>(),
  'guardrails/set': takes(v.strictObject({ text })).gives<Readonly<Record<string, never>>>(),
  /** With `text`, as if that were kept; nothing is. */
  'guardrails/test': takes(
    v.strictObject({ question, text: v.exactOptional(text) }),
  ).gives<GuardrailsAnswer>(),
} as const;

import type { GuardrailsAnswer } from '../../control/guardrails-schema.ts';
import { paint, plain, type Style } from './style.ts';
import { outcomeSign } from './symbols.ts';
import { table } from './table.ts';

type Finding = GuardrailsAnswer['findings'][number];

/** Whether a session would be let in, why, and what every rule said of it. */
export function guardrailsView(style: Style, answer: GuardrailsAnswer): string[] {
  const { allowed, sentence, address, findings } = answer;
  const head = `${outcomeSign(style, allowed ? 'passed' : 'failed').shown} ${plain(style, sentence)}`;
  const lines = [head];
  if (address !== null) lines.push(plain(style, `It would be connected to ${address}.`));
  if (findings.length === 0) return lines;
  return [...lines, '', ...table<Finding>(style, COLUMNS, findings), '', paint(style, 'dim', FIRST_WINS)];
}

const FIRST_WINS = 'The first rule that matches decides.';

const COLUMNS = [
  { title: 'RULE', text: ({ rule }: Finding) => rule, shrinkTo: 16 },
  { title: 'WHAT IT SAYS', text: ({ misses }: Finding) => MISSES[misses ?? 'none'] },
];

const MISSES: Readonly<Record<NonNullable<Finding['misses']> | 'none', string>> = {
  none: 'matches',
  source: 'is for sessions from elsewhere',
  user: 'is for other people',
  protocol: 'is for other protocols',
  target: 'is for other machines',
  time: 'is for other times',
};

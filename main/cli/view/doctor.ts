import { plural } from '../../core/describe-units.ts';
import { type DoctorStep, isHealthy } from '../../core/doctor/step.ts';
import { marked } from './failure.ts';
import { paint, plain, type Style } from './style.ts';
import { outcomeSign } from './symbols.ts';

/** One step of the doctor: a tick and what was found, or the sentence and what to do. */
export function stepView(style: Style, { title, outcome }: DoctorStep): string[] {
  const sign = outcomeSign(style, outcome.kind);
  switch (outcome.kind) {
    case 'passed':
      return marked(style, sign, outcome.detail === 'yes' ? title : `${title}: ${outcome.detail}`, null);
    case 'warned':
    case 'failed':
      return marked(style, sign, `${title}: ${outcome.failure.message}`, outcome.failure.advice ?? null);
    case 'skipped':
      return [
        `${sign.shown} ${paint(style, 'dim', plain(style, `${title}: not tried because ${outcome.because}`))}`,
      ];
    default:
      return outcome satisfies never;
  }
}

/** The last line: how it stands. */
export function verdict(steps: readonly DoctorStep[]): string {
  const count = (kind: DoctorStep['outcome']['kind']) =>
    steps.filter(({ outcome }) => outcome.kind === kind).length;
  const warnings = count('warned');
  if (!isHealthy(steps)) return `${plural(count('failed'), 'step')} failed.`;
  return warnings === 0 ? 'All is well.' : `It works; ${plural(warnings, 'warning')} to look at.`;
}

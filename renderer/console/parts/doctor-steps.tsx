import type { DoctorStep, StepOutcome } from '../../../main/core/doctor/step.ts';
import { CoreWords } from '../../shared/core-words.tsx';
import { FailureWords } from '../../shared/failure-words.tsx';
import { coreText, t } from '../../shared/i18n/translate.ts';
import { StateGlyph } from '../../shared/state-glyph.tsx';
import type { Tone } from '../../shared/tone.ts';
import { FailureNote } from '../failure-note.tsx';
import { type DoctorState, EXPECTED_STEPS, isExpected, stepsOf } from '../model/doctor.ts';

const TONES: Readonly<Record<StepOutcome['kind'], Tone>> = {
  passed: 'good',
  warned: 'warn',
  failed: 'bad',
  skipped: 'off',
};

/** Every check with its own tick or sentence, as they come; those to come are shown as such. */
export function DoctorSteps({ state }: { readonly state: DoctorState }) {
  const steps = stepsOf(state);
  const running = state.kind === 'running';
  const done = new Set(steps.map(({ id }) => id));
  const waiting = running ? EXPECTED_STEPS.filter((id) => !done.has(id)) : [];
  return (
    <>
      <p class="unseen" role="status">
        {summary(state)}
      </p>
      {state.kind === 'failed' && <FailureNote failure={state.failure} tone="bad" />}
      <ol class="steps">
        {steps.map((step) => (
          <li key={step.id} class={`step ${step.outcome.kind}`}>
            <StateGlyph tone={TONES[step.outcome.kind]} size={18} />
            <div class="step-words">
              <p class="step-title">
                {stepTitle(step)} <span class="unseen">{t(`doctor.${step.outcome.kind}`)}</span>
              </p>
              <Outcome outcome={step.outcome} />
            </div>
          </li>
        ))}
        {waiting.map((id, index) => (
          <li key={id} class="step waiting">
            <StateGlyph tone={index === 0 ? 'busy' : 'off'} size={18} />
            <p class="step-title">{t(`doctor.step-${id}`)}</p>
          </li>
        ))}
      </ol>
    </>
  );
}

function Outcome({ outcome }: { readonly outcome: StepOutcome }) {
  switch (outcome.kind) {
    case 'passed':
      return (
        <p class="quiet small wrap-anywhere">
          <CoreWords text={outcome.detail} />
        </p>
      );
    case 'warned':
    case 'failed':
      return (
        <div class="small">
          <FailureWords failure={outcome.failure} />
        </div>
      );
    case 'skipped':
      return (
        <p class="quiet small">
          {t('doctor.not-tried', { because: coreText(outcome.because) ?? outcome.because })}
        </p>
      );
    default:
      return outcome satisfies never;
  }
}

function stepTitle({ id, title }: DoctorStep): string {
  return isExpected(id) ? t(`doctor.step-${id}`) : title;
}

function summary(state: DoctorState): string {
  if (state.kind === 'running') return t('doctor.running');
  if (state.kind !== 'done') return '';
  const failed = state.report.steps.filter(({ outcome }) => outcome.kind === 'failed').length;
  return failed === 0 ? t('doctor.healthy') : t('doctor.unhealthy', { count: failed });
}

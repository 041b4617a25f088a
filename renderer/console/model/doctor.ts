import { signal } from '@preact/signals';
import type { DoctorReport, DoctorStep } from '../../../main/core/doctor/step.ts';
import type { Failure } from '../../../main/core/errors.ts';
import type { CallParams, ConsoleClient } from '../../../preload/contract/console.ts';

export type Proposed = NonNullable<CallParams<'doctor/run'>['proposed']>;

export type DoctorState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly steps: readonly DoctorStep[] }
  | { readonly kind: 'done'; readonly report: DoctorReport }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly steps: readonly DoctorStep[] };

/** The checks of the doctor in their order, by id; a step that comes with another id is shown where it comes. */
export const EXPECTED_STEPS = [
  'settings',
  'state-dir',
  'token',
  'address',
  'dns',
  'tcp',
  'tls',
  'api',
  'clock',
  'token-accepted',
  'outpost',
  'providers',
  'websocket',
  'guacd',
  'metrics',
] as const;

export type StepId = (typeof EXPECTED_STEPS)[number];

export function isExpected(id: string): id is StepId {
  return EXPECTED_STEPS.some((expected) => expected === id);
}

/** One run of the doctor at a time, as the page shows it. */
export class Doctor {
  readonly state = signal<DoctorState>({ kind: 'idle' });
  readonly #client: ConsoleClient;

  constructor(client: ConsoleClient) {
    this.#client = client;
    client.on('doctor/step', (step) => {
      const { value } = this.state;
      if (value.kind === 'running') this.state.value = { ...value, steps: [...value.steps, step] };
    });
  }

  /** Resolves with the report; null where the run could not be made or was cancelled. */
  async run(proposed: Proposed | null): Promise<DoctorReport | null> {
    if (this.state.peek().kind === 'running') return null;
    this.state.value = { kind: 'running', steps: [] };
    const answer = await this.#client.call('doctor/run', proposed === null ? {} : { proposed });
    const { steps } = { steps: [], ...this.state.peek() };
    if (answer.ok) this.state.value = { kind: 'done', report: answer.value };
    else if (answer.failure.code === 'aborted') this.state.value = { kind: 'idle' };
    else this.state.value = { kind: 'failed', failure: answer.failure, steps };
    return answer.ok ? answer.value : null;
  }

  async cancel(): Promise<void> {
    await this.#client.call('doctor/cancel', {});
  }

  forget(): void {
    if (this.state.peek().kind !== 'running') this.state.value = { kind: 'idle' };
  }
}

/** The steps so far, in whatever state. */
export function stepsOf(state: DoctorState): readonly DoctorStep[] {
  switch (state.kind) {
    case 'idle':
      return [];
    case 'running':
    case 'failed':
      return state.steps;
    case 'done':
      return state.report.steps;
    default:
      return state satisfies never;
  }
}

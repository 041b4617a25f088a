import type { ControlClient } from '../../control/client.ts';
import { type DoctorStep, isHealthy } from '../../core/doctor/step.ts';
import { SallyportError } from '../../core/errors.ts';
import { type Command, connectIfRunning } from '../context.ts';
import { writeJson, writeLines } from '../io.ts';
import { stepView, verdict } from '../view/doctor.ts';

/** By the running outpost where there is one: it has the settings that count. Else by this process. */
export const doctorCommand: Command<{ readonly json: boolean }> = async (context, { json }) => {
  const { io, style } = context;
  const show = (step: DoctorStep) => {
    if (!json) io.stdout.write(`${stepView(style, step).join('\n')}\n`);
  };
  const client = await connectIfRunning(context);
  const steps = client
    ? await askOutpost(client, show)
    : await askHere((await context.local()).doctor, io.onInterrupt, show);
  const healthy = isHealthy(steps);
  if (json) await writeJson(io.stdout, { healthy, steps });
  else await writeLines(io.stdout, ['', verdict(steps)]);
  return healthy ? 'ok' : 'failed';
};

async function askOutpost(
  client: ControlClient,
  show: (step: DoctorStep) => void,
): Promise<readonly DoctorStep[]> {
  client.on('doctor/step', show);
  // Each of its steps has a time limit of its own.
  return (await client.request('doctor', {}, { timeoutMs: null })).steps;
}

async function askHere(
  doctor: (signal: AbortSignal) => AsyncIterable<DoctorStep>,
  onInterrupt: (listener: () => void) => () => void,
  show: (step: DoctorStep) => void,
): Promise<readonly DoctorStep[]> {
  const steps: DoctorStep[] = [];
  const controller = new AbortController();
  const uninterrupt = onInterrupt(() => controller.abort());
  try {
    for await (const step of doctor(controller.signal)) {
      show(step);
      steps.push(step);
    }
    // Half a round says nothing about the whole.
    if (controller.signal.aborted)
      throw new SallyportError('aborted', 'The doctor was interrupted before it had looked at everything.');
  } finally {
    uninterrupt();
  }
  return steps;
}

import type { Output } from '../../main/cli/io.ts';
import type { Lifetime } from '../../main/core/base/lifetime.ts';
import { describeGuacd } from '../../main/core/describe.ts';
import type { Generation } from '../authentik/generation.ts';
import type { MachineProtocol } from '../machines/machine.ts';
import type { RunningOutpost } from '../run/outpost.ts';
import { untilOnline } from '../run/outpost-online.ts';
import { Practice } from '../run/practice.ts';
import { orAborted } from '../run/stop.ts';
import type { Report } from './report.ts';

export interface CheckOptions {
  readonly base: string;
  /** What runs the outpost. */
  readonly command: readonly [string, ...string[]];
  readonly generation: Generation;
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Cuts the check short: what runs is ended, and nothing more is begun. */
  readonly signal: AbortSignal;
}

/** Starts practice quietly, with an outpost that is online; `lifetime` ends it. Tells each step on `report`. */
export async function bringUp(
  { base, command, generation, signal }: CheckOptions,
  report: Report,
  lifetime: Lifetime,
  protocols: readonly MachineProtocol[],
): Promise<{ readonly practice: Practice; readonly outpost: RunningOutpost }> {
  const practice = await Practice.start({
    base,
    authentik: { generation },
    outpost: { command },
    machines: protocols,
  });
  lifetime.add(() => practice.stop());
  signal.throwIfAborted();
  const names = practice.machines.machines.map(({ protocol }) => protocol.toUpperCase()).join(', ');
  await report.step('passed', `Practice machines run: ${names || 'none'}`);
  await report.step('passed', `Practice authentik (${generation}) answers at ${practice.authentik.url}`);
  const outpost = await practice.startOutpost();
  lifetime.add(() => outpost.stop());
  const { guacd } = await orAborted(untilOnline(outpost), signal);
  await report.step('passed', `The outpost is online; guacd: ${describeGuacd(guacd, Date.now())}`);
  return { practice, outpost };
}

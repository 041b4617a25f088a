import { Lifetime } from '../../main/core/base/lifetime.ts';
import { failureText, SallyportError } from '../../main/core/errors.ts';
import type { MachineProtocol } from '../machines/machine.ts';
import type { RunningOutpost } from '../run/outpost.ts';
import type { Practice } from '../run/practice.ts';
import { orAborted } from '../run/stop.ts';
import { bringUp, type CheckOptions } from './bring-up.ts';
import { driveSession } from './drive.ts';
import { Report } from './report.ts';
import { resultLines, type SessionResult } from './result.ts';

const PROTOCOLS: readonly MachineProtocol[] = ['ssh', 'vnc', 'rdp'];

/**
 * Starts practice quietly, drives one session of each protocol through the whole path, and ends everything.
 * Resolves with whether all of it was good; false where `signal` cut it short. What fails is told on `output`.
 */
export async function check(options: CheckOptions): Promise<boolean> {
  const { output, env, signal } = options;
  const report = new Report(output, env);
  const lifetime = new Lifetime();
  let results: readonly SessionResult[] = [];
  try {
    results = await run(options, report, lifetime);
  } catch (error) {
    if (!signal.aborted) await report.step('failed', inWords(error, 'Starting practice'));
  }
  await lifetime.end();
  if (signal.aborted) {
    await report.step('skipped', 'The check was ended before it was done; everything it started has ended.');
    return false;
  }
  if (results.length > 0) await report.lines(['', ...resultLines(report.style, results), '']);
  const good = results.length > 0 && results.every(({ failure }) => failure === null);
  if (good) await report.step('passed', 'The whole path works: browser, authentik, outpost, guacd, machine.');
  else await report.step('failed', 'Not all of it works.');
  return good;
}

async function run(options: CheckOptions, report: Report, lifetime: Lifetime): Promise<SessionResult[]> {
  const { practice, outpost } = await bringUp(options, report, lifetime, PROTOCOLS);
  const results: SessionResult[] = [];
  for (const protocol of PROTOCOLS) {
    const result = await orAborted(session(protocol, practice, outpost), options.signal);
    const { failure } = result;
    await report.step(failure === null ? 'passed' : 'failed', `${protocol.toUpperCase()}: ${told(result)}`);
    results.push(result);
  }
  return results;
}

function session(
  protocol: MachineProtocol,
  { machines, authentik }: Practice,
  { control, ended }: RunningOutpost,
): Promise<SessionResult> {
  const failed = (machine: string, failure: string): SessionResult => ({
    protocol,
    machine,
    setupMs: null,
    pictureMs: null,
    typed: false,
    failure,
  });
  const machine = machines.machines.find((candidate) => candidate.protocol === protocol);
  if (machine === undefined) {
    const missing = machines.missing.find((candidate) => candidate.protocol === protocol);
    return Promise.resolve(failed('not there', missing?.reason ?? 'It was not started.'));
  }
  return Promise.race([
    driveSession({ authentik, control, machine }),
    ended.catch((error: unknown) => failed(machine.name, inWords(error, 'The outpost'))),
  ]);
}

function told({ failure }: SessionResult): string {
  return failure ?? 'a session shows its picture and takes what is typed';
}

function inWords(error: unknown, subject: string): string {
  return failureText(SallyportError.from(error, subject).toFailure());
}

import { failureLines } from '../../main/cli/view/failure.ts';
import { statusView } from '../../main/cli/view/status.ts';
import { paint, plain, type Style, wrap } from '../../main/cli/view/style.ts';
import { warningSign } from '../../main/cli/view/symbols.ts';
import { describeStatus } from '../../main/core/describe.ts';
import { describeUntil } from '../../main/core/describe-units.ts';
import { type Failure, failureText } from '../../main/core/errors.ts';
import type { RunningMachines } from '../machines/start.ts';
import type { OutpostState } from './keeper.ts';

/** What practice shows about itself. */
export interface PracticeScene {
  /** The address to open. */
  readonly url: string;
  readonly machines: Pick<RunningMachines, 'machines' | 'missing'>;
  readonly outpost: OutpostState;
}

/** What is said once, before anything else. */
export function introduction(style: Style): string[] {
  const said =
    'No authentik is configured, so this is practice: a stand-in for authentik, real machines on this computer, and an outpost between them.';
  return wrap(plain(style, said), style.width);
}

/** The address, big and clear. */
export function addressLines(style: Style, url: string): string[] {
  return ['', `  Open in a browser:  ${paint(style, 'bold', url)}`, ''];
}

/** The machines in few lines: those that run, and what to do about the others. */
export function machineLines(style: Style, { machines, missing }: PracticeScene['machines']): string[] {
  const names = machines.map(({ protocol }) => protocol.toUpperCase()).join(', ');
  const running = `  ${paint(style, 'dim', 'Machines')}  ${names === '' ? 'none' : names}`;
  const told = missing.flatMap(({ reason }) => failureLines(style, warningSign(style), { message: reason }));
  return [running, ...told];
}

/**
 * The whole screen of a terminal, drawn over again whenever something changes. What matters least stands last: a
 * small terminal cuts it off.
 */
export function sceneLines(style: Style, scene: PracticeScene, now: number): string[] {
  return [
    ...addressLines(style, scene.url),
    ...machineLines(style, scene.machines),
    '',
    ...outpostLines(style, scene.outpost, now),
    '',
    paint(style, 'dim', 'Ctrl-C ends practice and everything it started.'),
    ...warningsOf(scene.outpost).flatMap((warning) => ['', ...warningLines(style, warning)]),
  ];
}

/** What an admin should know though everything works. */
export function warningsOf(outpost: OutpostState): readonly Failure[] {
  return outpost.kind === 'running' ? outpost.status.warnings : [];
}

export function warningLines(style: Style, warning: Failure): string[] {
  return failureLines(style, warningSign(style), warning);
}

function outpostLines(style: Style, outpost: OutpostState, now: number): string[] {
  if (outpost.kind === 'running') return statusView(style, { ...outpost.status, warnings: [] }, now);
  return wrap(plain(style, outpostSentence(outpost, now)), style.width);
}

/** How the outpost stands in one line, for where nothing is drawn over. */
export function outpostSentence(outpost: OutpostState, now: number): string {
  switch (outpost.kind) {
    case 'starting':
      return 'The outpost is starting.';
    case 'running': {
      const { state, sentence } = describeStatus(outpost.status, now);
      return `${state}: ${sentence}`;
    }
    case 'waiting':
      return `${failureText(outpost.reason)} It is started again in ${describeUntil(outpost.retryAt - now)}.`;
    default:
      return outpost satisfies never;
  }
}

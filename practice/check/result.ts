import type { Style } from '../../main/cli/view/style.ts';
import { type Column, table } from '../../main/cli/view/table.ts';
import type { MachineProtocol } from '../machines/machine.ts';

/** What came of one session of the check. */
export interface SessionResult {
  readonly protocol: MachineProtocol;
  readonly machine: string;
  /** Milliseconds from authentik's word to a live session, by the outpost's own clock; null where there was none. */
  readonly setupMs: number | null;
  /** Milliseconds from the browser's asking to the first picture; null where there was none. */
  readonly pictureMs: number | null;
  /** Whether what was typed reached the machine. */
  readonly typed: boolean;
  /** Why it is not good, as a sentence; null where it is. */
  readonly failure: string | null;
}

/** The results as a table, and below it each failure in its own words. */
export function resultLines(style: Style, results: readonly SessionResult[]): string[] {
  const columns: readonly Column<SessionResult>[] = [
    { title: 'PROTOCOL', text: ({ protocol }) => protocol.toUpperCase() },
    { title: 'MACHINE', text: ({ machine }) => machine },
    { title: 'SET-UP', text: ({ setupMs }) => milliseconds(setupMs), align: 'right' },
    { title: 'FIRST PICTURE', text: ({ pictureMs }) => milliseconds(pictureMs), align: 'right' },
    { title: 'TYPING', text: ({ typed }) => (typed ? 'seen' : 'not seen') },
    { title: 'RESULT', text: ({ failure }) => (failure === null ? 'good' : 'failed') },
  ];
  const failures = results.flatMap(({ protocol, failure }) =>
    failure === null ? [] : [`${protocol.toUpperCase()}: ${failure}`],
  );
  return [...table(style, columns, results), ...(failures.length > 0 ? ['', ...failures] : [])];
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : `${Math.round(value)} ms`;
}

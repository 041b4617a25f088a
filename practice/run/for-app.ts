import { type Output, writeLines } from '../../main/cli/io.ts';
import { endMarked } from '../machines/leftovers.ts';
import { Practice } from './practice.ts';

export interface ForAppOptions {
  readonly base: string;
  readonly pageDirectory: string;
  readonly output: Output;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Runs practice without an outpost, which the desktop app brings: one line of JSON on `output` says where authentik
 * is and what an outpost for it needs. Resolves when `signal` has ended everything.
 */
export async function forApp({ base, pageDirectory, output, signal }: ForAppOptions): Promise<void> {
  const practice = await Practice.start({
    base,
    authentik: { pageDirectory },
    outpost: { command: ['none'] },
  });
  const { dir, host, token } = practice.outpost;
  const missing = practice.machines.missing.map(({ reason }) => reason);
  try {
    await writeLines(output, [
      JSON.stringify({ practice: 1, url: practice.authentik.url, host, token, stateDir: dir, missing }),
    ]);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    // A guacd of an outpost that could not end it.
    await endMarked(dir);
    await practice.stop();
  }
}

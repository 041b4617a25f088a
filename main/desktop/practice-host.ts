import * as v from 'valibot';
import { Secret } from '../core/base/secret.ts';
import { SallyportError } from '../core/errors.ts';
import type { OutpostChild } from './outpost-host.ts';

/** Says at a start, or at a second one, that practice is wanted at once. */
export const PRACTICE_FLAG = '--practice';

/** A stand-in for authentik that runs, with all that an outpost for it needs. */
export interface RunningPractice {
  /** Its page, for the browser. */
  readonly url: string;
  /** What an outpost for it is started with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stateDir: string;
  /** Resolves with why it ended by itself. */
  readonly ended: Promise<SallyportError>;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const END_MS = 8_000;

const offer = v.object({
  practice: v.literal(1),
  url: v.string(),
  host: v.string(),
  token: v.string(),
  stateDir: v.string(),
});

/**
 * Starts practice by `launch`, which hands over each line that it prints, and resolves when it is there. Rejects
 * with its own words where it ends instead, with `connect-timeout` where it does neither.
 */
export async function startPractice(
  launch: (line: (line: string) => void) => OutpostChild,
): Promise<RunningPractice> {
  let told: (text: string) => void = () => {};
  const line = new Promise<string>((resolve) => {
    told = resolve;
  });
  const child = launch((text) => {
    if (text.startsWith('{"practice"')) told(text);
  });
  const ended = child.ended.then(
    ({ words }) =>
      new SallyportError('connection-lost', words === '' ? 'Practice ended unexpectedly.' : words),
  );
  const stop = async () => {
    child.end();
    const timer = setTimeout(() => child.kill(), END_MS);
    await child.ended;
    clearTimeout(timer);
  };
  try {
    const { url, host, token, stateDir } = decode(await inTime(Promise.race([line, ended])));
    return { url, stateDir, environment: environmentOf(host, new Secret(token), stateDir), ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function environmentOf(host: string, token: Secret, stateDir: string): Record<string, string> {
  return {
    AUTHENTIK_HOST: host,
    // Made for this run of practice, and worth nothing anywhere else.
    AUTHENTIK_TOKEN: token.reveal(),
    AUTHENTIK_LISTEN__METRICS: '127.0.0.1:0',
    SALLYPORT_STATE_DIR: stateDir,
    SALLYPORT_GUACD: 'managed',
    SALLYPORT_PROXY: 'none',
  };
}

function decode(answer: string | SallyportError): v.InferOutput<typeof offer> {
  if (typeof answer !== 'string') throw answer;
  return v.parse(offer, JSON.parse(answer));
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new SallyportError('connect-timeout', 'Practice did not start within a minute.')),
      START_MS,
    );
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlClient } from '../../main/control/client.ts';
import type { PracticeBrowser } from '../authentik/browser.ts';
import type { PracticeAuthentik } from '../authentik/server.ts';
import type { Machine } from '../machines/machine.ts';
import { isPicture } from './picture.ts';
import type { SessionResult } from './result.ts';

export interface DriveOptions {
  readonly authentik: PracticeAuthentik;
  readonly control: ControlClient;
  readonly machine: Machine;
  /** Milliseconds for the whole session; what has not come by then never does. */
  readonly timeoutMs?: number;
}

/** The file that is written by typing, in the machine's home. */
const FILE = 'typed';
/** A terminal that is only just coming up may swallow keys: they are pressed again. */
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 30;

/**
 * Opens a session as a browser does, waits for a picture, types a command that writes a file, and waits for the
 * file. Never rejects: what goes wrong is in the result, in words.
 */
export async function driveSession(options: DriveOptions): Promise<SessionResult> {
  const { authentik, control, machine, timeoutMs = 120_000 } = options;
  const { name, protocol, home } = machine;
  const seen: { setupMs: number | null; pictureMs: number | null; typed: boolean } = {
    setupMs: null,
    pictureMs: null,
    typed: false,
  };
  const began = performance.now();
  const left = () => Math.max(1, began + timeoutMs - performance.now());
  let browser: PracticeBrowser | undefined;
  let failure: string | null = null;
  try {
    browser = await authentik.openSession(name);
    await picture(browser, left());
    seen.pictureMs = performance.now() - began;
    seen.setupMs = await setupTime(control, protocol);
    await type(browser, home, left);
    seen.typed = true;
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  await browser?.close();
  return { protocol, machine: name, ...seen, failure };
}

async function picture(browser: PracticeBrowser, timeoutMs: number): Promise<void> {
  const found = await browser.waitFor((instruction) => isPicture(instruction) || instruction[0] === 'error', {
    timeoutMs,
    what: 'the machine’s picture reaches the browser',
  });
  if (found[0] === 'error') throw new Error(`The session ended: ${found[1] ?? 'without a reason'}`);
}

async function setupTime(control: ControlClient, protocol: string): Promise<number | null> {
  const { sessions } = await control.request('sessions', {});
  return (
    sessions.find((session) => session.protocol === protocol && session.state === 'live')?.setupMs ?? null
  );
}

async function type(browser: PracticeBrowser, home: string, left: () => number): Promise<void> {
  const word = `sallyport ${Date.now()}`;
  const file = join(home, FILE);
  while (left() > 1) {
    // A line that was typed in part ends first.
    browser.type(`\necho ${word} > ${FILE}\n`);
    const again = performance.now() + Math.min(PATIENCE_MS, left());
    while (performance.now() < again) {
      if ((await readFile(file, 'utf8').catch(() => '')) === `${word}\n`) return;
      if (!browser.open) throw new Error('The session ended before what was typed was seen.');
      await delay(LOOK_AGAIN_MS);
    }
  }
  throw new Error('What was typed did not reach the machine in time.');
}

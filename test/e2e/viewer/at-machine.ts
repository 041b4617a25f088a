import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { RunningApp } from '../../../practice/desktop/desktop-app.ts';
import type { Machine } from '../../../practice/machines/machine.ts';
import { eventually } from '../../../practice/run/eventually.ts';

/* What people do in a window on a real machine, and what is seen of it on the machine. */

/** How long a person looks before typing again, in milliseconds. */
const LOOK_MS = 3_000;

/**
 * What a command typed into a shell has left in a file of the machine. A terminal may swallow the first keys after it is
 * shown: it is typed until it is seen, as a person would, so the command may run twice.
 */
export async function written(
  page: Page,
  command: string,
  { home }: Pick<Machine, 'home'>,
  file: string,
): Promise<string> {
  let text: string | null = null;
  const look = async () => {
    text = await readFile(join(home, file), 'utf8').catch(() => null);
    return text !== null;
  };
  await eventually(async () => {
    await page.keyboard.type(`\n(${command}) > part-${file} 2>&1; mv part-${file} ${file}\n`);
    return eventually(look, LOOK_MS).then(
      () => true,
      () => false,
    );
  });
  return text ?? '';
}

/** Leaves a shell, and waits for the window to say that it is over. */
export async function exited(page: Page): Promise<void> {
  const over = page.getByRole('heading', { name: 'The session has ended' });
  await eventually(async () => {
    await page.keyboard.type('\nexit\n');
    return over.waitFor({ timeout: LOOK_MS }).then(
      () => true,
      () => false,
    );
  });
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Where the person saves to; Xvfb has nobody to answer a dialog. */
export async function savesTo({ electron }: Pick<RunningApp, 'electron'>, path: string): Promise<void> {
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath });
  }, path);
}

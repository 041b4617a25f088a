import type { Page } from 'playwright-core';
import type { OutpostStatus } from '../../main/core/status.ts';
import type { AppState } from '../../preload/contract/types.ts';
import { eventually } from '../run/eventually.ts';
import type { RunningApp } from './desktop-app.ts';

/** The console's page, once it can ask: its window is there before what it shows. */
async function consoleOf(app: RunningApp): Promise<Page> {
  const page = await app.window();
  await eventually(() => page.evaluate<boolean>(`typeof sallyport === 'object'`).catch(() => false));
  return page;
}

/** Asks as the console's page does. */
export async function ask(app: RunningApp, name: string, params: unknown = {}): Promise<unknown> {
  const page = await consoleOf(app);
  const answer: unknown = await page.evaluate(
    `sallyport.call(${JSON.stringify(name)}, ${JSON.stringify(params)})`,
  );
  return answer;
}

/** The app's state as the console gets it. */
export async function stateOf(app: RunningApp): Promise<AppState> {
  const page = await consoleOf(app);
  return page.evaluate<AppState>(`sallyport.call('app/state', {}).then(({ value }) => value)`);
}

/** Resolves when the app's state is as `look` wants it. */
export async function untilState(
  app: RunningApp,
  look: (state: AppState) => boolean,
  timeoutMs = 90_000,
): Promise<AppState> {
  let state: AppState | undefined;
  await eventually(async () => {
    state = await stateOf(app).catch(() => undefined);
    return state !== undefined && look(state);
  }, timeoutMs).catch(() => {
    throw new Error(`It never was so: ${JSON.stringify(state)}`);
  });
  if (!state) throw new Error('There is no state.');
  return state;
}

export function isOnline({ status }: { readonly status: OutpostStatus | null }): boolean {
  return status?.link.kind === 'online' && status.guacd.kind === 'up';
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

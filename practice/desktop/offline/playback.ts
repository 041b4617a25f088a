import type { Page } from 'playwright-core';
import { eventually } from '../../run/eventually.ts';
import { picturesIn } from '../session-window.ts';
import type { OfflineScene } from './scene.ts';

const STEP_MS = 60_000;

/** The admin plays what the person did, in the console, while authentik is away. */
export async function playedBack({ app, control, recording }: OfflineScene): Promise<string> {
  const page = await app.window();
  await page.getByRole('link', { name: /^Sessions/ }).click();
  await page.getByRole('tab', { name: 'Recordings' }).click();
  // The newest stand first; the person's session was the first of all.
  await page
    .getByRole('button', { name: /^Play the recording of alice on / })
    .last()
    .click({ timeout: STEP_MS });
  await page.getByText('Reading …').waitFor({ state: 'detached', timeout: STEP_MS });
  await page.keyboard.press('End');
  let colours = 0;
  await eventually(async () => {
    ({ colours } = await picturesIn(page, '.player-stage'));
    return colours > 1;
  }, STEP_MS).catch(() => {
    throw new Error('The player shows no picture.');
  });
  const length = await lengthOf(page);
  await page.keyboard.press('Escape');
  const { entries } = await control.request('audit/recent', { limit: 20 });
  const isOfPerson = entries.some(
    ({ event }) => event.kind === 'recording-played' && event.recording === recording,
  );
  if (!isOfPerson) throw new Error('It was not the recording of the person’s session.');
  return `${length} of it, a picture in ${colours < 64 ? colours : 'many'} colours`;
}

/** What the player says, such as `0:07`. */
async function lengthOf(page: Page): Promise<string> {
  const words = await page.getByRole('slider', { name: 'Position' }).getAttribute('aria-valuetext');
  return / of (.+)$/.exec(words ?? '')?.[1] ?? 'something';
}

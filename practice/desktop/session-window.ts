import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import type { Machine } from '../machines/machine.ts';
import { eventually } from '../run/eventually.ts';
import type { RunningApp } from './desktop-app.ts';

/* A window that shows a session, as a person sees and uses it. */

const LIVE_MS = 60_000;

/** Resolves with the window that opens when `act` is done. */
export async function openedBy(app: RunningApp, act: () => Promise<unknown>): Promise<Page> {
  await app.window();
  const [page] = await Promise.all([app.electron.waitForEvent('window', { timeout: LIVE_MS }), act()]);
  await page.waitForLoadState('load');
  return page;
}

/** Resolves when the machine's picture is shown; rejects with the window's own words where it says why not. */
export async function untilLive(page: Page): Promise<void> {
  const live = page.locator('.screen[data-live="true"]');
  const words = page.locator('.overlay-words');
  await live.or(words).first().waitFor({ timeout: LIVE_MS });
  if ((await live.count()) === 0) throw new Error(`The window says: “${await words.textContent()}”`);
}

const Drawn = v.array(v.object({ colours: v.number(), sum: v.number() }));

export interface Picture {
  /** 64 stands for more. */
  readonly colours: number;
  readonly sum: number;
}

/** What is on the screen: how many colours, and a number that another picture hardly shares. */
export function pictureOf(page: Page): Promise<Picture> {
  return picturesIn(page, '.picture');
}

/** The same of whatever else draws a session. */
export async function picturesIn(page: Page, place: string): Promise<Picture> {
  const layers = v.parse(Drawn, await page.evaluate(layersIn(place)));
  // A session may draw on several, one over the other.
  return {
    colours: Math.max(0, ...layers.map(({ colours }) => colours)),
    sum: layers.reduce((sum, layer) => (Math.imul(sum, 31) + layer.sum) | 0, 0),
  };
}

const layersIn = (place: string) => `[...document.querySelectorAll('${place} canvas')].map((canvas) => {
  const { width, height } = canvas;
  const pixels = width * height === 0
    ? new Uint32Array(0)
    : new Uint32Array(canvas.getContext('2d').getImageData(0, 0, width, height).data.buffer);
  const colours = new Set();
  let sum = 0;
  for (const pixel of pixels) {
    if (colours.size < 64) colours.add(pixel);
    sum = (Math.imul(sum, 31) + pixel) | 0;
  }
  return { colours: colours.size, sum };
})`;

/** Resolves with how many colours the screen has: text on a ground, at least. */
export async function untilDrawn(page: Page, timeoutMs = LIVE_MS): Promise<number> {
  let colours = 0;
  await eventually(async () => {
    ({ colours } = await pictureOf(page));
    return colours > 1;
  }, timeoutMs).catch(() => {
    throw new Error('The picture is of one colour.');
  });
  return colours;
}

/**
 * Clicks into the machine's picture, where the mouse is: a picture that is being drawn is never still, and needs not be.
 */
export async function clickPicture(page: Page): Promise<void> {
  const box = await page.locator('.picture > div').boundingBox();
  if (box === null) throw new Error('There is no picture.');
  await page.mouse.click(box.x + 200, box.y + 200);
}

/**
 * Types into the window until the machine has a file with what was typed: a terminal may be there only a while after its
 * first picture.
 */
export async function typesInto(page: Page, { home }: Pick<Machine, 'home'>, word = 'typed'): Promise<void> {
  const path = join(home, 'typed');
  await eventually(async () => {
    await clickPicture(page);
    await page.keyboard.type(`echo ${word} > typed\n`);
    await page.waitForTimeout(700);
    return (await readFile(path, 'utf8').catch(() => '')) === `${word}\n`;
  }, 90_000).catch(() => {
    throw new Error('What was typed did not reach the machine in time.');
  });
}

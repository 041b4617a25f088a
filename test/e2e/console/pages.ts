import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium, openPage, type WatchedPage } from '../chromium.ts';
import { type ServedConsole, serveConsole } from './serve.ts';

/** A directive of the policy that one Chromium knows and another does not. */
const UNKNOWN = /^Unrecognized Content-Security-Policy directive 'webrtc'\.$/;

export interface AskedPage {
  /** Behind `#/`, such as `settings`. */
  readonly at: string;
  /** One of `renderer/console/dev/scenarios.ts`. */
  readonly scenario?: string | undefined;
  readonly theme?: 'light' | 'dark' | undefined;
  readonly language?: 'en' | 'de' | undefined;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Before the page is opened, after the stand-in for the main side was put in place. */
  readonly before?: ((page: Page) => Promise<void>) | undefined;
}

/**
 * The console's pages in a real Chromium, for all tests of the `describe` that calls this. After each test its pages are
 * closed, and must have had no complaint, among them every breach of the policy, and asked nobody but their server.
 */
export function consolePages(): { open(asked: AskedPage): Promise<Page>; readonly origin: string } {
  let served: ServedConsole;
  let browser: Browser;
  let opened: WatchedPage[] = [];

  beforeAll(async () => {
    [served, browser] = await Promise.all([serveConsole(), launchChromium()]);
  });

  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  afterEach(async () => {
    const watched = opened;
    opened = [];
    for (const { page } of watched) await page.context().close();
    const complaints = watched.flatMap((page) => page.complaints).filter((text) => !UNKNOWN.test(text));
    expect(complaints).toEqual([]);
    expect(watched.flatMap(({ strangers }) => strangers)).toEqual([]);
  });

  return {
    get origin() {
      return served.origin;
    },
    async open({ at, scenario = 'online', theme = 'light', language = 'en', viewport, before }) {
      const watched = await openPage(browser, served.origin, {
        viewport: viewport ?? { width: 1180, height: 800 },
        colorScheme: theme,
        reducedMotion: 'reduce',
      });
      opened.push(watched);
      const { page } = watched;
      await page.addInitScript(served.fake);
      await before?.(page);
      await page.goto(`${served.origin}/?scenario=${scenario}&theme=${theme}&language=${language}#/${at}`);
      await page.locator('h1').waitFor();
      return page;
    },
  };
}

/** What the page has asked the main side for, in order. */
export function calls(page: Page): Promise<{ name: string; params: unknown }[]> {
  return page.evaluate(() => Reflect.get(window.self, 'sallyport').calls);
}

/** The parameters of every call of this name. */
export async function asked(page: Page, name: string): Promise<unknown[]> {
  return (await calls(page)).filter((call) => call.name === name).map(({ params }) => params);
}

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findProgram } from '../../practice/machines/programs.ts';

/** What a headless Chromium needs to run as root and to talk to nobody on its own. */
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

export const CHROMIUM = findProgram('chromium');

/** A real Chromium with a profile of its own that is thrown away. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ ...(CHROMIUM ? { executablePath: CHROMIUM } : {}), args: ARGUMENTS });
}

/** Guacamole's client says goodbye, or knocks, on a websocket that the other side is just closing. */
const EVERYDAY = /^WebSocket is already in CLOSING or CLOSED state\.$/;

/** A page, and what happened in it that should not happen in any. */
export interface WatchedPage {
  readonly page: Page;
  /** Complaints of the page's script or of the browser about it, such as a breach of its policy. */
  readonly complaints: readonly string[];
  /** Requests to anywhere but `origin`. */
  readonly strangers: readonly string[];
}

/** Opens a page of its own in a profile of its own. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !EVERYDAY.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (/^(https?|wss?):/.test(request.url()) && new URL(request.url()).origin !== origin)
      strangers.push(request.url());
  });
  return { page, complaints, strangers };
}

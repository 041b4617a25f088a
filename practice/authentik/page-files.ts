import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PlainAnswer, textAnswer } from './http-answers.ts';

/** The files of the practice page by their path below the sub-path; there are no others. */
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '': { file: 'index.html', type: 'text/html; charset=utf-8' },
  'practice/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  'practice/style.css': { file: 'style.css', type: 'text/css; charset=utf-8' },
  'practice/icon.svg': { file: 'icon.svg', type: 'image/svg+xml' },
};

/**
 * The answer to a request for the page; undefined where `path` is none of its files. `host` is the request's, and
 * must have been checked: it goes into the policy, because not every browser counts websockets as `'self'`.
 */
export async function pageFile(
  path: string,
  directory: string | undefined,
  host: string,
): Promise<PlainAnswer | undefined> {
  const entry = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (!entry) return undefined;
  if (directory === undefined) {
    return textAnswer(
      404,
      'This practice authentik was started without its page. Start it with: npm start -- --headless',
    );
  }
  try {
    const body = await readFile(join(directory, entry.file));
    return { status: 200, type: entry.type, body, headers: pageHeaders(host) };
  } catch {
    return textAnswer(
      404,
      `The practice page is not built: ${entry.file} is missing. Build it with: npm run build`,
    );
  }
}

function pageHeaders(host: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ws://${host} wss://${host}`,
    "img-src 'self' blob: data:",
    'media-src blob: data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

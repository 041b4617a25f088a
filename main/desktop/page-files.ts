import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { SCHEME } from './own-page.ts';

/** One file that a page may load. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
}

/** What pages are made of; a file with another ending is not given out. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * No network, no inline script, no eval, nobody's frames; what a page shows is its own. `trusted-types 'none'`: no
 * text becomes markup or script.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  'media-src blob:',
  "connect-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/**
 * The files of pages by host and path, read once at the start: an address that is not in the table gets nothing,
 * whatever it says. `folders`: host → folder.
 */
export function pageFiles(folders: Readonly<Record<string, string>>): ReadonlyMap<string, PageFile> {
  const table = new Map<string, PageFile>();
  for (const [host, folder] of Object.entries(folders)) {
    for (const name of namesBelow(folder)) {
      const type = TYPES[extname(name)];
      if (type !== undefined) table.set(`${host}/${name}`, { path: join(folder, name), type });
    }
    const index = table.get(`${host}/index.html`);
    if (index) table.set(`${host}/`, index);
  }
  return table;
}

/** The file that an address names; undefined for one that is in no table. */
export function fileOf(table: ReadonlyMap<string, PageFile>, address: string): PageFile | undefined {
  try {
    const { protocol, host, pathname } = new URL(address);
    return protocol === `${SCHEME}:` ? table.get(`${host}${pathname}`) : undefined;
  } catch {
    return undefined;
  }
}

function namesBelow(folder: string, before = ''): string[] {
  return readdirSync(join(folder, before), { withFileTypes: true }).flatMap((entry) => {
    const name = `${before}${entry.name}`;
    if (entry.isDirectory()) return namesBelow(folder, `${name}/`);
    return entry.isFile() ? [name] : [];
  });
}

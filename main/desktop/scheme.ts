import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { SCHEME } from './own-page.ts';
import { fileOf, PAGE_HEADERS, type PageFile } from './page-files.ts';

/** Before the app is ready: pages of our scheme have an origin, and are a secure context. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: false, corsEnabled: false },
    },
  ]);
}

/** Serves the table's files, and nothing else, with the pages' headers. */
export function servePages(table: ReadonlyMap<string, PageFile>): void {
  // Electron 22 has no `handle`, and a newer one will have no `registerBufferProtocol`.
  if (typeof protocol.handle === 'function') {
    protocol.handle(SCHEME, async ({ url, method }) => {
      const answer = await answerFor(table, url, method);
      return new Response(new Uint8Array(answer.data), {
        status: answer.statusCode,
        headers: answer.headers,
      });
    });
    return;
  }
  protocol.registerBufferProtocol(SCHEME, ({ url, method }, callback) => {
    void answerFor(table, url, method).then((answer) =>
      callback({ ...answer, mimeType: answer.headers['Content-Type'] ?? '' }),
    );
  });
}

interface SchemeAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly data: Buffer;
}

async function answerFor(
  table: ReadonlyMap<string, PageFile>,
  url: string,
  method: string,
): Promise<SchemeAnswer> {
  const file = method === 'GET' ? fileOf(table, url) : undefined;
  const data = file === undefined ? undefined : await readFile(file.path).catch(() => undefined);
  const type = file === undefined || data === undefined ? 'text/plain; charset=utf-8' : file.type;
  return {
    statusCode: data === undefined ? 404 : 200,
    headers: { ...PAGE_HEADERS, 'Content-Type': type },
    data: data ?? Buffer.from('There is no such file.'),
  };
}

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { PAGE_HEADERS } from '../../../main/desktop/page-files.ts';
import { ROOT } from '../../architecture/source.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

export interface ServedConsole {
  readonly origin: string;
  /** Puts the fake main side in place, before anything of the page runs. */
  readonly fake: string;
  close(): Promise<void>;
}

/** Builds the console as it is shipped and serves it on loopback with the app's own headers. */
export async function serveConsole(): Promise<ServedConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-console-'));
  const [fake] = await Promise.all([bundleFake(), buildPage(folder)]);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname === '/' ? 'index.html' : pathname.slice(1);
    if (name === 'favicon.ico') {
      // Browsers ask for it of their own accord; the app does not.
      response.writeHead(204).end();
      return;
    }
    const type = TYPES[extname(name)];
    if (type === undefined || !/^[\w.-]+$/.test(name)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { ...PAGE_HEADERS, 'Content-Type': type }).end(readFileSync(join(folder, name)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    fake,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function buildPage(folder: string): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const config = join(ROOT, 'renderer/vite.config.ts');
  await promisify(execFile)(process.execPath, [
    vite,
    'build',
    '-c',
    config,
    '--outDir',
    folder,
    '--emptyOutDir',
  ]);
}

async function bundleFake(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['renderer/console/dev/install.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'chrome108',
  });
  return outputFiles[0]?.text ?? '';
}

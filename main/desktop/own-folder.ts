import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { app } from 'electron';
import { SallyportError } from '../core/errors.ts';

/** The folder of what belongs to the window side. */
export interface OwnFolder {
  readonly path: string;
  /** Why nothing can be kept there; null where it can. */
  readonly failure: SallyportError | null;
}

/**
 * Looks for the app's folder; call before Electron is ready. Chromium ends without a word where it cannot write there
 * (a read-only home, a full disk): its files then go to a temporary folder for this run. Ours are read where they are.
 */
export function findOwnFolder(): OwnFolder {
  let path = join(app.getPath('appData'), app.getName());
  try {
    makeWithParents(path);
    // Electron makes it when it is asked for, and throws where it cannot.
    path = app.getPath('userData');
    tryWriting(path);
    return { path, failure: null };
  } catch (error) {
    const { code, message } = SallyportError.from(error, `The app’s folder ${path}`);
    borrowFolder();
    return {
      path,
      failure: new SallyportError(code, message, {
        advice:
          'What is set in this window is forgotten when the app ends; the outpost says for itself how it is.',
      }),
    };
  }
}

/** Node's own `recursive` says of a read-only file system that the folder does not exist. */
function makeWithParents(path: string): void {
  if (existsSync(path)) return;
  makeWithParents(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function tryWriting(path: string): void {
  const file = join(path, `.writable-${process.pid}`);
  try {
    writeFileSync(file, 'x', { mode: 0o600 });
  } finally {
    rmSync(file, { force: true });
  }
}

function borrowFolder(): void {
  const borrowed = mkdtempSync(join(tmpdir(), 'sallyport-app-'));
  app.setPath('userData', borrowed);
  process.once('exit', () => rmSync(borrowed, { recursive: true, force: true }));
}

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../../practice/machines/programs.ts';
import { cacheFolder, systemName } from '../../../scripts/setup/system.mjs';

const run = promisify(execFile);
export const TAKES_LONG = { timeout: 900_000, maxBuffer: 32 * 1024 * 1024 };
/** Older ones would be brought up to date package by package, which takes longer than a new one. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Whether a test can make one: it takes root, debootstrap and Debian. */
export const canBeMade =
  process.getuid?.() === 0 && findProgram('debootstrap') !== undefined && systemName().id === 'debian';

/**
 * An archive of a Debian of this machine's own suite with nothing in it but the system. Making it takes half a minute:
 * it is kept in the cache folder for a week, so that the tests of one run make it once.
 */
export async function debianRoot(): Promise<string> {
  const { codename } = systemName();
  return kept(`debian-${codename}-${process.arch}`, async (root) => {
    const mirror = await mirrorOf(codename);
    const args = ['--variant=minbase', '--include=ca-certificates', codename, root, mirror];
    await run(findProgram('debootstrap') ?? '', args, TAKES_LONG);
  });
}

/** The archive of that name in the cache folder; where there is none, or an old one, of what `make` puts into a folder. */
export async function kept(name: string, make: (root: string) => Promise<void>): Promise<string> {
  const archive = join(cacheFolder(), `${name}.tar`);
  if (existsSync(archive) && Date.now() - statSync(archive).mtimeMs < KEPT_MS) return archive;
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-debian-'));
  try {
    const root = join(folder, 'root');
    mkdirSync(root);
    await make(root);
    mkdirSync(cacheFolder(), { recursive: true });
    // Nobody finds half of one.
    const part = `${archive}.${process.pid}.part`;
    await run('tar', ['--numeric-owner', '-C', root, '-cf', part, '.'], TAKES_LONG);
    renameSync(part, archive);
    return archive;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where apt gets this machine's own suite from. */
async function mirrorOf(codename: string): Promise<string> {
  const format = '$(RELEASE) $(COMPONENT) $(REPO_URI)';
  const { stdout } = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const line = stdout.split('\n').find((target) => target.startsWith(`${codename} main `));
  if (line === undefined) throw new Error(`apt has no source of ${codename}.`);
  return line.split(' ')[2] ?? '';
}

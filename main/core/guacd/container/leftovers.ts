import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import type { Logger } from '../../base/logger.ts';
import { SallyportError } from '../../errors.ts';
import { OWNER_LABEL } from './arguments.ts';
import type { Engine } from './engine.ts';
import { lastWords } from './failures.ts';

/**
 * Names the outpost that a container belongs to. The folder itself counts, not its path alone: outposts in containers
 * of their own may share an engine, and all call their state directory the same.
 */
export async function ownerOf(stateDir: string): Promise<string> {
  const path = await realpath(stateDir);
  const { dev, ino } = await stat(path, { bigint: true });
  return createHash('sha256').update(`${path}\n${dev}\n${ino}`).digest('hex').slice(0, 16);
}

/** Removes what a killed outpost left of its containers. Resolves with how many; never rejects but with `aborted`. */
export async function removeLeftovers(
  engine: Engine,
  owner: string,
  { signal, timeoutMs, logger }: { signal: AbortSignal; timeoutMs: number; logger: Logger },
): Promise<number> {
  try {
    const args = ['ps', '--all', '--quiet', `--filter=label=${OWNER_LABEL}=${owner}`];
    const listed = await engine.run(args, { signal, timeoutMs });
    const ids = listed.stdout.split('\n').filter((line) => /^[0-9a-f]{8,}$/.test(line));
    if (listed.code !== 0) throw new Error(lastWords(listed.stderr));
    if (ids.length === 0) return 0;
    const removed = await engine.run(['rm', '--force', ...ids], { signal, timeoutMs });
    if (removed.code !== 0 && !isGone(removed.stderr)) throw new Error(lastWords(removed.stderr));
    logger.log('warning', 'ended what a killed outpost left of its guacd', { containers: ids.length });
    return ids.length;
  } catch (error) {
    if (signal.aborted) throw SallyportError.from(error);
    logger.log('warning', 'what a killed outpost may have left of its guacd could not be ended', { error });
    return 0;
  }
}

/** Whether an engine refused to remove a container because there is none any more, or hardly. */
export function isGone(stderr: string): boolean {
  return /no such container|no container with|already in progress/i.test(stderr);
}

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { endProcesses } from './ending.ts';
import { belongsTo, familyOf, identityOf, listProcesses } from './processes.ts';

const FILE = 'guacd.pid.json';
const MAX_FILE_BYTES = 4_096;

const Note = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(2)),
  identity: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
});

/** Writes down that `pid` is our guacd, for the next start in case this process is killed. Rejects as `writeFileAtomic` does. */
export async function noteGuacd(stateDir: string, pid: number): Promise<void> {
  const identity = await identityOf(pid);
  // Without an identity the number could be anybody's later: better an orphan than a stranger ended.
  if (identity === null) return;
  await writeFileAtomic(join(stateDir, FILE), JSON.stringify({ pid, identity }));
}

/** The noted guacd has ended. Never rejects: what a note that stays names is nobody's any more. */
export async function forgetGuacd(stateDir: string): Promise<void> {
  await rm(join(stateDir, FILE), { force: true }).catch(() => {});
}

/**
 * Ends every guacd that an outpost with this state folder left behind when it was killed, with the processes of its
 * connections. Resolves with how many processes there were. A process that merely has the number of one is left
 * alone.
 */
export async function endOrphans(stateDir: string, owner: string, graceMs: number): Promise<number> {
  const orphans = await findOrphans(stateDir, owner);
  if (orphans.size > 0) {
    await endProcesses(
      async () => {
        const alive: number[] = [];
        for (const [pid, identity] of orphans) if ((await identityOf(pid)) === identity) alive.push(pid);
        return alive;
      },
      { graceMs },
    );
  }
  await forgetGuacd(stateDir);
  return orphans.size;
}

/** Orphans with their identities, so that none is mistaken for another between finding and ending. */
async function findOrphans(stateDir: string, owner: string): Promise<Map<number, string>> {
  const all = await listProcesses();
  const pids = new Set<number>();
  for (const { pid } of all) {
    // Finds those too that were started in the moment before their number could be noted.
    if (pid !== process.pid && (await belongsTo(owner, pid)) === true) pids.add(pid);
  }
  const noted = await readNote(stateDir);
  if (noted && (await identityOf(noted.pid)) === noted.identity) {
    for (const { pid } of familyOf(noted.pid, all)) pids.add(pid);
  }
  const orphans = new Map<number, string>();
  for (const pid of pids) {
    const identity = await identityOf(pid);
    if (identity !== null) orphans.set(pid, identity);
  }
  return orphans;
}

async function readNote(stateDir: string): Promise<v.InferOutput<typeof Note> | null> {
  try {
    const text = await readFile(join(stateDir, FILE), 'utf8');
    if (text.length > MAX_FILE_BYTES) return null;
    const decoded = v.safeParse(Note, JSON.parse(text));
    return decoded.success ? decoded.output : null;
  } catch {
    // No note, or one that a crash or a hand has damaged: then there is nothing that may be ended.
    return null;
  }
}

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { decodeGreeting, GREETING_MAX_BYTES, helloLine } from '../../../main/control/greeting.ts';
import { readLine } from '../../../main/control/line.ts';
import { proofFolder } from '../../../main/control/members.ts';
import { proofName } from '../../../main/control/proof.ts';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { MembersDoor, type MembersDoorOptions } from '../../../main/process/members-door.ts';
import type { MembersSessions } from '../../../main/process/members-sessions.ts';
import type { Bench } from '../control/outpost-fixture.ts';

export const IS_ROOT = process.getuid?.() === 0;

/** The group of whoever runs the test: nobody may give a file to a group that is not theirs. */
export const OWN =
  process.platform === 'win32' ? '' : execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim();

/** For tests of several people, which root alone can play: a group that is on every system, and its number. */
export const GROUP = 'daemon';
export const GROUP_ID = 1;

/** Members who have none. */
export const NO_SESSIONS: MembersSessions = { members: () => [], end: () => {} };

/** The door at `path` to what a bench answers. */
export function openMembersDoor(
  bench: Bench,
  path: string,
  options: Partial<MembersDoorOptions> = {},
): Promise<MembersDoor> {
  return MembersDoor.open({
    group: IS_ROOT ? GROUP : OWN,
    path,
    handlers: bench.handlers(),
    tickets: bench.tickets,
    logger: silentLogger,
    sessions: NO_SESSIONS,
    ...options,
  });
}

/** Of a connection that has said hello and was asked who it is. */
export class Knock {
  readonly path: string;

  private constructor(
    readonly socket: ReturnType<typeof connect>,
    readonly nonce: string,
    door: string,
  ) {
    this.path = join(proofFolder(door), proofName(nonce));
  }

  static async at(door: string): Promise<Knock> {
    const socket = connect(door);
    socket.on('error', () => {});
    socket.write(helloLine('control', '0'));
    const { prove = '' } = await answerOn(socket);
    return new Knock(socket, prove, door);
  }

  /** Says that the proof is there; rejects as the outpost refuses. */
  async say() {
    this.socket.write(helloLine('proof', '0'));
    return answerOn(this.socket);
  }
}

async function answerOn(socket: ReturnType<typeof connect>) {
  return decodeGreeting(await readLine(socket, { maxBytes: GREETING_MAX_BYTES, timeoutMs: 30_000 }));
}

/** What a user of this system, in the group, gets when they run this; only root can play it. */
export function as(uid: number, script: string, gid = GROUP_ID): string {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-e', `const fs = require('fs'); try { ${script} } catch (error) { console.log(error.code); }`],
    { uid, gid, encoding: 'utf8', env: {}, cwd: '/' },
  );
  return stdout + stderr;
}

/** The script that makes the proof as the client does, with what is to be other. */
export function proving({ path, nonce }: Knock, { mode = 0o444, content = nonce } = {}): string {
  return `fs.writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(content)}, { flag: 'wx' }); fs.chmodSync(${JSON.stringify(path)}, ${mode});`;
}

/** A folder that everybody may enter, as `/run/sallyport`. */
export async function openFolder(inside: string): Promise<string> {
  const path = join(inside, 'run');
  await mkdir(path);
  await chmod(inside, 0o755);
  await chmod(path, 0o755);
  return path;
}

/** The program of `members-child.ts`, where any user can run it. */
export async function childProgram(folder: string): Promise<string> {
  const outfile = join(folder, 'child.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'members-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire('/');` },
    logLevel: 'error',
  });
  await chmod(outfile, 0o644);
  return outfile;
}

/** Resolves with the child and its first line. */
export async function startChild(program: string, words: readonly string[], uid: number, gid: number) {
  const child = spawn(process.execPath, [program, ...words], { uid, gid, env: {}, cwd: dirname(program) });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text;
  });
  const ended = once(child, 'exit');
  const line = await new Promise<string>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text;
      if (said.includes('\n')) resolve(said.trim());
    });
    void ended.then(() => resolve(said.trim()));
  });
  return { child, line, ended };
}

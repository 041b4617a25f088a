// A network of its own for a program, in which nothing but loopback is reached, and room of its own for screens.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { findProgram } from './system.mjs';

/**
 * A screen that chooses its number looks for one that is free in its own network, and then takes the socket of that number
 * in the folder that all share: that of somebody else's screen. So the folder is another one as well.
 */
const INSIDE = [
  '"$0" link set lo up',
  'mkdir -p /tmp/.X11-unix',
  'mount -t tmpfs -o mode=1777 none /tmp/.X11-unix',
  'exec "$@"',
].join(' && ');

/**
 * The command that runs `command` so; `command` itself where that cannot be done, as for whoever is not root, or root in
 * a container.
 * @param {readonly string[]} command
 * @param {{ uid?: number, find?: (name: string) => string | undefined, succeeds?: typeof doesSucceed }} [machine]
 * @returns {readonly string[]}
 */
export function withoutRoute(
  command,
  { uid = process.getuid?.(), find = findProgram, succeeds = doesSucceed } = {},
) {
  const [unshare, ip] = [find('unshare'), find('ip')];
  if (uid !== 0 || unshare === undefined || ip === undefined) return command;
  const inside = [unshare, '-n', '-m', 'sh', '-c', INSIDE, ip];
  // Each takes the place of the one before it: signals reach the command.
  return succeeds([...inside, 'true']) ? [...inside, ...command] : command;
}

function doesSucceed([program, ...args]) {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

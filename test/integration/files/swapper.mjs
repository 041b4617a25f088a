// Swaps a directory and a file of the drive with links to what lies outside for a bounded time: every other round as fast
// as it can, else with rests, in which whoever shares its core has a turn in each state.
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import process from 'node:process';

const [drive, outside] = process.argv.slice(2);
process.chdir(drive);
const until = Date.now() + 60_000;
const still = new Int32Array(new SharedArrayBuffer(4));
let rounds = 0;
const rest = () => {
  if (rounds % 2 === 1) Atomics.wait(still, 0, 0, Math.random() * 2);
};
console.log('swapping');
while (Date.now() < until) {
  rounds += 1;
  // Again where an upload has just put something there.
  for (const name of ['dir', 'file', 'was-dir'])
    rmSync(name, { recursive: true, force: true, maxRetries: 100 });
  mkdirSync('dir');
  writeFileSync('dir/file', 'inside');
  writeFileSync('file', 'inside', { flag: 'wx' });
  rest();
  symlinkSync(outside, 'link-dir');
  symlinkSync(`${outside}/file`, 'link-file');
  renameSync('dir', 'was-dir');
  renameSync('link-dir', 'dir');
  renameSync('link-file', 'file');
  rest();
}

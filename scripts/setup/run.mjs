// Setup as a whole: what a command needs, step by step.
import process from 'node:process';
import { installPackages } from './apt.mjs';
import { provideElectron } from './electron.mjs';
import { missingPackages, needsElectron } from './needs.mjs';
import { installNpmPackages } from './npm.mjs';

const OLDEST_NODE = 20;

/**
 * Installs what is missing for a command, and says so line by line; quick and silent when nothing is.
 * @param {import('./needs.mjs').Group} group
 * @returns {Promise<boolean>} Whether the command can be run at all. What else is missing has been said.
 */
export async function setUp(group, log = say) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    log(`Node ${process.versions.node} is too old: Sallyport is built with Node ${OLDEST_NODE} or newer.`);
    return false;
  }
  const npm = await installNpmPackages(log);
  if (npm !== undefined) {
    log(npm);
    return false;
  }
  const steps = [() => installPackages(missingPackages(group), log)];
  if (needsElectron(group)) steps.push(() => provideElectron(log));
  for (const step of steps) {
    const failure = await step().catch((error) => error.message);
    if (failure !== undefined) log(`${failure} Going on with what is there.`);
  }
  return true;
}

function say(line) {
  console.log(`setup: ${line}`);
}

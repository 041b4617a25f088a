// Makes this machine ready: `npm run setup [-- --check] [-- --for start|desktop|screen|test|bench|package]`. See docs/setup.md.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findings, table } from './setup/check.mjs';
import { setUp } from './setup/run.mjs';

const GROUPS = ['start', 'desktop', 'screen', 'test', 'bench', 'package'];

process.exitCode = await main();

async function main() {
  const { check, for: group } = readArguments();
  if (!GROUPS.includes(group)) {
    console.error(`--for takes one of ${GROUPS.join(', ')}; it got ${group}.`);
    return 2;
  }
  if (!check && !(await setUp(group))) return 1;
  const list = await findings(group);
  console.log(table(list));
  return list.every(({ found }) => found) ? 0 : 1;
}

function readArguments() {
  try {
    return parseArgs({
      options: { check: { type: 'boolean', default: false }, for: { type: 'string', default: 'test' } },
    }).values;
  } catch (error) {
    console.error(`${error.message}. Known are --check and --for ${GROUPS.join('|')}.`);
    process.exit(2);
  }
}

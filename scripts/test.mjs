// `npm test`: prepares, builds, checks, tests. What failed is said again at the end, a line for each, as often only the
// end of an output is kept. The last line is `N passed, N failed[, N skipped]`.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { buildAll, runProgram } from './setup/child.mjs';
import {
  atTheEnd,
  countReport,
  countStep,
  failuresOf,
  line,
  objection,
  sum,
  summary,
  unsteadyOf,
} from './setup/counts.mjs';
import { withoutRoute } from './setup/no-route.mjs';
import { setUp } from './setup/run.mjs';
import { ROOT, run } from './setup/system.mjs';

const LAYERS = [
  ...['main/core', 'main', 'main/desktop', 'preload', 'preload/contract', 'renderer'],
  ...['practice', 'practice/page', 'test'],
];
/** Computing waits for those who wait for windows: they have clocks that run. */
const PATIENT = 15;
/** For one run of the linter or the compiler: only there to notice one that never ends. */
const CHECK_MS = 600_000;

process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} filters - Parts of file names: only the tests in those. */
async function main(filters) {
  const began = performance.now();
  const prepared = await prepare();
  const ready = prepared.length === 0;
  // Side by side: servers and windows are waited for most of the time, and all that the others do is computing.
  const [[checks, quick], [lab, windows]] = await Promise.all([
    quickSteps(ready, prepared, filters),
    slowSteps(ready, filters),
  ]);
  const steps = [checks, quick, lab, windows];
  const counts = {
    checks: checks.counts,
    quick: quick.counts,
    lab: sum([lab.counts, windows.counts]),
  };
  const why = objection(counts, process.env.CI === 'true');
  console.log(`Took ${seconds(began)}: ${steps.map(({ took }) => took).join(', ')}.`);
  const unsteady = steps.flatMap((step) => step.unsteady ?? []);
  if (unsteady.length > 0) console.log('Passed when run again:');
  for (const test of atTheEnd(unsteady)) console.log(test);
  for (const failure of atTheEnd(steps.flatMap(({ failures }) => failures))) console.log(failure);
  if (why !== undefined) console.log(`Not good: ${why}`);
  console.log(summary(sum(Object.values(counts))));
  return why === undefined ? 0 : 1;
}

async function quickSteps(ready, prepared, filters) {
  const checks = await timed('lint and types', () =>
    ready ? lintAndTypes() : { counts: countStep(false), failures: prepared },
  );
  const quick = await timed('quick', () =>
    ready ? vitest('quick', filters, { aside: true, priority: PATIENT }) : skipped(countStep(false)),
  );
  return [checks, quick];
}

/**
 * Those with servers, and those with windows: at once where the windows can have a network of their own, for both use
 * the ports that an outpost has by default.
 */
async function slowSteps(ready, filters) {
  const none = { passed: 0, failed: 0, skipped: 0 };
  const isApart = withoutRoute(['true']).length > 1;
  const lab = timed('lab', () => (ready ? vitest('lab', filters) : skipped(none)));
  if (!isApart) await lab;
  const windows = timed('windows', () =>
    ready ? vitest('windows', filters, { aside: isApart, isApart }) : skipped(none),
  );
  return Promise.all([lab, windows]);
}

/** Sets up and builds. @returns {Promise<string[]>} What failed. */
async function prepare() {
  if (!(await setUp('test')))
    return [line('setup', 'the suite cannot be run', 'what is missing is said above')];
  const code = await buildAll();
  return code === 0
    ? []
    : [line('build', 'scripts/build.mjs', `it ended with code ${code}, nothing was tested`)];
}

/** A step that was not taken. */
function skipped(counts) {
  return { counts, failures: [] };
}

/** Does a step and says how long it took. */
async function timed(name, step) {
  const began = performance.now();
  return { ...(await step()), took: `${name} ${seconds(began)}` };
}

function seconds(began) {
  return `${Math.round((performance.now() - began) / 1_000)} s`;
}

/** Linter and compiler as one test: their findings are many lines or none. */
async function lintAndTypes() {
  const modules = 'node_modules';
  const commands = [
    [join(modules, '@biomejs', 'biome', 'bin', 'biome'), 'check'],
    ...LAYERS.map((layer) => [join(modules, 'typescript', 'bin', 'tsc'), '-p', layer]),
  ];
  const failures = [];
  const check = async (args) => {
    const { code, output } = await run(process.execPath, args, { timeoutMs: CHECK_MS });
    if (code === 0) return;
    console.log(`${args.join(' ')}:\n${output}`);
    const how = code === 124 ? `it did not end within ${CHECK_MS / 1_000} s` : `code ${code}`;
    failures.push(line('lint and types', args.slice(1).join(' '), `${how}: ${output.trim()}`));
  };
  // As many at once as there are cores: more would only be in each other's way.
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (let next = commands.shift(); next; next = commands.shift()) await check(next);
  });
  await Promise.all(workers);
  const good = failures.length === 0;
  console.log(good ? ' ✓ lint and types' : ' ✗ lint and types');
  return { counts: countStep(good), failures };
}

/**
 * @param {{ aside?: boolean, isApart?: boolean, priority?: number }} options - `aside`: beside another one; with one worker,
 * and heard at its end. `isApart`: with a network of its own.
 */
async function vitest(project, filters, { aside = false, isApart = false, priority } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-report-'));
  const file = join(folder, 'report.json');
  const said = join(folder, 'output.txt');
  const output = aside ? openSync(said, 'w') : undefined;
  try {
    const command = [
      ...[process.execPath, join('node_modules', 'vitest', 'vitest.mjs')],
      ...['run', '--project', project, '--passWithNoTests', ...filters],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    ];
    const [program, ...args] = isApart ? withoutRoute(command) : command;
    const code = await runProgram(
      program,
      args,
      aside ? { output, priority, env: { SALLYPORT_TEST_WORKERS: '1' } } : {},
    );
    if (aside) process.stdout.write(readFileSync(said, 'utf8'));
    const report = readReport(file);
    return {
      counts: countReport(report, code),
      failures: failuresOf(project, report, code, ROOT),
      unsteady: unsteadyOf(project, report, ROOT),
    };
  } finally {
    if (output !== undefined) closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

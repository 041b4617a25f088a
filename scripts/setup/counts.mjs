// Counts what the test steps found, says what failed, and decides whether all is good. Pure.
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/** One step that is a single test, such as the linter. @returns {Counts} */
export function countStep(passed) {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

/**
 * What vitest found, by its JSON report.
 * @param {unknown} report - The parsed report; undefined where vitest wrote none.
 * @param {number} exitCode - Vitest's.
 * @returns {Counts}
 */
export function countReport(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const passed = report.numPassedTests ?? 0;
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  // A file that cannot even be loaded has no tests that could fail: the file counts as one.
  const broken = (report.testResults ?? []).filter(
    ({ status, assertionResults = [] }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length;
  const failed = (report.numFailedTests ?? 0) + broken;
  // Vitest also fails for what happens outside of tests, such as an unhandled rejection.
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
}

/** The most that is said of one failure, and of how many, so that all of it is in the end of an output that is cut. */
const MOST_CHARACTERS = 240;
const MOST_FAILURES = 40;

/**
 * What failed, a line for each: which test of which step, and the first line of why.
 * @param {string} step
 * @param {unknown} report - Vitest's JSON report; undefined where it wrote none.
 * @param {number} exitCode - Vitest's.
 * @param {string} root - The folder that files are named from.
 * @returns {string[]} Empty when nothing failed.
 */
export function failuresOf(step, report, exitCode, root = '') {
  if (report === undefined) return [line(step, 'it has left no report', `it ended with code ${exitCode}`)];
  const found = (report.testResults ?? []).flatMap((result) => {
    const { status, message = '', assertionResults = [] } = result;
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [line(step, fileOf(result, root), message)] : [];
    return failed.map((test) => testLine(step, fileOf(result, root), test));
  });
  if (found.length === 0 && exitCode !== 0)
    return [line(step, 'something outside of tests', `look for “Unhandled” above; code ${exitCode}`)];
  return found;
}

/**
 * What failed once and passed when it was run again, a line for each.
 * @param {string} step
 * @param {unknown} report - Vitest's JSON report; undefined where it wrote none.
 * @param {string} root - The folder that files are named from.
 * @returns {string[]}
 */
export function unsteadyOf(step, report, root = '') {
  return (report?.testResults ?? []).flatMap((result) =>
    (result.assertionResults ?? [])
      .filter(({ status, failureMessages = [] }) => status === 'passed' && failureMessages.length > 0)
      .map((test) => testLine(step, fileOf(result, root), test, '~')),
  );
}

function fileOf({ name = '' }, root) {
  return name.startsWith(root) ? name.slice(root.length).replace(/^\//, '') : name;
}

function testLine(step, file, { ancestorTitles = [], title = '', failureMessages = [] }, sign) {
  return line(step, [file, ...ancestorTitles, title].join(' > '), failureMessages[0] ?? '', sign);
}

/** One failure in one line. @returns {string} */
export function line(step, what, why, sign = '✗') {
  const [first = ''] = stripVTControlCharacters(why).trim().split('\n');
  return ` ${sign} ${step}: ${what}: ${first}`.slice(0, MOST_CHARACTERS);
}

/** The lines as they are said last; with how many more there are where they are very many. */
export function atTheEnd(failures) {
  const more = failures.length - MOST_FAILURES;
  return more > 0 ? [...failures.slice(0, MOST_FAILURES), ` ✗ and ${more} more`] : failures;
}

/** @param {readonly Counts[]} counts @returns {Counts} */
export function sum(counts) {
  return counts.reduce(
    (left, right) => ({
      passed: left.passed + right.passed,
      failed: left.failed + right.failed,
      skipped: left.skipped + right.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The last line of the suite. @param {Counts} counts */
export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Why the suite as a whole is not good; undefined when it is.
 * @param {{ checks: Counts, quick: Counts, lab: Counts }} counts
 * @param {boolean} ci - Whether this is CI, where everything must be there and nothing may be skipped.
 */
export function objection({ checks, quick, lab }, ci) {
  const total = sum([checks, quick, lab]);
  if (total.failed > 0) return `${total.failed} failed.`;
  if (quick.passed + lab.passed === 0) return 'No test ran.';
  if (ci && lab.skipped > 0) return `In CI no test of lab and browser may be skipped; ${lab.skipped} were.`;
  return undefined;
}

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** How long is waited for what comes: far longer than it takes, also on a machine that is slow and busy. */
const PATIENCE_MS = 30_000;

/**
 * A test that waits for real servers and windows may meet a moment that nobody has thought of: it is run once more, and
 * `npm test` lists it as unsteady where it passes then. A property that has failed has found something: never again.
 */
const RETRY = { count: 1, condition: /^(?!Property failed)/ };

/** With a process for each file, its start and its imports would be more than half of the work. */
const ISOLATED = false;

const ONE_BY_ONE = {
  isolate: ISOLATED,
  fileParallelism: false,
  testTimeout: 8 * PATIENCE_MS,
  hookTimeout: 8 * PATIENCE_MS,
  expect: { poll: { timeout: PATIENCE_MS } },
  retry: RETRY,
};

/**
 * `quick` is what runs after every change; `lab` starts real servers, `windows` browsers and the app, each one file at a
 * time; `nightly` takes its time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'quick',
          include: ['test/unit/**/*.test.ts', 'test/integration/**/*.test.ts', 'test/architecture.test.ts'],
          // Most of these tests wait more than they compute: also two cores have work for two. `npm test` runs the lab
          // beside them.
          maxWorkers: Number(
            process.env['SALLYPORT_TEST_WORKERS'] ?? Math.max(2, availableParallelism() - 1),
          ),
          isolate: ISOLATED,
          testTimeout: 2 * PATIENCE_MS,
          hookTimeout: 2 * PATIENCE_MS,
          expect: { poll: { timeout: PATIENCE_MS } },
          retry: RETRY,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          ...ONE_BY_ONE,
        },
      },
      {
        test: {
          name: 'windows',
          include: ['test/e2e/**/*.test.ts'],
          ...ONE_BY_ONE,
        },
      },
      {
        test: {
          // Too long for every change: npx vitest run --project nightly
          name: 'nightly',
          include: ['test/nightly/**/*.test.ts'],
        },
      },
    ],
  },
});

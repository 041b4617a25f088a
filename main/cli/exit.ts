import { type ErrorCode, SallyportError } from '../core/errors.ts';

/** How `sallyport` ends, for scripts. `docs/cli.md` shows this table; a test holds the two together. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'Done; for `status`: online; for `doctor`: nothing failed; for `health`: well' },
  failed: {
    code: 1,
    meaning:
      'It was tried and failed; for `doctor`: at least one step failed; for `health`: not well, or nobody there',
  },
  usage: { code: 2, meaning: 'The command line, or a value on it, is not right' },
  notRunning: { code: 3, meaning: 'No outpost is running here' },
  notOnline: { code: 4, meaning: 'An outpost is running, but not online, or only degraded (`status`)' },
  notFound: {
    code: 5,
    meaning: 'There is no such session (`end`), machine (`machines`) or credential (`vault`)',
  },
} as const;

export type Exit = keyof typeof EXIT_CODES;

/** The exit that a failure means. */
export function exitOf(error: unknown): Exit {
  const code: ErrorCode = SallyportError.from(error).code;
  switch (code) {
    case 'control-unreachable':
      return 'notRunning';
    case 'session-not-found':
    case 'machine-not-found':
    case 'credential-not-found':
      return 'notFound';
    case 'settings-invalid':
    case 'request-invalid':
      return 'usage';
    default:
      return 'failed';
  }
}

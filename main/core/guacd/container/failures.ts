import { SallyportError } from '../../errors.ts';
import type { GuacdContainer } from '../../status.ts';

export const ENGINE_NAMES: Readonly<Record<GuacdContainer['engine'], string>> = {
  podman: 'Podman',
  docker: 'Docker',
};

const MAX_QUOTED = 300;

export function containerFailure(message: string, advice: string, cause?: unknown): SallyportError {
  return new SallyportError('guacd-container', message, { advice, cause });
}

/** The last line of what an engine printed, without its prefixes, as a sentence to be put behind a colon. */
export function lastWords(stderr: string): string {
  // Docker ends with where help is to be had.
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.includes('--help'));
  const errors = lines.filter((line) => /error|denied|cannot|failed/i.test(line));
  const line = (errors[errors.length - 1] ?? lines[lines.length - 1] ?? 'it said nothing')
    .replace(/^time="[^"]*"\s+level=\w+\s+msg=/, '')
    .replace(/^((docker|podman|Error|Error response from daemon):\s*)+/i, '')
    .trim();
  if (line.length > MAX_QUOTED) return `${line.slice(0, MAX_QUOTED)}…`;
  return /[.?!]$/.test(line) ? line : `${line}.`;
}

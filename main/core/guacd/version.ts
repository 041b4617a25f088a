import type { Failure } from '../errors.ts';

interface Weakness {
  readonly id: string;
  /** The first version without it. */
  readonly fixedIn: string;
  readonly what: string;
}

/** Published weaknesses of guacd, oldest fix first. */
const WEAKNESSES: readonly Weakness[] = [
  { id: 'CVE-2023-30575', fixedIn: '1.5.2', what: 'instructions can be smuggled into a session' },
  {
    id: 'CVE-2023-30576',
    fixedIn: '1.5.2',
    what: 'memory is used after it was freed when RDP sends audio in',
  },
  { id: 'CVE-2023-43826', fixedIn: '1.5.4', what: 'a hostile VNC server may run code in guacd' },
  { id: 'CVE-2024-35164', fixedIn: '1.6.0', what: 'hostile terminal output may run code in guacd' },
];

const ADVICE =
  'Run guacd 1.6.0 or newer: the official container image, a package of your distribution, or one built from source.';

/** What the handshake can tell: which versions of guacd name this version of the protocol. */
const PROTOCOL_NAMES: readonly { protocol: string; guacd: string; newest: string }[] = [
  { protocol: 'VERSION_1_0_0', guacd: '1.0 or older', newest: '1.0.0' },
  { protocol: 'VERSION_1_1_0', guacd: '1.1 or 1.2', newest: '1.2.0' },
  { protocol: 'VERSION_1_3_0', guacd: '1.3 or 1.4', newest: '1.4.0' },
];

/** The version that `guacd -v` printed, such as `1.6.0`; null where there is none in it. */
export function parseVersion(output: string): string | null {
  return /\bversion\s+(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)/i.exec(output)?.[1] ?? null;
}

/** The identifiers of the weaknesses that `version`, such as `1.3.0`, has; oldest fix first. */
export function weaknessesOf(version: string): readonly string[] {
  return having(version).map(({ id }) => id);
}

/**
 * What an admin must know about this guacd; null where nothing is known against it. `version` is an exact one from
 * `guacd -v`, or the protocol's from the handshake (`VERSION_1_5_0`), or null while nothing is known. `subject` begins
 * the sentence.
 */
export function versionWarning(version: string | null, subject = 'guacd'): Failure | null {
  if (version === null) return null;
  if (!version.startsWith('VERSION_'))
    return compare(version, '1.6.0') < 0 ? outdated(`${subject} is version ${version}`, version) : null;
  const known = PROTOCOL_NAMES.find(({ protocol }) => protocol === version);
  if (known) return outdated(`${subject} is version ${known.guacd}`, known.newest);
  if (version !== 'VERSION_1_5_0') return null;
  return {
    code: 'guacd-outdated',
    message: `${subject} is 1.5 or 1.6, which cannot be told apart from here; 1.5 has known weaknesses (CVE-2024-35164).`,
    advice: 'Look with “guacd -v” there, and run 1.6.0 or newer.',
  };
}

function outdated(subject: string, version: string): Failure {
  const reasons = having(version)
    .map(({ id, what }) => `${what} (${id})`)
    .join(', ');
  return {
    code: 'guacd-outdated',
    message: `${subject}, which has known weaknesses: ${reasons}.`,
    advice: ADVICE,
  };
}

function having(version: string): readonly Weakness[] {
  return WEAKNESSES.filter(({ fixedIn }) => compare(version, fixedIn) < 0);
}

function compare(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The only place that knows what the system's and Node's error codes mean. That each `code` is one of `errors.ts`'
 * is checked there, where it is used: named here, the two files would import each other.
 */
const ERRNOS = {
  ECONNREFUSED: {
    code: 'connect-refused',
    happened: 'refused the connection',
    advice: 'Is the service running there, and is the port right?',
  },
  ECONNRESET: { code: 'connection-lost', happened: 'cut the connection' },
  EPIPE: { code: 'connection-lost', happened: 'closed the connection while it was written to' },
  ETIMEDOUT: {
    code: 'connect-timeout',
    happened: 'did not answer in time',
    advice: 'Does a firewall drop the packets on the way?',
  },
  EHOSTUNREACH: {
    code: 'connect-timeout',
    happened: 'cannot be reached from here',
    advice: 'Check the route to it.',
  },
  ENETUNREACH: {
    code: 'connect-timeout',
    happened: 'is in a network that cannot be reached from here',
    advice: 'Is this host connected to the network?',
  },
  ENOTFOUND: {
    code: 'dns-failed',
    happened: 'is a name that DNS does not know',
    advice: 'Check the spelling and this host’s DNS server.',
  },
  EAI_AGAIN: {
    code: 'dns-failed',
    happened: 'could not be resolved because DNS did not answer',
    advice: 'Check this host’s DNS server.',
  },
  EADDRINUSE: {
    code: 'port-taken',
    happened: 'is already in use by another program',
    advice: 'Choose another port or end the other program.',
  },
  EADDRNOTAVAIL: {
    code: 'listen-failed',
    happened: 'is not an address of this host',
    advice: 'Choose an address that this host has, such as 127.0.0.1.',
  },
  ENOENT: { code: 'file-unreadable', happened: 'does not exist' },
  EISDIR: { code: 'file-unreadable', happened: 'is a directory, not a file' },
  ENOTDIR: { code: 'file-unreadable', happened: 'lies below something that is not a directory' },
  EACCES: {
    code: 'file-unreadable',
    happened: 'may not be accessed by this user',
    advice: 'Check its owner and permissions.',
  },
  EPERM: { code: 'file-unwritable', happened: 'may not be changed by this user', advice: 'Check its owner.' },
  EROFS: { code: 'file-unwritable', happened: 'is on a read-only file system' },
  ENOSPC: { code: 'disk-full', happened: 'does not fit: the disk is full', advice: 'Free some space.' },
  EDQUOT: {
    code: 'disk-full',
    happened: 'does not fit: the disk quota is used up',
    advice: 'Free some space.',
  },
  EMFILE: {
    code: 'internal',
    happened: 'failed: this process has too many files open',
    advice: 'Raise the limit of open files (ulimit -n).',
  },
} as const;

interface KnownErrno {
  readonly code: (typeof ERRNOS)[keyof typeof ERRNOS]['code'];
  readonly happened: string;
  readonly advice?: string;
}

const BY_NAME: ReadonlyMap<string, KnownErrno> = new Map(Object.entries(ERRNOS));

/** A system error in words; `undefined` where the code is not known. `subject` begins the sentence. */
export function errnoFailure(
  error: unknown,
  subject: string,
): { code: KnownErrno['code']; message: string; advice: string | undefined } | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const known = BY_NAME.get(error.code);
  return known && { code: known.code, message: `${subject} ${known.happened}.`, advice: known.advice };
}

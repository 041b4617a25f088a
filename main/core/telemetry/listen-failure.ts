import { type Failure, SallyportError } from '../errors.ts';

/** Why metrics cannot be served on `host` and `port`, and what to do; `error` is what listening there gave. */
export function listenFailure(error: unknown, host: string, port: number): Failure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const elsewhere = 'choose another with AUTHENTIK_LISTEN__METRICS';
  if (code === 'EADDRINUSE') {
    return {
      code: 'port-taken',
      message: `Port ${port} on ${host}, where metrics should be served, is already in use by another program.`,
      advice: `End that program or ${elsewhere}.`,
    };
  }
  if (code === 'EACCES') {
    return {
      code: 'listen-failed',
      message: `Port ${port} on ${host}, where metrics should be served, may not be opened by this user.`,
      advice: `Take a port from 1024 up: ${elsewhere}.`,
    };
  }
  const { message } = SallyportError.from(error, host, 'listen-failed');
  return {
    code: 'listen-failed',
    message: `Metrics cannot be served on port ${port}: ${message}`,
    advice: 'Use an address of this host, such as 127.0.0.1, in AUTHENTIK_LISTEN__METRICS.',
  };
}

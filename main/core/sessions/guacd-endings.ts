import { SallyportError } from '../errors.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import { machineFailure } from './machine-failure.ts';
import type { SessionRequest } from './request.ts';
import { type Ending, ending } from './words.ts';

const SEE_OUTPUT = 'Open the session again; if this comes back, look at guacd’s output in the log.';

/** guacd has said `error`; `text` and `code` as it said them. */
export function guacdError(
  request: Pick<SessionRequest, 'machine' | 'protocol' | 'source'>,
  text: string,
  code: string,
): Ending {
  const status = /^\d{1,5}$/.test(code) ? Number(code) : GuacamoleStatus.serverError;
  const failure = machineFailure(request, text, status);
  return ending('failed', failure.toFailure(), failure.status);
}

export function guacdSilent(): Ending {
  const failure = new SallyportError('guacd-timeout', 'guacd has gone silent, so the session was ended.', {
    advice: SEE_OUTPUT,
  });
  return ending('guacd-lost', failure.toFailure(), GuacamoleStatus.upstreamTimeout);
}

export function guacdClosed(): Ending {
  const failure = new SallyportError('guacd-died', 'guacd closed the session without saying why.', {
    advice: SEE_OUTPUT,
  });
  return ending('guacd-lost', failure.toFailure());
}

/** What guacd or the person’s end sent is not what this end can read. */
export function brokenStream(error: unknown, what: string): Ending {
  const { code, message } = SallyportError.from(error);
  return ending('failed', { code, message: `${what} ${message}` }, GuacamoleStatus.serverError);
}

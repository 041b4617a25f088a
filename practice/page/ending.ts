/** Guacamole's status codes as a tunnel gives them when there is no word from the other side. */
const CODES = { upstreamTimeout: 0x0202, upstreamNotFound: 0x0207, upstreamUnavailable: 0x0208 } as const;

/** How a session ended, for the person. */
export interface Ending {
  readonly title: string;
  readonly sentence: string;
}

/** The machine or the person in it ended the session in an orderly way. */
export const ENDED: Ending = { title: 'The session has ended', sentence: 'The machine closed the session.' };

/** The other side gave a reason, which is told as it came. */
export function endedWith(message: string | undefined, code: number): Ending {
  const text = message?.trim() ?? '';
  return {
    title: 'The session has ended',
    sentence: text === '' ? `No reason was given (status 0x${code.toString(16).padStart(4, '0')}).` : text,
  };
}

/** The connection broke without a reason from the other side. `receiveTimeoutMs`: how long the page waits. */
export function brokenOff(code: number, receiveTimeoutMs: number): Ending {
  const title = 'The connection was lost';
  switch (code) {
    case CODES.upstreamTimeout:
      return {
        title,
        sentence: `Nothing has come for ${receiveTimeoutMs / 1000} s, so the page has given up, as authentik’s does.`,
      };
    case CODES.upstreamNotFound:
    case CODES.upstreamUnavailable:
      return { title, sentence: 'Practice authentik does not answer any more, or it refused the session.' };
    default:
      return {
        title,
        sentence: 'The session was closed without a word. The outpost may have been ended or restarted.',
      };
  }
}

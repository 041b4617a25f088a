/** Guacamole's status codes, as they stand in `error` and `ack` instructions. Source: Guacamole's protocol reference. */
export const GuacamoleStatus = {
  success: 0x0000,
  unsupported: 0x0100,
  serverError: 0x0200,
  serverBusy: 0x0201,
  upstreamTimeout: 0x0202,
  upstreamError: 0x0203,
  resourceNotFound: 0x0204,
  resourceConflict: 0x0205,
  resourceClosed: 0x0206,
  upstreamNotFound: 0x0207,
  upstreamUnavailable: 0x0208,
  sessionConflict: 0x0209,
  sessionTimeout: 0x020a,
  sessionClosed: 0x020b,
  badRequest: 0x0300,
  unauthorized: 0x0301,
  forbidden: 0x0303,
  clientTimeout: 0x0308,
  overrun: 0x030d,
  badType: 0x030f,
  tooMany: 0x031d,
} as const;

export type GuacamoleStatusName = keyof typeof GuacamoleStatus;

const WORDS: Readonly<Record<GuacamoleStatusName, string>> = {
  success: 'everything is fine',
  unsupported: 'what was asked for is not supported',
  serverError: 'guacd failed inside',
  serverBusy: 'the server is busy',
  upstreamTimeout: 'the machine did not answer in time',
  upstreamError: 'the machine reported an error',
  resourceNotFound: 'what was asked for does not exist',
  resourceConflict: 'what was asked for is in use',
  resourceClosed: 'what was asked for has been closed',
  upstreamNotFound: 'the machine was not found, or nothing listens there',
  upstreamUnavailable: 'the machine refuses connections',
  sessionConflict: 'the session collided with another one on the machine',
  sessionTimeout: 'the session ended because nothing happened for too long',
  sessionClosed: 'the session was closed by the machine',
  badRequest: 'the request was not understood',
  unauthorized: 'the machine refused the user name or the password',
  forbidden: 'the machine does not allow this user in',
  clientTimeout: 'the browser did not answer in time',
  overrun: 'the browser sent more than is allowed',
  badType: 'the browser sent something of an unexpected type',
  tooMany: 'too many connections are open',
};

/** What a status code means, as half a sentence; an unknown code is given as its number. */
export function statusWords(code: number): string {
  for (const [name, value] of Object.entries(GuacamoleStatus)) {
    if (value === code) return WORDS[name as GuacamoleStatusName];
  }
  return `guacd gave status ${code}`;
}

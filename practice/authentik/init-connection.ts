import { randomBytes } from 'node:crypto';
import type { Generation } from './generation.ts';
import type { SessionWish } from './tokens.ts';

/** What a browser may say about itself in the query of its websocket; passed on as text, whatever it holds. */
const SCREEN_KEYS = ['screen_width', 'screen_height', 'screen_dpi', 'audio'] as const;

/** Settings that older authentik does not know; so nobody would have set them there. */
const NEWEST_ONLY = /^rac-/;

let count = 0;

/** An id as authentik's channel layer makes them: dots and an exclamation mark are part of it. */
export function createChannelId(): string {
  count += 1;
  return `specific.${randomBytes(8).toString('hex')}!${randomBytes(8).toString('hex')}.${count}`;
}

/** The arguments of instruction 3 that ask an outpost for a session. Source: protocol, section 3. */
export function initConnectionArgs(
  id: string,
  token: string,
  { machine, user }: SessionWish,
  query: URLSearchParams,
  generation: Generation,
): Record<string, unknown> {
  const parameters = Object.entries(machine.parameters).filter(
    ([name]) => generation === 'newest' || !NEWEST_ONLY.test(name),
  );
  const args: Record<string, unknown> = {
    type: 'event.provider.specific',
    sub_type: 'init_connection',
    dest_channel_id: id,
    params: {
      'client-name': `authentik - ${user}`,
      ...(machine.protocol === 'rdp' ? { 'resize-method': 'display-update' } : {}),
      ...Object.fromEntries(parameters),
      // authentik sets these two last: no admin can move the drive.
      'drive-path': `/tmp/connection/${token}`,
      'create-drive-path': 'true',
    },
    protocol: machine.protocol,
  };
  for (const key of SCREEN_KEYS) {
    const value = query.get(key);
    if (value) args[key] = value;
  }
  return args;
}

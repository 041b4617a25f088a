import * as v from 'valibot';

/* Sessions that are opened at this host, as they cross the control socket. */

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const short = v.pipe(v.string(), v.maxLength(4096));
const pixels = v.pipe(v.number(), v.minValue(1), v.maxValue(16_384));

/** The window that will show it; pixels, dots per inch, and the audio types that it plays. */
export const display = v.object({
  width: pixels,
  height: pixels,
  dpi: v.pipe(v.number(), v.minValue(1), v.maxValue(2_400)),
  audio: v.pipe(v.array(v.pipe(v.string(), v.maxLength(80))), v.maxLength(16), v.readonly()),
});

const wish = {
  display,
  /** Names the window: who shows the same again goes on with a session that was held. */
  window: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  reason: v.exactOptional(short),
};

/** Typed in place of what is kept, for this session alone; without a user the one that is kept. */
const login = v.object({ user: short, password: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)) });

/** The ticket opens a stream of the kind `display`, within half a minute. */
const opened = v.object({ session: v.string(), ticket: v.string() });

export const OFFLINE_REQUESTS = {
  /** A machine of the address book, with its credential out of the vault. */
  'machines/open': {
    params: v.object({ machine: id, ...wish, login: v.exactOptional(login) }),
    result: opened,
  },
  /** A place that is in no address book. Its parameters may hold secrets. */
  'machines/open-inline': {
    params: v.object({
      protocol: v.picklist(['ssh', 'rdp', 'vnc', 'telnet', 'kubernetes']),
      host: v.pipe(v.string(), v.minLength(1), v.maxLength(253)),
      /** Null for the protocol’s own. */
      port: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
      user: short,
      parameters: v.record(v.pipe(v.string(), v.maxLength(128)), v.pipe(v.string(), v.maxLength(32_768))),
      ...wish,
    }),
    result: opened,
  },
  /** Another's session, also one of authentik's, for eyes alone. */
  'session/watch': { params: v.object({ id, display }), result: opened },
} as const;

/** Levels as authentik names them, most talkative first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warning', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What goes with an event. Secrets are `Secret`s and print as `***`. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where events are told. `event` is a sentence that stays the same from call to call; what differs goes into
 * `fields`. An `Error` goes into the field `error`.
 */
export interface Logger {
  log(level: LogLevel, event: string, fields?: LogFields): void;
  /** The same log under the name of a part of the outpost, such as `link` or `guacd`. */
  child(name: string, fields?: LogFields): Logger;
}

/** A log that nobody reads. */
export const silentLogger: Logger = {
  log() {},
  child: () => silentLogger,
};

import type { LogLevel } from '../core/base/logger.ts';
import type { EffectiveSettings } from '../core/settings/effective.ts';
import type { Log } from '../core/telemetry/log.ts';

/**
 * Who decides how much is logged: whoever set it on this host, else authentik's configuration of the outpost,
 * which always has a level.
 */
export class LogLevelSource {
  readonly #log: Log;
  #settings: EffectiveSettings;
  #fromAuthentik: LogLevel | null = null;

  constructor(log: Log, settings: EffectiveSettings) {
    this.#log = log;
    this.#settings = settings;
  }

  /** The level from authentik where it is the one that counts, else null. */
  get inEffectFromAuthentik(): LogLevel | null {
    return this.#settings.origin('log.level').kind === 'default' ? this.#fromAuthentik : null;
  }

  readonly authentikSays = (level: LogLevel): void => {
    this.#fromAuthentik = level;
    this.#apply();
  };

  settingsSay(settings: EffectiveSettings): void {
    this.#settings = settings;
    this.#apply();
  }

  #apply(): void {
    const level = this.inEffectFromAuthentik ?? this.#settings.get('log.level');
    if (level === this.#log.level) return;
    this.#log.setLevel(level);
    this.#log.log('info', 'Log level changed', { level });
  }
}

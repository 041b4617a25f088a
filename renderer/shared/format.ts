import { type Locale, locale, t } from './i18n/translate.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in ms as people say it: `4 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. Never negative. */
export function duration(ms: number): string {
  const left = Math.max(0, ms);
  if (left < MINUTE) return t('time.seconds', { value: Math.floor(left / SECOND) });
  if (left < HOUR) return t('time.minutes', { value: Math.floor(left / MINUTE) });
  if (left < DAY) return both(left, HOUR, 'time.hours', MINUTE, 'time.minutes');
  return both(left, DAY, 'time.days', HOUR, 'time.hours');
}

/** `3 s ago`, or `just now`; a clock that was set back counts as now. */
export function age(ms: number): string {
  return ms < SECOND ? t('time.now') : t('time.ago', { time: duration(ms) });
}

/** A number of bytes in powers of 1000: `0 B`, `1.2 kB`, `35 MB`, with the language's decimal sign. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = Math.max(0, count);
  let unit = 0;
  // 999.5 would be written as 1000 of the smaller unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${decimal(value, digits)} ${units[unit] ?? ''}`;
}

/** Bytes a second. */
export function rate(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`;
}

/** A whole number, or one with `digits` behind the decimal sign. */
export function decimal(value: number, digits = 0): string {
  return new Intl.NumberFormat(tag(locale()), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** `14:03:22`. */
export function clock(at: number): string {
  return new Intl.DateTimeFormat(tag(locale()), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** `14:03`. */
export function clockShort(at: number): string {
  return new Intl.DateTimeFormat(tag(locale()), {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** `24 Nov 2025, 14:03`. */
export function moment(at: number): string {
  return new Intl.DateTimeFormat(tag(locale()), { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** `today 14:03:22`, or the day and `14:03`. `now` in ms since 1970. */
export function recent(at: number, now: number): string {
  const same = new Date(at).toDateString() === new Date(now).toDateString();
  return same ? t('time.today', { time: clock(at) }) : moment(at);
}

/** `24 Nov 2025`. */
export function day(at: number): string {
  return new Intl.DateTimeFormat(tag(locale()), { dateStyle: 'medium' }).format(at);
}

/** `sso.example.org` of `https://sso.example.org/auth/`; what is no URL stays as it is. */
export function hostName(host: string): string {
  try {
    return new URL(host).host || host;
  } catch {
    return host;
  }
}

function tag(language: Locale): string {
  return language === 'de' ? 'de-DE' : 'en-GB';
}

function both(
  ms: number,
  large: number,
  largeName: 'time.hours' | 'time.days',
  small: number,
  smallName: 'time.minutes' | 'time.hours',
): string {
  const whole = t(largeName, { value: Math.floor(ms / large) });
  const rest = Math.floor((ms % large) / small);
  return rest === 0 ? whole : `${whole} ${t(smallName, { value: rest })}`;
}

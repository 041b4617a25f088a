import type { Times } from './rule.ts';

/** A moment on a wall clock: day 1 (Monday) to 7, and minutes since midnight. */
export interface WallClock {
  readonly day: number;
  readonly minute: number;
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What the clock on the wall shows at a moment, in ms since 1970. */
export type Clock = (moment: number) => WallClock;

/** The clock of a time zone such as `Europe/Berlin`. Making one takes far longer than looking at it. */
export function wallClockIn(timezone: string): Clock {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (moment) => {
    const parts = format.formatToParts(moment);
    const text = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
    return {
      day: DAYS.indexOf(text('weekday')) + 1,
      minute: Number(text('hour')) * 60 + Number(text('minute')),
    };
  };
}

/** What that clock shows at a time written as `2026-11-29T03:00`; null where there is no such time. */
export function wallClockOf(time: string): WallClock | null {
  const [, date = '', hours = '', minutes = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)$/.exec(time) ?? [];
  const midnight = new Date(`${date}T00:00:00Z`);
  // Days that a month does not have would else be those of the next.
  const isDate = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
  if (date === '' || !isDate || Number(hours) > 23 || Number(minutes) > 59) return null;
  return { day: midnight.getUTCDay() || 7, minute: Number(hours) * 60 + Number(minutes) };
}

/** Whether `now` lies in it; one that goes over midnight belongs to the day on which it began. */
export function isDuring({ days, from, to }: Times, now: WallClock): boolean {
  const begin = minuteOf(from);
  const end = minuteOf(to);
  const isDay = (day: number) => days === undefined || days.includes(day);
  if (begin < end) return isDay(now.day) && now.minute >= begin && now.minute < end;
  if (now.minute >= begin) return isDay(now.day);
  return now.minute < end && isDay(now.day === 1 ? 7 : now.day - 1);
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

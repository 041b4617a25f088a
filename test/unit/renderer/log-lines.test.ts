import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../preload/contract/types.ts';
import { KEPT_LINES, LogLines, lineText, matching } from '../../../renderer/console/model/log-lines.ts';

function line(index: number, part: Partial<LogLine> = {}): LogLine {
  const timestamp = new Date(1_700_000_000_000 + index * 1000).toISOString();
  return { timestamp, level: 'info', logger: 'sallyport.link', event: `event ${index}`, fields: {}, ...part };
}

/** A log whose changes wait until `flush` is called. */
function waitingLog() {
  const waiting: (() => void)[] = [];
  const log = new LogLines((flush) => waiting.push(flush));
  return { log, flush: () => waiting.splice(0).forEach((call) => void call()), waiting };
}

const events = (log: LogLines) => log.lines.value.map((numbered) => numbered.line.event);

describe('the lines of the log', () => {
  it('change the page once for many that come together', () => {
    const { log, flush, waiting } = waitingLog();
    for (let index = 0; index < 100; index += 1) log.add(line(index), 0);
    expect(waiting).toHaveLength(1);
    expect(log.lines.value).toHaveLength(0);
    flush();
    expect(log.lines.value).toHaveLength(100);
    log.add(line(100), 0);
    expect(waiting).toHaveLength(1);
  });

  it('are kept up to a bound, the newest of them', () => {
    const { log, flush } = waitingLog();
    for (let index = 0; index < KEPT_LINES + 10; index += 1) log.add(line(index), 0);
    flush();
    expect(log.lines.value).toHaveLength(KEPT_LINES);
    expect(events(log)[0]).toBe('event 10');
  });

  it('take earlier ones once, in their place, each with a number of its own', () => {
    const { log } = waitingLog();
    log.add(line(2), 0);
    log.addEarlier([line(0), line(1), line(2)]);
    log.addEarlier([line(0), line(1), line(2), line(3)]);
    expect(events(log)).toEqual(['event 0', 'event 1', 'event 2', 'event 3']);
    expect(new Set(log.lines.value.map(({ number }) => number)).size).toBe(4);
  });

  it('count those that the window was too slow for', () => {
    const { log } = waitingLog();
    log.add(line(0), 3);
    log.add(line(1), 0);
    log.add(line(2), 2);
    expect(log.missed.value).toBe(5);
  });

  it('are found by level and by every word, wherever it stands', () => {
    const { log } = waitingLog();
    log.addEarlier([
      line(0, { level: 'debug', event: 'Hello answered' }),
      line(1, { level: 'warning', event: 'Connection lost', fields: { reason: 'authentik answered 502' } }),
      line(2, { level: 'error', event: 'Session failed', logger: 'sallyport.session' }),
    ]);
    const found = (level: LogLine['level'], text: string) =>
      matching(log.lines.value, level, text).map((numbered) => numbered.line.event);
    expect(found('trace', '')).toHaveLength(3);
    expect(found('warning', '')).toEqual(['Connection lost', 'Session failed']);
    expect(found('trace', '  ANSWERED  502 ')).toEqual(['Connection lost']);
    expect(found('error', '502')).toEqual([]);
    expect(found('trace', 'session')).toEqual(['Session failed']);
  });

  it('are copied as one readable line each', () => {
    expect(lineText(line(0, { fields: { host: 'sso.example.org', reason: 'two words', tries: 3 } }))).toBe(
      '2023-11-14T22:13:20.000Z info link event 0 host=sso.example.org reason="two words" tries=3',
    );
  });
});

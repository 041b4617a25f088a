import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Traffic, type TrafficSample } from '../../../main/core/telemetry/traffic.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A traffic whose totals the test moves by hand. */
function watched(keep?: number) {
  const totals = { sessions: 0, toPeer: 100, toGuacd: 10 };
  const traffic = new Traffic({ totals: () => ({ ...totals }), ...(keep !== undefined && { keep }) });
  return { totals, traffic };
}

describe('the traffic', () => {
  it('has one sample every five seconds, with the bytes since the one before and the sessions of that moment', () => {
    const { totals, traffic } = watched();
    expect(traffic.recent()).toEqual({ everyMs: 5000, samples: [] });
    Object.assign(totals, { sessions: 2, toPeer: 1100, toGuacd: 15 });
    vi.advanceTimersByTime(4999);
    expect(traffic.recent().samples).toEqual([]);
    vi.advanceTimersByTime(1);
    totals.toPeer = 1101;
    vi.advanceTimersByTime(5000);
    expect(traffic.recent().samples).toMatchObject([
      { sessions: 2, toPeer: 1000, toGuacd: 5 },
      { sessions: 2, toPeer: 1, toGuacd: 0 },
    ]);
    const [first, second] = traffic.recent().samples;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(5000);
    traffic.stop();
  });

  it('keeps an hour and no more', () => {
    const { traffic } = watched();
    vi.advanceTimersByTime(720 * 5000);
    expect(traffic.recent().samples).toHaveLength(720);
    const [oldest] = traffic.recent().samples;
    vi.advanceTimersByTime(5000);
    expect(traffic.recent().samples).toHaveLength(720);
    expect(traffic.recent().samples[0]).not.toEqual(oldest);
    traffic.stop();
  });

  it('tells each sample to those who listen, until they or it stop', () => {
    const { traffic } = watched(2);
    const heard: TrafficSample[] = [];
    const unsubscribe = traffic.onSample((sample) => heard.push(sample));
    vi.advanceTimersByTime(15_000);
    expect(heard).toHaveLength(3);
    expect(traffic.recent().samples).toEqual(heard.slice(1));
    unsubscribe();
    vi.advanceTimersByTime(5000);
    expect(heard).toHaveLength(3);
    traffic.stop();
    const { samples } = traffic.recent();
    vi.advanceTimersByTime(60_000);
    expect(traffic.recent().samples).toEqual(samples);
  });
});

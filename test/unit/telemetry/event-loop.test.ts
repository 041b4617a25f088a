import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { EventLoopMonitor } from '../../../main/core/telemetry/event-loop.ts';
import { eventually } from '../../../practice/run/eventually.ts';

let monitor: EventLoopMonitor;

afterEach(() => monitor.stop());

it('measures from the first reading on, which tells nothing yet', async () => {
  monitor = new EventLoopMonitor();
  expect(monitor.on).toBe(false);
  expect(monitor.read()).toEqual({ p50: 0, p99: 0, max: 0 });
  expect(monitor.on).toBe(true);
  await delay(60);
  block(150);
  await eventually(() => monitor.read().max > 0.05);
});

it('ends when nobody reads any more, and begins anew without what was before', async () => {
  monitor = new EventLoopMonitor({ unreadMs: 300 });
  monitor.read();
  await delay(60);
  block(150);
  await eventually(() => monitor.read().max > 0.05);
  await eventually(() => !monitor.on);
  expect(monitor.read()).toEqual({ p50: 0, p99: 0, max: 0 });
  expect(monitor.on).toBe(true);
});

it('goes on for as long as somebody reads, and keeps no process alive', async () => {
  monitor = new EventLoopMonitor({ unreadMs: 60_000 });
  monitor.read();
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  monitor.read();
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(before);
  monitor.stop();
  expect(monitor.on).toBe(false);
});

/** Holds the event loop up. */
function block(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

import { expect, it } from 'vitest';
import { Pace } from '../../../main/control/pace.ts';

it('holds a member back who asks for too many sessions, until time has passed, and nobody else', () => {
  let now = 0;
  const pace = new Pace({ asked: 3, withinMs: 60_000 }, () => now);
  for (now of [0, 1_000, 2_000]) pace.step(1000);
  now = 59_999;
  expect(() => pace.step(1000)).toThrow('asked for 3 sessions within 60 s');
  pace.step(1001);
  // What was refused did not count.
  now = 60_000;
  pace.step(1000);
  expect(() => pace.step(1000)).toThrow();
  now = 61_000;
  pace.step(1000);
});

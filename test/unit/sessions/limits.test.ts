import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, sessionLimitFor } from '../../../main/core/sessions/limits.ts';

const MIB = 1024 * 1024;

describe('how many sessions fit', () => {
  it.each([
    [0, 4],
    [1000 * MIB, 5],
    [999 * MIB, 4],
    [16 * 1024 * MIB, 81],
  ])('into %i free bytes: %i', (free, sessions) => expect(sessionLimitFor(free)).toBe(sessions));

  it('is known for this machine without being told', () => {
    expect(sessionLimitFor()).toBeGreaterThanOrEqual(4);
  });
});

describe('the bounds fit each other', () => {
  it('a word goes out before authentik’s page gives up after 10 s, also when one is late', () => {
    expect(DEFAULT_LIMITS.quietMs * 3).toBeLessThan(10_000);
  });

  it('guacd is given up only after several of its own nops, which are 10 s apart, stayed away', () => {
    expect(DEFAULT_LIMITS.guacdSilenceMs).toBeGreaterThan(3 * 10_000);
    expect(DEFAULT_LIMITS.guacdSilenceMs).toBeLessThan(60_000);
  });

  it('one turn does not fill the queue', () => {
    expect(DEFAULT_LIMITS.turnBytes).toBeLessThan(DEFAULT_LIMITS.queueBytes);
  });

  it('no instruction is longer than authentik’s limit', () => {
    expect(DEFAULT_LIMITS.instructionBytes).toBeLessThanOrEqual(16 * MIB);
  });
});

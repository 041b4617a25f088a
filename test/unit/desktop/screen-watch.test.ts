import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OutpostStatus } from '../../../main/core/status.ts';
import { watchScreen } from '../../../main/desktop/screen-watch.ts';

describe('a desktop that does not tell when its screen is locked', () => {
  let locked = false;
  let looks = 0;
  let told = 0;
  let kind: 'unlocked' | 'locked' = 'locked';
  let changed: () => void = () => {};

  const desk = {
    get status() {
      return { vault: { kind, until: null } } as OutpostStatus;
    },
    onChange: (hear: () => void) => {
      changed = hear;
      return () => {};
    },
  };
  const vault = (now: typeof kind) => {
    kind = now;
    changed();
  };
  const later = () => vi.advanceTimersByTime(10_000);

  beforeEach(() => {
    vi.useFakeTimers();
    [locked, looks, told, kind] = [false, 0, 0, 'locked'];
    watchScreen(
      desk,
      () => {
        looks += 1;
        return locked;
      },
      () => {
        told += 1;
      },
    );
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked while the vault is open, and no longer', () => {
    later();
    expect(looks).toBe(0);
    vault('unlocked');
    later();
    const open = looks;
    expect(open).toBeGreaterThan(2);
    vault('locked');
    later();
    expect(looks).toBe(open);
  });

  it('is told once for each time that it locks', () => {
    vault('unlocked');
    later();
    expect(told).toBe(0);
    locked = true;
    later();
    expect(told).toBe(1);
    locked = false;
    later();
    locked = true;
    later();
    expect(told).toBe(2);
  });

  it('does not take a vault away that was opened from elsewhere meanwhile', () => {
    locked = true;
    vault('unlocked');
    later();
    expect(told).toBe(0);
  });
});

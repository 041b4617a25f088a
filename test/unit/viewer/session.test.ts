import { describe, expect, it } from 'vitest';
import { joinedBase64 } from '../../../renderer/viewer/guacamole/pictures.ts';
import { COMBINATIONS, pressAll } from '../../../renderer/viewer/session/key-combinations.ts';
import { isEscape } from '../../../renderer/viewer/session/keyboard.ts';
import { Meter } from '../../../renderer/viewer/session/measure.ts';
import { scaleFor, wantedDpi, wantedSize } from '../../../renderer/viewer/session/scaling.ts';

describe('the size of a machine’s picture', () => {
  it('is asked for in the screen’s own pixels, within what machines take', () => {
    expect(wantedSize({ width: 1000.6, height: 600 }, 1)).toEqual({ width: 1000, height: 600 });
    expect(wantedSize({ width: 1000, height: 600 }, 1.5)).toEqual({ width: 1500, height: 900 });
    expect(wantedSize({ width: 0, height: 90_000 }, 1)).toEqual({ width: 64, height: 8192 });
    expect(wantedDpi(2)).toBe(192);
  });

  it('is one pixel on one pixel, smaller only where it is to fit and does not', () => {
    const room = { width: 1000, height: 500 };
    expect(scaleFor('exact', room, { width: 4000, height: 4000 }, 2)).toBe(0.5);
    expect(scaleFor('fit', room, { width: 1000, height: 500 }, 1)).toBe(1);
    expect(scaleFor('fit', room, { width: 2000, height: 1000 }, 2)).toBe(0.5);
    expect(scaleFor('fit', room, { width: 2000, height: 500 }, 1)).toBe(0.5);
    expect(scaleFor('fit', room, { width: 500, height: 2000 }, 1)).toBe(0.25);
    expect(scaleFor('fit', room, { width: 640, height: 480 }, 1)).toBe(1);
    expect(scaleFor('fit', room, { width: 0, height: 0 }, 1.25)).toBe(0.8);
  });
});

describe('keys that cannot be typed', () => {
  it('go down in their order and up in the reverse one, each once', () => {
    const said: string[] = [];
    pressAll(COMBINATIONS['Ctrl+Alt+Del'] ?? [], (pressed, key) => said.push(`${pressed ? '+' : '-'}${key}`));
    expect(said).toEqual(['+65507', '+65513', '+65535', '-65535', '-65513', '-65507']);
    for (const keys of Object.values(COMBINATIONS)) expect(new Set(keys).size).toBe(keys.length);
  });

  it('are left by Ctrl, Alt and Shift together, whichever of each pair', () => {
    expect(isEscape({ 65507: true, 65513: true }, 0xffe1)).toBe(true);
    expect(isEscape({ 65508: true, 65514: true }, 0xffe2)).toBe(true);
    expect(isEscape({ 65507: true, 65513: true }, 0x61)).toBe(false);
    expect(isEscape({ 65507: true }, 0xffe1)).toBe(false);
  });
});

describe('what is measured', () => {
  it('is of the time since it was last read', () => {
    const meter = new Meter(1000);
    meter.frame(4);
    meter.frame(8);
    meter.ping(2);
    expect(meter.read(3000, 4000, 200)).toEqual({
      framesPerSecond: 1,
      drawMs: 6,
      pingMs: 2,
      received: 2000,
      sent: 100,
    });
    expect(meter.read(4000, 4500, 200)).toMatchObject({ framesPerSecond: 0, drawMs: null, received: 500 });
  });
});

describe('the pieces of a picture', () => {
  it('become one, padded in the middle or not', () => {
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, at) => at * 7));
    for (const size of [3, 6, 7, 10, 99, 100, 200]) {
      const pieces: string[] = [];
      for (let at = 0; at < bytes.length; at += size)
        pieces.push(bytes.subarray(at, at + size).toString('base64'));
      expect(Buffer.from(joinedBase64(pieces), 'base64'), String(size)).toEqual(bytes);
    }
    expect(joinedBase64([])).toBe('');
  });
});

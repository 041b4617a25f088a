import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoff } from '../../../main/core/base/backoff.ts';
import { Emitter } from '../../../main/core/base/emitter.ts';
import { Lifetime } from '../../../main/core/base/lifetime.ts';
import { Ring } from '../../../main/core/base/ring.ts';
import { Secret } from '../../../main/core/base/secret.ts';

test('an emitter tells its listeners in the order they came', () => {
  const emitter = new Emitter<string>();
  const heard: string[] = [];
  emitter.on((value) => heard.push(`first ${value}`));
  emitter.on((value) => heard.push(`second ${value}`));
  emitter.emit('a');
  emitter.emit('b');
  expect(heard).toEqual(['first a', 'second a', 'first b', 'second b']);
});

test('the same function may listen twice, and leaves once at a time', () => {
  const emitter = new Emitter<number>();
  let heard = 0;
  const listener = () => {
    heard += 1;
  };
  const leave = emitter.on(listener);
  emitter.on(listener);
  leave();
  leave();
  emitter.emit(1);
  expect(heard).toBe(1);
});

test('whoever was unsubscribed by an earlier listener hears nothing any more', () => {
  const emitter = new Emitter<number>();
  const heard: string[] = [];
  emitter.on(() => leave());
  const leave = emitter.on(() => heard.push('left'));
  emitter.on(() => heard.push('stayed'));
  emitter.emit(1);
  expect(heard).toEqual(['stayed']);
});

test('a listener that throws keeps nobody else from hearing, and its error is told', () => {
  const errors: unknown[] = [];
  const emitter = new Emitter<number>((error) => errors.push(error));
  const heard: number[] = [];
  const mistake = new Error('a mistake');
  emitter.on(() => {
    throw mistake;
  });
  emitter.on((value) => heard.push(value));
  emitter.emit(7);
  expect(heard).toEqual([7]);
  expect(errors).toEqual([mistake]);
});

test('a lifetime ends what was started in reverse order, one after the other, once', async () => {
  const lifetime = new Lifetime();
  const ended: string[] = [];
  lifetime.add(() => void ended.push('first'));
  lifetime.add(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    ended.push('second');
  });
  lifetime.add(() => void ended.push('third'));
  expect(lifetime.over).toBe(false);
  await Promise.all([lifetime.end(), lifetime.end()]);
  expect(lifetime.over).toBe(true);
  expect(ended).toEqual(['third', 'second', 'first']);
});

test('an ending that fails does not keep the others from ending, and the first failure is told', async () => {
  const lifetime = new Lifetime();
  const ended: string[] = [];
  lifetime.add(() => void ended.push('first'));
  lifetime.add(() => Promise.reject(new Error('second mistake')));
  lifetime.add(() => {
    throw new Error('third mistake');
  });
  await expect(lifetime.end()).rejects.toThrow('third mistake');
  expect(ended).toEqual(['first']);
});

test('what is added to a lifetime that is over is ended at once, also when the others failed', async () => {
  const lifetime = new Lifetime();
  lifetime.add(() => Promise.reject(new Error('mistake')));
  await expect(lifetime.end()).rejects.toThrow('mistake');
  const ended: string[] = [];
  lifetime.add(() => void ended.push('late'));
  await expect(lifetime.end()).rejects.toThrow('mistake');
  expect(ended).toEqual(['late']);
});

test('waits grow from the first to the cap, and the jitter reaches from nothing to all of it', () => {
  const most = (attempt: number) => backoff(attempt, { first: 1000, cap: 60_000, random: () => 0.999_999 });
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(most)).toEqual([
    1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
  ]);
  expect(backoff(5, { first: 1000, cap: 60_000, random: () => 0 })).toBe(0);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (attempt) => {
      const wait = backoff(attempt, { first: 1000, cap: 60_000 });
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(60_000);
    }),
  );
});

test('a ring keeps the last, oldest first', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer(), { maxLength: 100 }),
      (capacity, items) => {
        const ring = new Ring<number>(capacity);
        for (const item of items) ring.push(item);
        expect(ring.toArray()).toEqual(items.slice(-capacity));
        expect(ring.size).toBe(Math.min(items.length, capacity));
      },
    ),
  );
});

test.each([0, -1, 1.5, Number.NaN])('a ring of %s is refused', (capacity) => {
  expect(() => new Ring(capacity)).toThrow(RangeError);
});

test('a secret shows itself to whoever asks for it by name, and to nobody else', () => {
  const secret = new Secret('pa55word');
  expect(secret.reveal()).toBe('pa55word');
  expect(new Secret('').isEmpty).toBe(true);
  expect(secret.isEmpty).toBe(false);
  let added = 'x';
  added += secret;
  const shown = [
    `${secret}`,
    String(secret),
    ['x', secret].join(''),
    added,
    JSON.stringify({ secret, list: [secret] }),
    inspect(secret, { showHidden: true, depth: 9 }),
    inspect(new Map([['password', secret]])),
    JSON.stringify({ ...secret }),
    JSON.stringify(Object.entries(secret)),
    new Error(`failed with ${secret}`).message,
  ];
  for (const text of shown) expect(text).not.toContain('pa55word');
});

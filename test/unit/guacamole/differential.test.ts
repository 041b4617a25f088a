import { expect, test } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { cut, dice, frame, parseNaively, randomStream } from './streams.ts';

/**
 * Random cuts in all. One million take about three seconds and are part of every run;
 * `SALLYPORT_CUTS=50000000 npx vitest run test/unit/guacamole` is for a night.
 */
const CUTS = Number(process.env['SALLYPORT_CUTS'] ?? 1_000_000);
const PIECES = 200;
const SEED = Number(process.env['SALLYPORT_SEED'] ?? Date.now() % 1_000_000_007);

test(`the framer agrees with a naive parser at ${CUTS} random cuts (SALLYPORT_SEED=${SEED})`, {
  timeout: 0,
}, () => {
  const random = dice(SEED);
  let stream = Buffer.alloc(0);
  let expected = parseNaively('');
  for (let cuts = 0; cuts < CUTS; cuts += PIECES) {
    if (cuts % (PIECES * 20) === 0) {
      // Every other stream breaks off, and every other has a byte that does not belong there.
      const text = randomStream(random, 1 + random(12));
      const points = [...text];
      const kind = random(4);
      if (kind === 1) points.length = random(points.length + 1);
      if (kind === 2) points[random(points.length)] = ['x', ';', '9', '.', '😀'][random(5)] ?? '';
      stream = Buffer.from(points.join(''));
      expected = parseNaively(points.join(''));
    }
    const chunks = cut(stream, PIECES, random);
    if (expected === 'malformed') {
      expect(() => frame(chunks)).toThrow(SallyportError);
      continue;
    }
    const { messages, framer } = frame(chunks);
    const seen = messages.flatMap((message) => splitInstructions(message).map(String));
    if (seen.join('|') !== expected.instructions.join('|')) expect(seen).toEqual(expected.instructions);
    if (framer.takePending().toString() !== expected.rest) expect.fail(`another rest than ${expected.rest}`);
  }
});

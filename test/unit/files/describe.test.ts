import { describe, expect, it } from 'vitest';
import { describeTransfers } from '../../../main/core/describe-session.ts';
import type { TransferStatus } from '../../../main/core/status.ts';

const UPLOAD: TransferStatus['direction'] = 'upload';

describe('files on their way', () => {
  it.each([
    [[[100, 40]], '1 file 40 %'],
    [
      [
        [100, 40],
        [300, 259],
      ],
      '2 files 74 %',
    ],
    [[[0, 0]], '1 file 0 %'],
  ])('are told in a few words: %j', (pairs, words) => {
    const transfers = pairs.map(([size = 0, done = 0]) => ({ path: '/a', direction: UPLOAD, size, done }));
    expect(describeTransfers(transfers)).toBe(words);
  });
});

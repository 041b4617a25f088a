import { describe, expect, it, test } from 'vitest';
import { splitInstructions } from '../../../main/core/guacamole/framer.ts';
import { decode } from '../../../main/core/guacamole/instruction.ts';
import { ending, lastWord } from '../../../main/core/sessions/words.ts';
import type { EndReason } from '../../../main/core/status.ts';

const FAILURE = { code: 'guacd-died', message: 'guacd has gone.', advice: 'Größe 😀 prüfen.' } as const;

const said = (word: Buffer | null) => (word === null ? null : splitInstructions(word).map(decode));

describe('the last word', () => {
  it('is a disconnect where nothing went wrong', () => {
    expect(said(lastWord(ending('user-left')))).toEqual([['disconnect']]);
    expect(lastWord(ending('machine-ended'))?.toString()).toBe('10.disconnect;');
  });

  it('is the whole sentence with its advice and the status as a decimal number, then a disconnect', () => {
    expect(said(lastWord(ending('failed', FAILURE, 0x0208)))).toEqual([
      ['error', 'guacd has gone. Größe 😀 prüfen.', String(0x0208)],
      ['disconnect'],
    ]);
  });

  it('is silence for the session whose channel a newer one has taken over', () => {
    expect(lastWord({ ...ending('ended-by-authentik', FAILURE), quiet: true })).toBeNull();
  });
});

test.each<[EndReason, number]>([
  ['user-left', 0],
  ['machine-ended', 0],
  ['ended-by-admin', 0x020b],
  ['ended-by-authentik', 0x020b],
  ['failed', 0x0200],
  ['refused', 0x0303],
  ['peer-lost', 0x0308],
  ['guacd-lost', 0x0208],
  ['shutdown', 0x020b],
])('an ending “%s” has a status of its own unless one is given', (reason, status) => {
  expect(ending(reason, FAILURE)).toEqual({ reason, failure: FAILURE, status });
  expect(ending(reason, FAILURE, 0x0301).status).toBe(0x0301);
  expect(ending(reason).failure).toBeNull();
});

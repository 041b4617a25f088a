import { describe, expect, it } from 'vitest';
import { UnsavedWork } from '../../../main/desktop/unsaved-work.ts';

function asked() {
  let questions = 0;
  const work = new UnsavedWork(() => {
    questions += 1;
  });
  return { work, questions: () => questions };
}

describe('a console with work that is not saved', () => {
  it('goes without a question where all is saved', async () => {
    const { work, questions } = asked();
    expect(await work.mayGo()).toBe(true);
    work.tell(true);
    work.tell(false);
    expect(await work.mayGo()).toBe(true);
    expect(questions()).toBe(0);
  });

  it('goes or stays as its person says, each time anew', async () => {
    const { work, questions } = asked();
    work.tell(true);
    const first = work.mayGo();
    work.answer(false);
    expect(await first).toBe(false);
    const second = work.mayGo();
    work.answer(true);
    expect(await second).toBe(true);
    expect(questions()).toBe(2);
  });

  it('gives everybody who asks the same answer', async () => {
    const { work } = asked();
    work.tell(true);
    const both = [work.mayGo(), work.mayGo()];
    work.answer(false);
    expect(await Promise.all(both)).toEqual([false, false]);
  });

  it('keeps nobody once its page is gone', async () => {
    const { work } = asked();
    work.tell(true);
    const waiting = work.mayGo();
    work.forget();
    expect(await waiting).toBe(true);
    expect(work.isThere).toBe(false);
  });
});

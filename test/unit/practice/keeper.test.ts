import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { type KeptOutpost, keepOutpost, type OutpostState } from '../../../practice/run/keeper.ts';

const PAUSE = { first: 1, last: 4 };

/** Outposts that end at the test's word; nothing of them is looked at but their end. */
class Launches {
  readonly stopped: number[] = [];
  readonly #ends: ((error: Error) => void)[] = [];
  count = 0;

  readonly launch = async (): Promise<KeptOutpost> => {
    const number = this.count;
    this.count += 1;
    return {
      ended: new Promise<never>((_, reject) => this.#ends.push(reject)),
      stop: async () => {
        this.stopped.push(number);
      },
      control: { request: () => new Promise(() => {}), on: () => () => {} },
    };
  };

  async end(number: number, words: string): Promise<void> {
    while (!this.#ends[number]) await new Promise((resolve) => setTimeout(resolve, 1));
    this.#ends[number](new SallyportError('internal', words));
  }
}

describe('the keeper of practice’s outpost', () => {
  it('starts one that has ended again, after it has cleared what was left of it, and says so', async () => {
    const launches = new Launches();
    const states: OutpostState[] = [];
    const { signal, abort } = controller();
    const kept = keepOutpost({
      launch: launches.launch,
      tell: (state) => states.push(state),
      signal,
      pauseMs: PAUSE,
    });
    await launches.end(0, 'It got SIGKILL.');
    while (launches.count < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(launches.stopped).toEqual([0]);
    abort();
    expect(await kept).toBeNull();
    expect(launches.stopped).toEqual([0, 1]);
    expect(states.map(({ kind }) => kind)).toEqual(['starting', 'waiting', 'starting']);
    expect(states[1]).toMatchObject({ reason: { message: 'It got SIGKILL.' } });
  });

  it('gives up with the last reason when it ends again and again', async () => {
    const launches = new Launches();
    const kept = keepOutpost({
      launch: launches.launch,
      tell: () => {},
      signal: controller().signal,
      pauseMs: PAUSE,
    });
    for (let number = 0; number < 5; number += 1) await launches.end(number, `End ${number}.`);
    expect(await kept).toEqual({ code: 'internal', message: 'End 4.' });
    expect(launches.stopped).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives up as well where it cannot even be started', async () => {
    let tried = 0;
    const kept = keepOutpost({
      launch: async () => {
        tried += 1;
        throw new SallyportError('file-unreadable', 'There is no such file.');
      },
      tell: () => {},
      signal: controller().signal,
      pauseMs: PAUSE,
    });
    expect(await kept).toEqual({ code: 'file-unreadable', message: 'There is no such file.' });
    expect(tried).toBe(5);
  });

  it('ends while it waits for the next try', async () => {
    const launches = new Launches();
    const { signal, abort } = controller();
    const kept = keepOutpost({
      launch: launches.launch,
      tell: ({ kind }) => kind === 'waiting' && abort(),
      signal,
      pauseMs: { first: 3_600_000, last: 3_600_000 },
    });
    await launches.end(0, 'It is gone.');
    expect(await kept).toBeNull();
    expect(launches.count).toBe(1);
  });
});

function controller(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const made = new AbortController();
  return { signal: made.signal, abort: () => made.abort() };
}

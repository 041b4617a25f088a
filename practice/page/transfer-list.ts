import { button, element, setText } from './element.ts';
import type { OnProgress } from './files-api.ts';
import { sizeWords } from './files-words.ts';

/** Does a transfer; rejects with a sentence, or because `signal` was aborted. */
export type Move = (onProgress: OnProgress, signal: AbortSignal) => Promise<void>;

export interface TransferList {
  readonly root: HTMLElement;
  /** Shows a transfer until a moment after its end; resolves with whether it went well. */
  run(title: string, move: Move): Promise<boolean>;
  /** Cancels whatever runs. */
  end(): void;
}

/** The transfers of a session, each with how far it is and a way to stop it. */
export function createTransferList(): TransferList {
  const root = element('ul', { class: 'transfers', 'aria-label': 'Transfers' });
  const running = new Set<AbortController>();
  return {
    root,
    async run(title, move) {
      const stop = new AbortController();
      const bar = element('progress', { max: '1', 'aria-label': title });
      const words = element('span', { class: 'quiet', role: 'status' }, 'begins');
      const act = button('Cancel', () => stop.abort(), { 'aria-label': `Cancel ${title}` });
      const row = element('li', {}, element('span', { class: 'transfer-name' }, title), bar, words, act);
      root.append(row);
      running.add(stop);
      let good = false;
      try {
        await move((done, size) => {
          bar.value = size === 0 ? 1 : done / size;
          setText(words, `${sizeWords(done)} of ${sizeWords(size)}`);
        }, stop.signal);
        good = true;
        bar.value = 1;
        setText(words, 'done');
      } catch (error) {
        setText(words, stop.signal.aborted ? 'cancelled' : sentenceOf(error));
        row.dataset['kind'] = stop.signal.aborted ? 'cancelled' : 'failed';
      }
      running.delete(stop);
      bar.hidden = !good;
      const gone = button('Dismiss', () => row.remove(), { 'aria-label': `Dismiss ${title}` });
      const hadFocus = document.activeElement === act;
      act.replaceWith(gone);
      if (hadFocus) gone.focus();
      return good;
    },
    end() {
      for (const stop of running) stop.abort();
    },
  };
}

function sentenceOf(error: unknown): string {
  // What fetch itself says is for programmers.
  if (error instanceof TypeError) return 'Practice does not answer.';
  return error instanceof Error ? error.message : String(error);
}

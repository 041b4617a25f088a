import { signal } from '@preact/signals';
import type { Failure } from '../../../main/core/errors.ts';
import { failureLine } from '../../shared/i18n/core-words.ts';
import type { ToastNote } from '../../shared/toast.tsx';

/** How long good news stay, in ms. */
const GOOD_NEWS_MS = 5000;
const MOST = 4;

/** Short news at the window's edge. */
export class Notes {
  readonly list = signal<readonly ToastNote[]>([]);
  #next = 0;

  tell(text: string): void {
    const id = this.#add({ tone: 'good', text });
    setTimeout(() => this.dismiss(id), GOOD_NEWS_MS);
  }

  warn(text: string): void {
    this.#add({ tone: 'bad', text });
  }

  complain(failure: Failure): void {
    this.#add({ tone: 'bad', ...failureLine(failure) });
  }

  dismiss(id: number): void {
    this.list.value = this.list.value.filter((note) => note.id !== id);
  }

  #add(note: Omit<ToastNote, 'id'>): number {
    const id = this.#next++;
    const others = this.list.value.filter(({ text }) => text !== note.text);
    this.list.value = [...others, { ...note, id }].slice(-MOST);
    return id;
  }
}

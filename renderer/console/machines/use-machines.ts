import { useEffect, useState } from 'preact/hooks';
import type { Failure } from '../../../main/core/errors.ts';
import type { Machine } from '../../../main/core/offline/machines/machine.ts';
import type { ConsoleClient } from '../../../preload/contract/console.ts';
import { useModel } from '../model/model.ts';

export type Book =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'there'; readonly machines: readonly Machine[] };

/** A book that changes all the time is shown as it was in the middle of it, rather than never. */
const MOST_TRIES = 5;

/** The address book, asked for when the page opens and whenever it has changed. */
export function useMachines(): Book {
  const { client, outpost } = useModel();
  const [book, setBook] = useState<Book>({ kind: 'loading' });
  useEffect(() => {
    let current = 0;
    const load = async () => {
      current += 1;
      const mine = current;
      const next = await loadAll(client);
      if (mine === current) setBook(next);
    };
    void load();
    const unlisten = client.on('machines/changed', () => void load());
    return () => {
      current = -1;
      unlisten();
    };
  }, [client, outpost.value]);
  return book;
}

async function loadAll(client: ConsoleClient): Promise<Book> {
  let machines: Machine[] = [];
  let revision: number | undefined;
  let tries = 0;
  for (;;) {
    const answer = await client.call('machines/list', { offset: machines.length });
    if (!answer.ok) return { kind: 'failed', failure: answer.failure };
    const page = answer.value;
    if (revision !== undefined && page.revision !== revision && tries < MOST_TRIES) {
      tries += 1;
      machines = [];
    } else machines = [...machines, ...page.machines];
    revision = page.revision;
    if (page.machines.length === 0 || machines.length >= page.total) return { kind: 'there', machines };
  }
}

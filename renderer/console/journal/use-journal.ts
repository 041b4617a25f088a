import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type AuditSearch, wantedBy } from '../../../main/core/audit-search.ts';
import type { Failure } from '../../../main/core/errors.ts';
import type { HandOver, JournalEntry } from '../../../preload/contract/journal.ts';
import { useModel } from '../model/model.ts';

/** Entries of one request. */
const PAGE = 200;
/** Typing pauses this long before the outpost is asked, in ms. */
const SEARCH_AFTER_MS = 250;

export type Journal =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | {
      readonly kind: 'there';
      /** Newest first. */
      readonly entries: readonly JournalEntry[];
      readonly handOver: HandOver;
      /** The oldest that is kept is among them. */
      readonly whole: boolean;
    };

export interface FollowedJournal {
  readonly journal: Journal;
  /** Asks for older entries, where there are any and nobody asks already. */
  readonly more: () => void;
}

/** The journal's newest entries and those that come; older ones when they are asked for. */
export function useJournal(search: AuditSearch): FollowedJournal {
  const { client, outpost } = useModel();
  const [journal, setJournal] = useState<Journal>({ kind: 'loading' });
  const asking = useRef(false);
  const wish = JSON.stringify(search);
  const ask = useCallback(
    (before?: number) => {
      const { kinds, text } = JSON.parse(wish) as AuditSearch;
      return client.call('audit/recent', {
        limit: PAGE,
        ...(before !== undefined && { before }),
        ...(kinds !== undefined && { kinds: [...kinds] }),
        ...(text !== undefined && text !== '' && { text }),
      });
    },
    [client, wish],
  );

  useEffect(() => {
    let current = true;
    const isWanted = wantedBy(JSON.parse(wish) as AuditSearch);
    const load = async () => {
      asking.current = true;
      const answer = await ask();
      if (!current) return;
      asking.current = false;
      setJournal(
        answer.ok
          ? { kind: 'there', ...answer.value, whole: answer.value.entries.length < PAGE }
          : { kind: 'failed', failure: answer.failure },
      );
    };
    const timer = setTimeout(() => void load(), wish === '{}' ? 0 : SEARCH_AFTER_MS);
    const unlisten = client.on('audit/entry', ({ entry, missed, handOver }) => {
      // What was missed lies before this one: then everything is asked for again.
      if (missed > 0) void load();
      else
        setJournal((before) => {
          if (before.kind !== 'there') return before;
          const isNew = entry.n > (before.entries[0]?.n ?? 0) && isWanted(entry);
          return { ...before, handOver, entries: isNew ? [entry, ...before.entries] : before.entries };
        });
    });
    return () => {
      current = false;
      clearTimeout(timer);
      unlisten();
    };
  }, [ask, client, outpost.value, wish]);

  useEffect(
    () =>
      client.on('audit/hand-over', (handOver) =>
        setJournal((before) => (before.kind === 'there' ? { ...before, handOver } : before)),
      ),
    [client],
  );

  const more = async () => {
    if (asking.current || journal.kind !== 'there' || journal.whole) return;
    const oldest = journal.entries[journal.entries.length - 1];
    if (oldest === undefined) return;
    asking.current = true;
    const answer = await ask(oldest.n);
    asking.current = false;
    if (!answer.ok) return;
    const { entries } = answer.value;
    setJournal((before) => {
      if (before.kind !== 'there' || before.entries[before.entries.length - 1] !== oldest) return before;
      return { ...before, entries: [...before.entries, ...entries], whole: entries.length < PAGE };
    });
  };
  return { journal, more: () => void more() };
}

import type { AuditEntry } from '../../audit-event.ts';
import { Breath } from '../../base/breath.ts';
import { type FileLine, linesBefore, linesFrom } from './file-lines.ts';
import { decodeEntry, hashOf } from './line.ts';
import { Places } from './places.ts';
import { listSegments, type Segment } from './segments.ts';

/** An entry where it stands. */
interface Found {
  readonly entry: AuditEntry;
  readonly line: FileLine;
}

/**
 * Reads a journal as it lies there, a piece at a time. It remembers where it has been: who asks for what comes next
 * costs what comes next. Each method rejects with `file-unreadable`.
 */
export class JournalReader {
  readonly #folder: string;
  readonly #places = new Places();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Entries from `from` on with their hashes, oldest first. */
  async *from(from: number): AsyncGenerator<{ entry: AuditEntry; hash: string }> {
    const breath = new Breath();
    const segments = await listSegments(this.#folder);
    for (const [index, segment] of segments.entries()) {
      const next = segments[index + 1];
      if (next !== undefined && next.first <= from) continue;
      let last: Found | undefined;
      try {
        for await (const found of this.#onwards(segment, from)) {
          await breath.take();
          if (found.entry.n < from) continue;
          last = found;
          yield { entry: found.entry, hash: hashOf(found.line.text) };
        }
      } finally {
        if (last) this.#places.note(last.entry.n + 1, { file: segment.first, offset: last.line.end });
      }
    }
  }

  /** The oldest entries from `from` on, oldest first. */
  async page(from: number, limit: number): Promise<readonly AuditEntry[]> {
    const page: AuditEntry[] = [];
    for await (const { entry } of this.from(from)) if (page.push(entry) >= limit) break;
    return page;
  }

  /** The newest entries that `wanted` takes, newest first, from before entry `before`. */
  async recent(
    limit: number,
    before: number = Number.MAX_SAFE_INTEGER,
    wanted: (entry: AuditEntry) => boolean = () => true,
  ): Promise<readonly AuditEntry[]> {
    const breath = new Breath();
    const found: AuditEntry[] = [];
    for (const segment of [...(await listSegments(this.#folder))].reverse()) {
      if (segment.first >= before) continue;
      for await (const { entry, line } of this.#backwards(segment, before)) {
        await breath.take();
        if (entry.n >= before || !wanted(entry)) continue;
        found.push(entry);
        if (found.length < limit) continue;
        this.#places.note(entry.n, { file: segment.first, offset: line.start });
        return found;
      }
    }
    return found;
  }

  /** The numbers of the oldest and the newest entry; 1 and 0 where there is none. */
  async bounds(): Promise<{ readonly oldest: number; readonly newest: number }> {
    const [first] = await listSegments(this.#folder);
    const [newest] = await this.recent(1);
    return { oldest: first?.first ?? 1, newest: newest?.n ?? 0 };
  }

  /** From where `from` is known to begin, if it does; else from the beginning. */
  async *#onwards(segment: Segment, from: number): AsyncGenerator<Found> {
    const place = this.#places.of(from);
    if (place?.file === segment.first) {
      let begins = false;
      for await (const found of this.#decoded(segment, linesFrom(segment.path, place.offset))) {
        if (!begins && found.entry.n !== from) break;
        begins = true;
        yield found;
      }
      if (begins) return;
    }
    yield* this.#decoded(segment, linesFrom(segment.path));
  }

  /** Backwards from where `before` is known to begin, if it does; else from the end. */
  async *#backwards(segment: Segment, before: number): AsyncGenerator<Found> {
    const place = this.#places.of(before);
    if (place?.file === segment.first) {
      let fits = false;
      for await (const found of this.#decoded(segment, turned(linesBefore(segment.path, place.offset)))) {
        if (!fits && found.entry.n !== before - 1) break;
        fits = true;
        yield found;
      }
      if (fits) return;
    }
    yield* this.#decoded(segment, turned(linesBefore(segment.path)));
  }

  /** What is no entry is passed over: the verification says that it is there. */
  async *#decoded(segment: Segment, blocks: AsyncIterable<readonly FileLine[]>): AsyncGenerator<Found> {
    try {
      for await (const lines of blocks)
        for (const line of lines) {
          const entry = decodeEntry(line.text);
          if (entry !== null) yield { entry, line };
        }
    } catch (error) {
      // The oldest may have been removed meanwhile.
      const still = await listSegments(this.#folder);
      if (still.some(({ path }) => path === segment.path)) throw error;
    }
  }
}

async function* turned(blocks: AsyncIterable<readonly FileLine[]>): AsyncGenerator<readonly FileLine[]> {
  for await (const lines of blocks) yield [...lines].reverse();
}

import * as v from 'valibot';
import type { DriveEntry } from '../authentik/file-desk.ts';
import { fileRefusal } from './files-words.ts';

/** One part of an upload, in bytes; authentik takes up to 4 MiB. */
const PART_BYTES = 2 * 1024 * 1024;
const MAX_PAGES = 500;

const Listing = v.object({
  entries: v.array(
    v.object({
      name: v.string(),
      path: v.string(),
      kind: v.picklist(['file', 'directory']),
      size: v.nullable(v.number()),
    }),
  ),
  cursor: v.string(),
});
const Prepared = v.object({ id: v.string(), size: v.number() });

/** How far a transfer is. */
export type OnProgress = (done: number, size: number) => void;

/** The files of one session, whose connection token this is. Everything rejects with a sentence for people. */
export class Files {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  /** All that lies in a directory of the drive. */
  async list(path: string): Promise<readonly DriveEntry[]> {
    const entries: DriveEntry[] = [];
    for (let page = 0, cursor = ''; page < MAX_PAGES; page += 1) {
      const answer = await this.#post('list', { path, ...(cursor !== '' && { cursor }) });
      const listing = v.parse(Listing, await answer.json());
      entries.push(...listing.entries);
      if (listing.cursor === '') break;
      cursor = listing.cursor;
    }
    return entries;
  }

  /** Puts a file into the drive; a file that is there under this path is replaced at the end. */
  async upload(path: string, file: Blob, onProgress: OnProgress, signal: AbortSignal): Promise<void> {
    const id = await this.#prepare({ direction: 'upload', path, size: file.size }, signal);
    try {
      for (let offset = 0; offset < file.size; offset += PART_BYTES) {
        const part = file.slice(offset, offset + PART_BYTES);
        const answer = await fetch(`practice/files/bytes/${id}`, {
          method: 'PUT',
          headers: { 'x-rac-offset': String(offset) },
          body: part,
          signal,
        });
        if (!answer.ok) throw new Error(fileRefusal(answer.status));
        onProgress(offset + part.size, file.size);
      }
      await this.#post(`transfers/${id}/finish`, {}, signal);
    } catch (error) {
      await this.#post(`transfers/${id}/cancel`, {}).catch(() => undefined);
      throw error;
    }
  }

  /** Fetches a file of the drive. */
  async download(path: string, onProgress: OnProgress, signal: AbortSignal): Promise<Blob> {
    const id = await this.#prepare({ direction: 'download', path }, signal);
    try {
      const answer = await fetch(`practice/files/bytes/${id}`, { signal });
      if (!answer.ok || !answer.body) throw new Error(fileRefusal(answer.status));
      const size = Number(answer.headers.get('content-length'));
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      let done = 0;
      const reader = answer.body.getReader();
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        pieces.push(read.value);
        done += read.value.length;
        onProgress(done, size);
      }
      return new Blob(pieces);
    } catch (error) {
      await this.#post(`transfers/${id}/cancel`, {}).catch(() => undefined);
      throw error;
    }
  }

  async #prepare(wish: object, signal: AbortSignal): Promise<string> {
    const answer = await this.#post('transfers', wish, signal);
    return v.parse(Prepared, await answer.json()).id;
  }

  async #post(what: string, body: object, signal?: AbortSignal): Promise<Response> {
    const answer = await fetch(`practice/files/${what}`, {
      method: 'POST',
      body: JSON.stringify({ token: this.#token, ...body }),
      ...(signal && { signal }),
    });
    if (!answer.ok) throw new Error(fileRefusal(answer.status));
    return answer;
  }
}

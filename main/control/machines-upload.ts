import { basename } from 'node:path';
import { readBoundedFile } from '../core/base/bounded-file.ts';
import type { ImportFormat } from '../core/offline/machines/import-types.ts';
import type { ControlClient } from './client.ts';
import { MAX_PIECE } from './machines-schema.ts';

export interface UploadFile {
  readonly name: string;
  /** Null: told from its name and its content. */
  readonly format: ImportFormat | null;
  /** Called when its turn comes, so that one file at a time is in memory. */
  readonly read: () => Promise<Uint8Array>;
}

/** As many bytes as the outpost takes for one import. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Bytes whose base64 fits into one piece. */
const PIECE_BYTES = (MAX_PIECE / 4) * 3;

/** A file of this host. Reading it rejects with `file-unreadable`. */
export function fileToUpload(path: string, format: ImportFormat | null): UploadFile {
  return { name: basename(path), format, read: () => readBoundedFile(path, MAX_BYTES) };
}

/**
 * Hands files over to be imported, in pieces that a message holds; resolves with the import’s id. Rejects as the files'
 * `read` does, and with `request-invalid` beyond what an import may have; nothing waits to be imported then.
 */
export async function uploadFiles(
  client: Pick<ControlClient, 'request'>,
  files: readonly UploadFile[],
): Promise<string> {
  let id: string | null = null;
  try {
    for (const file of files) id = await uploadFile(client, file, id);
  } catch (error) {
    if (id !== null) await client.request('machines/import/forget', { import: id }).catch(() => {});
    throw error;
  }
  return id ?? '';
}

async function uploadFile(
  client: Pick<ControlClient, 'request'>,
  { name, format, read }: UploadFile,
  begun: string | null,
): Promise<string> {
  const bytes = await read();
  let id = begun;
  for (let at = 0; at === 0 || at < bytes.length; at += PIECE_BYTES) {
    const data = Buffer.from(bytes.subarray(at, at + PIECE_BYTES)).toString('base64');
    const answer: { import: string } = await client.request('machines/import/upload', {
      import: id,
      name,
      format,
      data,
      begins: at === 0,
    });
    id = answer.import;
  }
  return id ?? '';
}

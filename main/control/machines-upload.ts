import type { ImportFormat } from '../core/offline/machines/import-types.ts';
import type { ControlClient } from './client.ts';
import { MAX_PIECE } from './machines-schema.ts';

export interface UploadFile {
  readonly name: string;
  readonly format: ImportFormat | null;
  readonly bytes: Uint8Array;
}

/** Bytes whose base64 fits into one piece. */
const PIECE_BYTES = (MAX_PIECE / 4) * 3;

/** Hands files over to be imported, in pieces that a message holds; resolves with the import’s id. */
export async function uploadPieces(
  client: Pick<ControlClient, 'request'>,
  files: readonly UploadFile[],
): Promise<string> {
  let id: string | null = null;
  for (const { name, format, bytes } of files) {
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
  }
  return id ?? '';
}

import Guacamole from 'guacamole-common-js';
import type { Failure } from '../../../main/core/errors.ts';
import { BLOB_BYTES, base64 } from '../session/text-stream.ts';

/** Blobs that may be under way without having been acknowledged. */
const UNDER_WAY = 16;
/** Read from the file at once, a whole number of blobs. */
const PIECE_BYTES = BLOB_BYTES * UNDER_WAY;

export interface UploadEvents {
  readonly onMoved: (bytes: number) => void;
  readonly onDone: () => void;
  readonly onFailed: (failure: Failure) => void;
  /** It was cut in the middle, and the far side has taken and closed what it was sent. */
  readonly onCut: () => void;
}

/** What is used of a stream to the far side. */
export type UploadStream = Pick<Guacamole.OutputStream, 'onack' | 'sendBlob' | 'sendEnd'>;

/** Sends a file into a stream, as fast as the far side acknowledges it. Returns what cuts it from this side. */
export function upload(file: Blob, stream: UploadStream, events: UploadEvents): () => void {
  let over = false;
  let cutting = false;
  /** Blobs. */
  let sent = 0;
  /** The first one is for the stream itself. */
  let acknowledged = 0;
  /** Resolves waiting senders. */
  let wake: () => void = () => {};
  const end = () => {
    if (over) return false;
    over = true;
    wake();
    stream.sendEnd();
    return true;
  };
  // Its number goes to another stream as soon as it is ended: nothing may still be on its way to it.
  const endWhenQuiet = () => {
    if (!cutting || acknowledged <= sent) return;
    cutting = false;
    stream.sendEnd();
    if (sent > 0) events.onCut();
  };
  const cut = () => {
    if (over) return false;
    over = true;
    cutting = true;
    wake();
    endWhenQuiet();
    return true;
  };
  stream.onack = ({ code, message }) => {
    if (code !== Guacamole.Status.Code.SUCCESS) {
      cutting = false;
      if (end()) events.onFailed(refused(code, message));
      return;
    }
    acknowledged += 1;
    endWhenQuiet();
    wake();
  };
  const until = async (ready: () => boolean) => {
    while (!over && !ready())
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  const send = async () => {
    await until(() => acknowledged > 0);
    for (let at = 0; at < file.size && !over; at += PIECE_BYTES) {
      const piece = new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
      for (let from = 0; from < piece.length && !over; from += BLOB_BYTES) {
        await until(() => sent - (acknowledged - 1) < UNDER_WAY);
        if (over) return;
        const blob = piece.subarray(from, from + BLOB_BYTES);
        stream.sendBlob(base64(blob));
        sent += 1;
        events.onMoved(blob.length);
      }
    }
    await until(() => acknowledged > sent);
    if (end()) events.onDone();
  };
  send().catch(() => {
    if (cut()) events.onFailed(UNREADABLE);
  });
  return () => void cut();
}

/**
 * Empties a file of which a part was sent: half a file under the whole one's name would pass for it, and neither SFTP nor a
 * drive can be asked to remove it. `done` is called when the far side has done it.
 */
export function empty(stream: UploadStream, done: () => void): void {
  stream.onack = ({ code }) => {
    stream.onack = null;
    if (code !== Guacamole.Status.Code.SUCCESS) return;
    stream.sendEnd();
    done();
  };
}

const UNREADABLE: Failure = {
  code: 'file-unreadable',
  message: 'The file could not be read any more.',
  advice: 'Is it still there, unchanged? Then send it again.',
};

/** What guacd says is meant for programmers; its code is what a person can be told. */
export function refused(code: number, message: string | undefined): Failure {
  const { Code } = Guacamole.Status;
  const said = message?.trim() ?? '';
  switch (code) {
    case Code.CLIENT_FORBIDDEN:
      return {
        code: 'drive-failed',
        message: 'The machine does not allow it.',
        advice: 'Has this user the right to read or write there?',
      };
    case Code.RESOURCE_NOT_FOUND:
      return { code: 'drive-failed', message: 'There is no such file or folder on the machine any more.' };
    case Code.UNSUPPORTED:
      return {
        code: 'drive-failed',
        message: 'This session takes no files.',
        advice: 'For SSH, switch SFTP on for the machine; for RDP, a drive.',
      };
    default:
      return {
        code: 'drive-failed',
        message: `The machine refused the file (status 0x${code.toString(16).padStart(4, '0')}).`,
        // For programmers, and yet all that is known.
        ...(said !== '' && { advice: `It said: ${said}.` }),
      };
  }
}

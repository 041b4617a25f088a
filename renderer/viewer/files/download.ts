import Guacamole from 'guacamole-common-js';
import type { Failure } from '../../../main/core/errors.ts';
import type { SavePort } from './save-port.ts';

export interface DownloadEvents {
  readonly onMoved: (bytes: number) => void;
  readonly onDone: () => void;
  readonly onFailed: (failure: Failure) => void;
}

/**
 * Writes a stream of guacd into a file. Each blob is acknowledged when the file has taken it, so that a slow disk
 * slows the machine. Returns what ends it from this side.
 */
export function download(
  stream: Guacamole.InputStream,
  file: SavePort,
  { onMoved, onDone, onFailed }: DownloadEvents,
): () => void {
  let over = false;
  const reader = new Guacamole.ArrayBufferReader(stream);
  const stop = () => {
    over = true;
    stream.sendAck('Cancelled', Guacamole.Status.Code.RESOURCE_CLOSED);
  };
  reader.ondata = (data) => {
    if (over) return;
    void file.write(new Uint8Array(data)).then((taken) => {
      if (over || !taken) return;
      onMoved(data.byteLength);
      stream.sendAck('OK', Guacamole.Status.Code.SUCCESS);
    });
  };
  reader.onend = () => {
    if (!over) void file.finish();
  };
  void file.done.then((outcome) => {
    if (over) return;
    if ('saved' in outcome) {
      over = true;
      onDone();
    } else {
      stop();
      onFailed(outcome.failure);
    }
  });
  stream.sendAck('OK', Guacamole.Status.Code.SUCCESS);
  return () => {
    if (over) return;
    stop();
    file.abort();
  };
}

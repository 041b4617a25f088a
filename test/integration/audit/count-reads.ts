import { type FileHandle, open } from 'node:fs/promises';

type Read = (...args: unknown[]) => Promise<{ readonly bytesRead: number }>;

export interface Reads {
  /** Bytes that this process has read from files since it was last asked. */
  take(): number;
  stop(): void;
}

/** Counts what is read through file handles, which is how files of the journal are read. */
export async function countReads(): Promise<Reads> {
  const handle: FileHandle = await open(import.meta.filename, 'r');
  const handles = Object.getPrototypeOf(handle);
  await handle.close();
  const read: Read = handles.read;
  let bytes = 0;
  handles.read = async function (this: FileHandle, ...args: unknown[]) {
    const result = await read.apply(this, args);
    bytes += result.bytesRead;
    return result;
  };
  return {
    take: () => {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    stop: () => {
      handles.read = read;
    },
  };
}

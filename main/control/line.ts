import type { Socket } from 'node:net';
import { SallyportError } from '../core/errors.ts';

export interface LineLimits {
  /** Bytes without the newline. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/**
 * The next line a socket brings, without its newline; what follows stays in the socket for the next reader.
 * Rejects with `control-protocol` (too long, too late) or `connection-lost` (closed before the line was whole).
 */
export function readLine(socket: Socket, { maxBytes, timeoutMs }: LineLimits): Promise<string> {
  return new Promise((resolve, reject) => {
    let read = Buffer.alloc(0);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.pause();
      socket.off('data', onData);
      socket.off('close', onClose);
      settle();
    };
    const fail = (code: 'control-protocol' | 'connection-lost', message: string) =>
      finish(() => reject(new SallyportError(code, message)));
    const onClose = () =>
      fail('connection-lost', 'The connection was closed before its hello line was whole.');
    const onData = (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      const end = read.indexOf(0x0a);
      if (end > maxBytes || (end < 0 && read.length > maxBytes))
        return fail('control-protocol', `The hello line is longer than ${maxBytes} bytes.`);
      if (end < 0) return;
      finish(() => {
        if (end + 1 < read.length) socket.unshift(read.subarray(end + 1));
        resolve(read.toString('utf8', 0, end));
      });
    };
    const timer = setTimeout(
      () => fail('control-protocol', `No hello line came within ${timeoutMs / 1000} s.`),
      timeoutMs,
    );
    socket.on('data', onData);
    // Paused by whoever has read a line before.
    socket.resume();
    socket.on('close', onClose);
    if (socket.destroyed) onClose();
  });
}

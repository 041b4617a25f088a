import Guacamole from 'guacamole-common-js';

/** Text for a clipboard, both ways, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 1024 * 1024;
/** What guacd takes in one blob. */
export const BLOB_BYTES = 6048;

/**
 * Reads text from a stream of guacd; null where it is longer than `most` bytes. Guacamole's own string reader breaks
 * what is beyond 16 bits.
 */
export function readText(
  stream: Guacamole.InputStream,
  hear: (text: string | null) => void,
  most = MAX_TEXT_BYTES,
): void {
  const reader = new Guacamole.ArrayBufferReader(stream);
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  reader.ondata = (data) => {
    bytes += data.byteLength;
    if (bytes <= most) text += decoder.decode(data, { stream: true });
    stream.sendAck('OK', 0);
  };
  reader.onend = () => hear(bytes > most ? null : text + decoder.decode());
}

/** Writes a text into a stream, and ends it. */
export function writeText(stream: Guacamole.OutputStream, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += BLOB_BYTES)
    stream.sendBlob(base64(bytes.subarray(at, at + BLOB_BYTES)));
  stream.sendEnd();
}

/** Bytes of a text in UTF-8. */
export function textBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** For pieces as long as a blob: a longer one would be too many arguments. */
export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

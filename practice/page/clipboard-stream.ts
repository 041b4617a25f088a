import Guacamole from 'guacamole-common-js';

/** A machine's clipboard can be of any size; the page takes this much of it. */
const MAX_BYTES = 1024 * 1024;

/** Reads a text from a clipboard's stream. Guacamole's own string reader breaks what is beyond 16 bits. */
export function receiveText(stream: Guacamole.InputStream, hear: (text: string) => void): void {
  const reader = new Guacamole.ArrayBufferReader(stream);
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  reader.ondata = (data) => {
    bytes += data.byteLength;
    if (bytes <= MAX_BYTES) text += decoder.decode(data, { stream: true });
  };
  reader.onend = () => hear(text + decoder.decode());
}

/** Writes a text into a clipboard's stream, for the same reason by hand. */
export function sendText(stream: Guacamole.OutputStream, text: string): void {
  const writer = new Guacamole.ArrayBufferWriter(stream);
  writer.sendData(new TextEncoder().encode(text).slice(0, MAX_BYTES));
  writer.sendEnd();
}

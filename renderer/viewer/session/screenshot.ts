import type Guacamole from 'guacamole-common-js';

/** The machine's whole picture as it is now, as PNG. Rejects where there is none. */
export async function pictureOf(display: Guacamole.Display): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((resolve) => display.flatten().toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('There is no picture yet.');
  return new Uint8Array(await blob.arrayBuffer());
}

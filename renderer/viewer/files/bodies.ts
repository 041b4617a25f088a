import type Guacamole from 'guacamole-common-js';

export type OnBody = (stream: Guacamole.InputStream, mimetype: string) => void;

/**
 * What is asked of a machine's file system, by path. Guacamole's own queue keeps who has given up, and hands the next
 * answer to nobody; here whoever gives up is forgotten.
 */
export class Bodies {
  readonly filesystem: Guacamole.Object;
  readonly #waiting = new Map<string, OnBody[]>();

  constructor(filesystem: Guacamole.Object) {
    this.filesystem = filesystem;
    filesystem.onbody = (stream: Guacamole.InputStream, mimetype: string, name?: string) => {
      const hear = name === undefined ? undefined : this.#waiting.get(name)?.shift();
      if (hear) hear(stream, mimetype);
      else stream.sendAck('Nobody waits for it any more', 0x0303);
    };
  }

  /** Asks for a file or a directory; returns what gives it up. guacd answers what it cannot read with silence. */
  ask(path: string, hear: OnBody): () => void {
    const waiting = this.#waiting.get(path) ?? [];
    waiting.push(hear);
    this.#waiting.set(path, waiting);
    this.filesystem.requestInputStream(path);
    return () => {
      const at = waiting.indexOf(hear);
      if (at >= 0) waiting.splice(at, 1);
    };
  }
}

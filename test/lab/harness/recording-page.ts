import Guacamole from 'guacamole-common-js';

/** What Guacamole's own player makes of a recording. */
export interface Played {
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
  /** How many colours the last picture has; one that shows nothing has one. */
  readonly colours: number;
}

/** Hands a file over as it would come from a server. The library's own way for files is broken in 1.5.0. */
class FileTunnel extends Guacamole.Tunnel {
  constructor(text: string) {
    super();
    // The base class sets its own on each object.
    this.disconnect = () => {};
    this.connect = () => {
      const parser = new Guacamole.Parser();
      parser.oninstruction = (opcode, args) => this.oninstruction?.(opcode, args);
      parser.receive(text);
      this.onstatechange?.(Guacamole.Tunnel.State.CLOSED);
    };
  }
}

/** Plays in a page what was exported, by the library that Guacamole's web interface plays it with. */
async function play(text: string): Promise<Played> {
  const recording = new Guacamole.SessionRecording(new FileTunnel(text));
  await new Promise<void>((resolve, reject) => {
    recording.onload = resolve;
    recording.onerror = (message) => reject(new Error(message));
    recording.connect();
  });
  const durationMs = recording.getDuration();
  await new Promise<void>((resolve) => recording.seek(durationMs, resolve));
  const display = recording.getDisplay();
  await new Promise<void>((resolve) => display.flush(resolve));
  const canvas = display.flatten();
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  const colours = new Set(pixels && new Uint32Array(pixels.buffer));
  return { durationMs, width: canvas.width, height: canvas.height, colours: colours.size };
}

Reflect.set(globalThis, 'playRecording', play);

import Guacamole from 'guacamole-common-js';

/** What is offered to guacd: samples as they are, which need no decoder. */
export const AUDIO_TYPES: readonly string[] = ['audio/L8', 'audio/L16'];

/** Sound that waits longer than this is late, and skipped: seconds. */
const LATEST = 0.4;

/** A machine's sound, which can be turned off at any moment. Nothing is made until the first sound comes. */
export class Sound {
  #context: AudioContext | null = null;
  #volume: GainNode | null = null;
  #on = true;
  /** Seconds of sound that were played, for tests. */
  played = 0;

  get on(): boolean {
    return this.#on;
  }

  turn(on: boolean): void {
    this.#on = on;
    if (this.#volume) this.#volume.gain.value = on ? 1 : 0;
  }

  /** A player for a stream of guacd; null for a format that is not known. */
  player(stream: Guacamole.InputStream, mimetype: string): Guacamole.AudioPlayer | null {
    const format = Guacamole.RawAudioFormat.parse(mimetype);
    if (format === null) return null;
    const reader = new Guacamole.ArrayBufferReader(stream);
    let next = 0;
    reader.ondata = (data) => {
      next = this.#play(data, format, next);
    };
    return new SilentPlayer();
  }

  end(): void {
    void this.#context?.close();
    this.#context = null;
    this.#volume = null;
  }

  #play(data: ArrayBuffer, format: Guacamole.RawAudioFormat, wanted: number): number {
    const { context, volume } = this.#outlet();
    const frames = Math.floor(data.byteLength / (format.bytesPerSample * format.channels));
    if (frames === 0) return wanted;
    const buffer = context.createBuffer(format.channels, frames, format.rate);
    const samples = format.bytesPerSample === 1 ? new Int8Array(data) : new Int16Array(data);
    const loudest = format.bytesPerSample === 1 ? 128 : 32_768;
    for (let channel = 0; channel < format.channels; channel += 1) {
      const out = buffer.getChannelData(channel);
      for (let at = 0; at < frames; at += 1)
        out[at] = (samples[at * format.channels + channel] ?? 0) / loudest;
    }
    const now = context.currentTime;
    if (wanted - now > LATEST) return wanted;
    const at = Math.max(wanted, now);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(volume);
    source.start(at);
    this.played += buffer.duration;
    return at + buffer.duration;
  }

  #outlet(): { readonly context: AudioContext; readonly volume: GainNode } {
    const context = this.#context ?? new AudioContext();
    const volume = this.#volume ?? context.createGain();
    if (this.#volume === null) {
      volume.gain.value = this.#on ? 1 : 0;
      volume.connect(context.destination);
    }
    this.#context = context;
    this.#volume = volume;
    return { context, volume };
  }
}

/** Guacamole's client asks players to wait for the picture; sound here is played as it comes. */
class SilentPlayer extends Guacamole.AudioPlayer {}

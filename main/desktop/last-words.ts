/** Longer lines are cut, in characters: a child that prints without end must not fill memory. */
const MAX_LINE = 8 * 1024;
const MAX_KEPT = 20;
/** What our programs put before a sentence for people; anything else is a library's stack or warning. */
export const SPOKEN = /^sallyport: (.+)$/;
/** Practice speaks without it; the lines of a stack are indented. */
export const SPOKEN_PLAINLY = /^(\S.*)$/;

/** Takes a child's output apart into lines, and remembers the last sentences among them. */
export class LastWords {
  readonly #line: (line: string) => void;
  readonly #spoken: RegExp;
  readonly #said: string[] = [];
  #rest = '';

  /** `spoken`: what a sentence looks like. */
  constructor(line: (line: string) => void = () => {}, spoken: RegExp = SPOKEN) {
    this.#line = line;
    this.#spoken = spoken;
  }

  hear(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('utf8')).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) this.#take(line.slice(0, MAX_LINE));
  }

  /** The sentences as one text; empty where there were none. */
  get told(): string {
    return this.#said.join(' ');
  }

  #take(line: string): void {
    this.#line(line);
    const sentence = this.#spoken.exec(line)?.[1];
    if (sentence === undefined) return;
    this.#said.push(sentence);
    if (this.#said.length > MAX_KEPT) this.#said.shift();
  }
}

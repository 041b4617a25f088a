const CONCEALED = '***';

/**
 * A value that must not be seen: password, token, key. Whatever prints it (template, JSON, console, logger)
 * prints `***`; only `reveal()` gives the value, so every use is one that can be searched for.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  get isEmpty(): boolean {
    return this.#value === '';
  }

  toString(): string {
    return CONCEALED;
  }

  toJSON(): string {
    return CONCEALED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return CONCEALED;
  }
}

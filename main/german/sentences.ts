interface Pattern {
  readonly english: RegExp;
  readonly german: string;
  readonly names: readonly string[];
}

/** Facts that are words of the language themselves, and so have to be known; the last is a list of such. */
const IN_WORDS: ReadonlySet<string> = new Set(['what', 'reason', 'reasons']);
const LIST = 'reasons';

/** A fact that is digits, so that “{count} lines” is not said of a name that ends so. */
const NUMBER = 'count';

/** Says sentences with facts in them in another language; what it does not know it does not say. */
export class Sentences {
  /** Those that leave least open come first. */
  readonly #patterns: readonly Pattern[];

  /** `table`: sentences with `{facts}`, each with what it is in the other language. */
  constructor(table: Readonly<Record<string, string>>) {
    const closed = (sentence: string) => sentence.replace(/\{\w+\}/g, '').length;
    this.#patterns = Object.entries(table)
      .sort(([one], [other]) => closed(other) - closed(one))
      .map(([english, german]) => patternOf(english, german));
  }

  /** Null where it, or one of several sentences in it, is not known: half of each language helps nobody. */
  say(text: string): string | null {
    const said = text.split(/(?<=[.?]) (?=\p{Lu})/u).map((part) => this.#one(part));
    return said.some((part) => part === null) ? null : said.join(' ');
  }

  #one(text: string): string | null {
    for (const { english, german, names } of this.#patterns) {
      const found = english.exec(text);
      if (!found) continue;
      const facts = new Map(names.map((name, index) => [name, this.#fact(name, found[index + 1] ?? '')]));
      if ([...facts.values()].includes(null)) continue;
      return german.replace(/\{(\w+)\}/g, (_, name: string) => facts.get(name) ?? '');
    }
    return null;
  }

  /** A fact may be a sentence of its own, or one without its full stop. Null where it has to be known, and is not. */
  #fact(name: string, text: string): string | null {
    if (name === LIST && text.includes(', ')) {
      const said = text.split(', ').map((part) => this.#fact(name, part));
      return said.includes(null) ? null : said.join(', ');
    }
    const said = this.#one(text) ?? this.#one(`${text}.`)?.replace(/\.$/, '');
    return said ?? (IN_WORDS.has(name) && /\s/.test(text) ? null : text);
  }
}

function patternOf(english: string, german: string): Pattern {
  const names: string[] = [];
  const source = english
    .split(/(\{\w+\})/)
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(name);
      return name === NUMBER ? '(\\d+)' : '(.+?)';
    })
    .join('');
  return { english: new RegExp(`^${source}$`, 's'), german, names };
}

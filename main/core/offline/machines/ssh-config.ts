import { Breath } from '../../base/breath.ts';
import { linesOf } from './import-text.ts';

/*
 * OpenSSH's client configuration as far as it names machines. Source: ssh_config(5): for each option the first
 * value counts that stands in a block whose patterns fit.
 */

export interface SshBlock {
  readonly line: number;
  readonly patterns: readonly string[];
  /** Options by lower-case name; of several the first. */
  readonly options: ReadonlyMap<string, string>;
}

export interface SshConfig {
  /** What stands before the first `Host` counts for every machine. */
  readonly blocks: readonly SshBlock[];
  readonly includes: readonly { readonly line: number; readonly what: string }[];
  readonly matches: readonly { readonly line: number; readonly what: string }[];
  /** Lines without an option and a value. */
  readonly unread: readonly number[];
}

export async function parseSshConfig(text: string): Promise<SshConfig> {
  const blocks: { line: number; patterns: string[]; options: Map<string, string> }[] = [
    { line: 1, patterns: ['*'], options: new Map() },
  ];
  const includes: { line: number; what: string }[] = [];
  const matches: { line: number; what: string }[] = [];
  const unread: number[] = [];
  let inMatch = false;
  const breath = new Breath();
  for (const { line, content } of linesOf(text)) {
    await breath.take();
    if (content === '' || content.startsWith('#')) continue;
    const found = /^([A-Za-z][A-Za-z0-9]*)(?:\s*=\s*|\s+)(\S.*)$/.exec(content);
    const option = found?.[1]?.toLowerCase();
    const value = found?.[2];
    if (option === undefined || value === undefined) unread.push(line);
    else if (option === 'include') includes.push({ line, what: value });
    else if (option === 'match') {
      inMatch = value.trim().toLowerCase() !== 'all';
      if (inMatch) matches.push({ line, what: value });
      else blocks.push({ line, patterns: ['*'], options: new Map() });
    } else if (option === 'host') {
      inMatch = false;
      blocks.push({ line, patterns: words(value), options: new Map() });
    } else if (!inMatch) {
      const options = blocks[blocks.length - 1]?.options;
      if (options !== undefined && !options.has(option)) options.set(option, words(value).join(' '));
    }
  }
  return { blocks, includes, matches, unread };
}

/** Words with blanks between them, some in quotes; a comment ends them. */
function words(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/"([^"]*)"|(\S+)/g)) {
    const word = match[1] ?? match[2] ?? '';
    if (match[1] === undefined && word.startsWith('#')) break;
    found.push(word);
  }
  return found;
}

export function isPattern(word: string): boolean {
  return /[*?]/.test(word) || word.startsWith('!');
}

/** The options that count for one machine. */
export class SshOptions {
  readonly #named = new Map<string, SshBlock[]>();
  readonly #patterns: readonly { readonly block: SshBlock; readonly fits: (name: string) => boolean }[];

  constructor(blocks: readonly SshBlock[]) {
    const patterns: { block: SshBlock; fits: (name: string) => boolean }[] = [];
    for (const block of blocks) {
      if (block.patterns.some(isPattern)) patterns.push({ block, fits: matcher(block.patterns) });
      else
        for (const name of new Set(block.patterns)) {
          const known = this.#named.get(name);
          if (known) known.push(block);
          else this.#named.set(name, [block]);
        }
    }
    this.#patterns = patterns;
  }

  of(name: string): ReadonlyMap<string, string> {
    const fitting = [
      ...(this.#named.get(name) ?? []),
      ...this.#patterns.filter(({ fits }) => fits(name)).map(({ block }) => block),
    ].sort((one, other) => one.line - other.line);
    const options = new Map<string, string>();
    for (const block of fitting)
      for (const [option, value] of block.options) if (!options.has(option)) options.set(option, value);
    return options;
  }
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  const rules = patterns.map((pattern) => ({
    no: pattern.startsWith('!'),
    fits: wildcard(pattern.replace(/^!/, '')),
  }));
  return (name) => {
    let fitting = false;
    for (const { no, fits } of rules) {
      if (!fits(name)) continue;
      // One refusal outweighs every other pattern of the line.
      if (no) return false;
      fitting = true;
    }
    return fitting;
  };
}

/**
 * `*` for any characters, `?` for one. By hand, because a regular expression of many stars takes for ever on some
 * names.
 */
export function wildcard(pattern: string): (name: string) => boolean {
  return (name) => {
    let at = 0;
    let inPattern = 0;
    let star = -1;
    let resume = 0;
    while (at < name.length) {
      if (pattern[inPattern] === '*') {
        star = inPattern++;
        resume = at;
      } else if (
        inPattern < pattern.length &&
        (pattern[inPattern] === '?' || pattern[inPattern] === name[at])
      ) {
        inPattern += 1;
        at += 1;
      } else if (star >= 0) {
        inPattern = star + 1;
        at = ++resume;
      } else return false;
    }
    while (pattern[inPattern] === '*') inPattern += 1;
    return inPattern === pattern.length;
  };
}

import { isIP } from 'node:net';
import type { OutpostStatus } from '../core/status.ts';

/** Kinds of names, as their stand-ins call them: `user-1`, `host-2`. */
type NameKind = 'user' | 'host' | 'address' | 'name' | 'mail';

const MAIL = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,24}/g;
const V4 = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
const V6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:.])/gi;
/** A name of DNS with at least two dots, or one that ends in a common word: versions and file names are none. */
const HOST =
  /\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}(?:com|net|org|io|de|at|ch|eu|lan|local|internal|corp|home|intern|localdomain|test|example|dev|cloud|uk|fr|nl|us|ad)\b/gi;
/** This machine itself, and what says nothing about anybody's network. */
const PLAIN = /^(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|255\.255\.255\.255|::1?|localhost)$/i;
/** Ours and others' public places, which a reader needs. */
const PUBLIC_HOST = /(?:^|\.)(?:goauthentik\.io|apache\.org|freedesktop\.org|kde\.org)$/i;
/** A shorter name would be found inside words. */
const SHORTEST = 3;

/**
 * Replaces names and addresses in texts, each by the same stand-in everywhere, so that what belongs together can
 * still be seen. What is known by name (users, machines, authentik's address) comes first; then what looks like
 * an address.
 */
export class NameReplacer {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<NameKind, number>();

  /** A name that is to be replaced wherever it stands; short ones, and this machine, are left. */
  know(kind: NameKind, name: string | null | undefined): void {
    const trimmed = name?.trim() ?? '';
    if (trimmed.length < SHORTEST || PLAIN.test(trimmed)) return;
    this.#standIn(kind, trimmed);
  }

  /** Everything that a status names. */
  knowStatus({ host, outpost, sessions, history, guacd }: OutpostStatus): void {
    if (host !== null) this.know('host', hostOf(host));
    this.know('name', outpost?.name);
    for (const { name } of outpost?.providers ?? []) this.know('name', name);
    for (const { user, machine } of [...sessions, ...history]) {
      this.know('user', user);
      this.#knowAddress(machine);
    }
    if (guacd.kind === 'up') for (const { address } of guacd.instances) this.#knowAddress(address);
  }

  replace(text: string): string {
    let result = text;
    // The longest first: one name may be part of another.
    for (const [name, standIn] of [...this.#known].sort(([one], [other]) => other.length - one.length))
      result = replaceWord(result, name, standIn);
    return result
      .replace(MAIL, (mail) => this.#standIn('mail', mail))
      .replace(V4, (address) => (isIP(address) === 4 ? this.#addressStandIn(address) : address))
      .replace(V6, (address) => (isIP(address) === 6 ? this.#addressStandIn(address) : address))
      .replace(HOST, (name) => (PUBLIC_HOST.test(name) ? name : this.#standIn('host', name)));
  }

  #knowAddress(address: string): void {
    const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
    this.know(isIP(host) === 0 ? 'host' : 'address', host);
  }

  #addressStandIn(address: string): string {
    return PLAIN.test(address) ? address : this.#standIn('address', address);
  }

  #standIn(kind: NameKind, name: string): string {
    const key = name.toLowerCase();
    const there = this.#known.get(key);
    if (there !== undefined) return there;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const standIn = `${kind}-${number}`;
    this.#known.set(key, standIn);
    return standIn;
  }
}

/** Replaces `name` where it is not part of a longer word, in any case. */
function replaceWord(text: string, name: string, standIn: string): string {
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w-])${pattern}(?![\\w-])`, 'giu'), standIn);
}

function hostOf(address: string): string {
  try {
    return new URL(address).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return address;
  }
}

import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** A host as somebody wrote it, in its one spelling. */
export interface Host {
  readonly kind: 'name' | 'address';
  readonly text: string;
}

/** Letters, marks and digits of any script, what joins them, and the dots that DNS takes for one. */
const WRITTEN = /^[\p{L}\p{M}\p{N}\p{Join_Control}_.。．｡-]{1,253}$/u;
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/**
 * The host in one spelling: lower case, no dot at the end, other scripts as DNS writes them, numbers as four of them.
 * Null for what is neither name nor address: resolvers stop at a blank or a null, others at a slash, and then what is
 * found is not what was judged.
 */
export function readHost(text: string): Host | null {
  if (text.includes(':')) return isIPv6(text) ? { kind: 'address', text } : null;
  if (!WRITTEN.test(text)) return null;
  const name = domainToASCII(text).replace(/\.$/, '');
  if (isIPv4(name)) return { kind: 'address', text: name };
  return LABELS.test(name) ? { kind: 'name', text: name } : null;
}

/** Whether `text` is like `pattern`, in which `*` stands for any run of characters. Both in one spelling already. */
export function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return text === pattern;
  const last = parts[parts.length - 1] ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  // Leftmost is enough for what is between: no backtracking, whatever somebody writes.
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

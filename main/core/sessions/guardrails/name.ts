import { domainToASCII } from 'node:url';

/** One spelling for each name of a machine: lower case, no dot at the end, other scripts as DNS writes them. */
export function canonicalName(text: string): string {
  const bare = text.trim().replace(/\.+$/, '').toLowerCase();
  // Empty for what is no name at all; then the text itself is compared, and matches nothing by mistake.
  return domainToASCII(bare) || bare;
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

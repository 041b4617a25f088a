import type { WindowKind } from '../../preload/contract/types.ts';

/** The scheme of the app's own pages; the host is the kind of window. */
export const SCHEME = 'app';

export function pageAddress(kind: WindowKind): string {
  return `${SCHEME}://${kind}/`;
}

/** Whether an address belongs to the pages of this kind of window. */
export function isOwnPage(address: string, kind: WindowKind): boolean {
  try {
    const { protocol, host, username, password } = new URL(address);
    return protocol === `${SCHEME}:` && host === kind && username === '' && password === '';
  } catch {
    return false;
  }
}

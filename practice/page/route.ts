/** What the page shows: the list, or a machine's session. Part of the address, so that it can be linked to. */
export type Route = { readonly kind: 'list' } | { readonly kind: 'machine'; readonly name: string };

const MACHINE = '#/machine/';

/** Reads the part of an address after `#`, that included; what is not understood is the list. */
export function readRoute(hash: string): Route {
  if (!hash.startsWith(MACHINE)) return { kind: 'list' };
  try {
    const name = decodeURIComponent(hash.slice(MACHINE.length));
    return name === '' ? { kind: 'list' } : { kind: 'machine', name };
  } catch {
    return { kind: 'list' };
  }
}

export function machineLink(name: string): string {
  return `${MACHINE}${encodeURIComponent(name)}`;
}

export const LIST_LINK = '#/';

import type { LinkName } from '../../preload/contract/types.ts';

/** What the addresses of links are made of. */
export interface LinkSources {
  /** authentik's address as the outpost has it. */
  readonly host: string | null;
  readonly practiceUrl: string | null;
}

const DOCS_RAC = 'https://docs.goauthentik.io/add-secure-apps/providers/rac/';
const GUACD_RELEASES = 'https://guacamole.apache.org/releases/';

/**
 * The address of a link; null where there is none now, or where it is none that a browser may be sent to: https
 * only, and for practice plain http to this machine. Nothing of it comes from a page.
 */
export function linkAddress(link: LinkName, { host, practiceUrl }: LinkSources): string | null {
  switch (link) {
    case 'authentik':
      return host === null ? null : below(host, '');
    case 'outposts':
      return host === null ? null : below(host, 'if/admin/#/outpost/outposts');
    case 'docs-rac':
      return DOCS_RAC;
    case 'guacd-releases':
      return GUACD_RELEASES;
    case 'practice':
      return practiceUrl !== null && isLoopback(practiceUrl) ? practiceUrl : null;
    default:
      return link satisfies never;
  }
}

function below(host: string, path: string): string | null {
  try {
    const base = new URL(host);
    base.username = '';
    base.password = '';
    base.search = '';
    base.hash = '';
    if (!base.pathname.endsWith('/')) base.pathname += '/';
    const address = new URL(path, base);
    // Practice's stand-in has only plain http, on this machine.
    return address.protocol === 'https:' || isLoopback(address.href) ? address.href : null;
  } catch {
    return null;
  }
}

function isLoopback(address: string): boolean {
  try {
    const { protocol, hostname } = new URL(address);
    return (
      protocol === 'http:' && (hostname === '127.0.0.1' || hostname === '[::1]' || hostname === 'localhost')
    );
  } catch {
    return false;
  }
}

/** Replaced at build time; see `scripts/build.mjs`. */
declare const SALLYPORT_VERSION: string | undefined;

/** Sallyport's version, such as `0.1.0`. */
export const VERSION = typeof SALLYPORT_VERSION === 'string' ? SALLYPORT_VERSION : '0.0.0-dev';

/**
 * What authentik calls a build hash. Never authentik's own: it flags outposts as outdated only when the hashes are
 * equal.
 */
export const BUILD = `sallyport-${VERSION}`;

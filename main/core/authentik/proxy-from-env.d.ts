declare module 'proxy-from-env' {
  /** The proxy for this URL by the environment's `*_proxy` and `no_proxy`; empty where there is none. */
  export function getProxyForUrl(url: string): string;
}

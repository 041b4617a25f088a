import type { ViewerClient } from '../../preload/contract/requests.ts';

declare global {
  interface Window {
    /** Made by the preload script; the only way out of this page, ports aside. */
    readonly sallyportViewer: ViewerClient;
  }
}

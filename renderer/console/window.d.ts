import type { ConsoleClient } from '../../preload/contract/console.ts';

declare global {
  interface Window {
    /** Made by the preload script; the only way out of this page. */
    readonly sallyport: ConsoleClient;
  }
}

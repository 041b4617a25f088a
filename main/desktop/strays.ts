import { withoutSecrets } from './leftover-secrets.ts';

/**
 * Errors that nobody caught are told on standard error and end nothing: the outpost and its sessions do not hang on
 * a window. Electron itself would show their stack in a dialog.
 */
export function reportStrays(): void {
  const report = (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`sallyport: the app met an error that nobody foresaw: ${withoutSecrets(text)}\n`);
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}

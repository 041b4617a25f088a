import { powerMonitor } from 'electron';
import type { OutpostDesk } from './outpost-desk.ts';

/** Locks the vault when the computer goes to sleep or its screen is locked: nobody sits before it then. */
export function lockVaultWithScreen(desk: Pick<OutpostDesk, 'host' | 'status'>): void {
  const lock = (because: 'sleep' | 'screen') => {
    if (desk.status?.vault?.kind === 'none') return;
    try {
      // Where the outpost cannot be reached there is no vault that is open.
      desk.host.control.request('vault/lock', { because }).catch(() => {});
    } catch {
      // The same, before it was ever reached.
    }
  };
  powerMonitor.on('suspend', () => lock('sleep'));
  powerMonitor.on('lock-screen', () => lock('screen'));
}

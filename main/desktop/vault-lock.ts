import { powerMonitor } from 'electron';
import type { OutpostDesk } from './outpost-desk.ts';
import { watchScreen } from './screen-watch.ts';

/** Of no meaning here: a locked screen is told whatever the time, in seconds, that makes a person idle. */
const IDLE_SECONDS = 3_600;

/** Locks the vault when the computer goes to sleep or its screen is locked: nobody sits before it then. */
export function lockVaultWithScreen(desk: Pick<OutpostDesk, 'host' | 'status' | 'onChange'>): void {
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
  if (process.platform === 'linux')
    watchScreen(
      desk,
      () => powerMonitor.getSystemIdleState(IDLE_SECONDS) === 'locked',
      () => lock('screen'),
    );
}

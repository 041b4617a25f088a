import type { OutpostDesk } from './outpost-desk.ts';

/** How often is looked, in milliseconds. */
const LOOK_MS = 2_000;

/**
 * Calls back when the screen is locked while the vault is open. Looks by itself, and only for as long as the vault is
 * open: Electron says it by an event on Windows and macOS alone.
 */
export function watchScreen(
  desk: Pick<OutpostDesk, 'status' | 'onChange'>,
  isLocked: () => boolean,
  onLocked: () => void,
): void {
  let timer: NodeJS.Timeout | undefined;
  let wasLocked = false;
  const look = () => {
    const now = isLocked();
    if (now && !wasLocked) onLocked();
    wasLocked = now;
  };
  const follow = () => {
    const isOpen = desk.status?.vault?.kind === 'unlocked';
    if (isOpen === (timer !== undefined)) return;
    clearInterval(timer);
    timer = undefined;
    if (!isOpen) return;
    // Opened from elsewhere while the screen is locked: that person is not the one who has left.
    wasLocked = isLocked();
    timer = setInterval(look, LOOK_MS);
    timer.unref();
  };
  desk.onChange(follow);
  follow();
}

const CTRL = 0xffe3;
const ALT = 0xffe9;
const SHIFT = 0xffe1;
const SUPER = 0xffeb;
const F = (number: number) => 0xffbd + number;

/** Keys that the person's own system takes for itself, or that are hard to press, by what they are called. */
export const COMBINATIONS: Readonly<Record<string, readonly number[]>> = {
  'Ctrl+Alt+Del': [CTRL, ALT, 0xffff],
  'Ctrl+Alt+Backspace': [CTRL, ALT, 0xff08],
  'Ctrl+Alt+End': [CTRL, ALT, 0xff57],
  'Ctrl+Shift+Esc': [CTRL, SHIFT, 0xff1b],
  'Alt+Tab': [ALT, 0xff09],
  'Alt+F4': [ALT, F(4)],
  Win: [SUPER],
  'Win+L': [SUPER, 0x6c],
  'Win+R': [SUPER, 0x72],
  Print: [0xff61],
  Pause: [0xff13],
  'Ctrl+Alt+F1': [CTRL, ALT, F(1)],
  'Ctrl+Alt+F2': [CTRL, ALT, F(2)],
  'Ctrl+Alt+F7': [CTRL, ALT, F(7)],
};

/** Presses keys in their order and releases them in the reverse one. */
export function pressAll(keysyms: readonly number[], key: (pressed: boolean, keysym: number) => void): void {
  for (const keysym of keysyms) key(true, keysym);
  for (const keysym of [...keysyms].reverse()) key(false, keysym);
}

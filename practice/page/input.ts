import Guacamole from 'guacamole-common-js';
import type { Remote } from './remote.ts';

const MOUSE_EVENTS = ['mousedown', 'mousemove', 'mouseup'];
const CTRL = [0xffe3, 0xffe4];
const ALT = [0xffe9, 0xffea];
const SHIFT = [0xffe1, 0xffe2];

/** Takes the keyboard while `place` has the focus. `onLeave`: Ctrl+Alt+Shift, the way out for the keyboard. */
export function takeKeyboard(place: HTMLElement, remote: () => Remote | null, onLeave: () => void): void {
  const keyboard = new Guacamole.Keyboard(place);
  keyboard.onkeydown = (keysym) => {
    remote()?.key(true, keysym);
    if ([CTRL, ALT, SHIFT].every((keys) => keys.some((key) => keyboard.pressed[key] || key === keysym))) {
      keyboard.reset();
      onLeave();
    }
    return false;
  };
  keyboard.onkeyup = (keysym) => remote()?.key(false, keysym);
  // A key that goes up elsewhere is never heard of again.
  place.addEventListener('blur', () => keyboard.reset());
}

/** Sends what mouse, pen and finger do on the machine's screen. */
export function takePointer(remote: Remote): void {
  const { display } = remote;
  const screen = display.getElement();
  const mouse = new Guacamole.Mouse(screen);
  // The browser's own pointer takes the shape of the machine's where it can, so that it never lags behind.
  let drawn = false;
  display.oncursor = (canvas, x, y) => {
    drawn = !mouse.setCursor(canvas, x, y);
    display.showCursor(drawn);
  };
  const send = (event: Guacamole.Event) => {
    if (!(event instanceof Guacamole.Mouse.Event)) return;
    display.showCursor(drawn);
    remote.mouse(event.state);
  };
  mouse.onEach(MOUSE_EVENTS, send);
  new Guacamole.Mouse.Touchscreen(screen).onEach(MOUSE_EVENTS, send);
}

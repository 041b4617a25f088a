import Guacamole from 'guacamole-common-js';

const MOUSE_EVENTS = ['mousedown', 'mousemove', 'mouseup'];
const TOUCH_EVENTS = ['touchstart', 'touchmove', 'touchend'];

/** Sends what mouse, pen and fingers do on a machine's picture. */
export function takePointer(client: Guacamole.Client, display: Guacamole.Display): void {
  const picture = display.getElement();
  const mouse = new Guacamole.Mouse(picture);
  // The browser's own pointer takes the shape of the machine's where it can, so that it never lags behind.
  let drawn = false;
  display.oncursor = (canvas, x, y) => {
    drawn = !mouse.setCursor(canvas, x, y);
    display.showCursor(drawn);
  };
  const send = (event: Guacamole.Event) => {
    if (!(event instanceof Guacamole.Mouse.Event)) return;
    display.showCursor(drawn);
    client.sendMouseState(event.state, true);
  };
  mouse.onEach(MOUSE_EVENTS, send);
  // One finger is a mouse, until the machine says that it knows fingers.
  let fingers = 0;
  client.onmultitouch = (_, touches) => {
    fingers = touches;
  };
  new Guacamole.Mouse.Touchscreen(picture).onEach(MOUSE_EVENTS, (event) => {
    if (fingers === 0) send(event);
  });
  new Guacamole.Touch(picture).onEach(TOUCH_EVENTS, (event) => {
    if (fingers === 0 || !(event instanceof Guacamole.Touch.Event)) return;
    client.sendTouchState(event.state, true);
    event.preventDefault();
  });
}

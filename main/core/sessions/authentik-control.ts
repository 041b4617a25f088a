const PREFIX = Buffer.from('0.authentik.');
const DISCONNECT = Buffer.from('0.authentik.disconnect');

/** Whether authentik itself speaks, without Guacamole's framing. */
export function isControl(frame: Buffer): boolean {
  return frame.length >= PREFIX.length && frame.compare(PREFIX, 0, PREFIX.length, 0, PREFIX.length) === 0;
}

/**
 * Whether authentik says that the browser's websocket is gone. It says the same whether the page was closed or
 * reloaded, the person logged out or lost the network.
 */
export function isDisconnect(frame: Buffer): boolean {
  return frame.equals(DISCONNECT);
}

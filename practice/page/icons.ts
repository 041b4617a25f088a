const TERMINAL = 'M4 5h16v14H4zM7.5 9l3 3-3 3M12.5 15h4';
const SCREEN = 'M3 5h18v11H3zM9 20h6M12 16v4';
const WINDOW = 'M3 5h18v14H3zM3 9h18M6 7h.01M8.5 7h.01';

/** The outline of a machine that speaks a protocol. */
export function protocolIcon(protocol: string): string {
  if (protocol === 'ssh') return TERMINAL;
  return protocol === 'rdp' ? WINDOW : SCREEN;
}

export const BACK = 'M14.5 6l-6 6 6 6';
export const OPEN = 'M9.5 6l6 6-6 6';

/** `light`: dark strokes for a light panel; `dark`: light strokes for a dark one; `mono`: one colour, by shape alone. */
export type TrayVariant = 'light' | 'dark' | 'mono';

export interface PanelFacts {
  readonly platform: NodeJS.Platform;
  /** `XDG_CURRENT_DESKTOP`. */
  readonly desktop: string;
  /** Whether the system's windows are dark. */
  readonly dark: boolean;
}

/** The variant that can be seen on the system's panel. */
export function trayVariant({ platform, desktop, dark }: PanelFacts): TrayVariant {
  if (platform === 'darwin') return 'mono';
  // These have a dark panel whatever the windows are.
  if (platform === 'linux' && /gnome|unity|pop|cinnamon|ubuntu/i.test(desktop)) return 'dark';
  return dark ? 'dark' : 'light';
}

/** Pixels of the pictures and the scales they are for. */
export function iconPlan(platform: NodeJS.Platform): readonly { size: number; scaleFactor: number }[] {
  if (platform === 'linux')
    return [
      { size: 24, scaleFactor: 1 },
      { size: 48, scaleFactor: 2 },
    ];
  return [
    { size: 16, scaleFactor: 1 },
    { size: 24, scaleFactor: 1.5 },
    { size: 32, scaleFactor: 2 },
    { size: 48, scaleFactor: 3 },
  ];
}

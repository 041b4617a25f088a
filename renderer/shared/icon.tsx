/** Outlines on a grid of 24; drawn in the colour of the text. */
const PATHS = {
  overview: 'M4 13a8 8 0 0 1 16 0M12 13l3.5-4M4.5 17.5h15',
  sessions: 'M3 5h18v11H3zM9 20h6M12 16v4',
  machines: 'M4 4.5h16v6H4zM4 13.5h16v6H4zM7.5 7.5h.01M7.5 16.5h.01M11 7.5h5M11 16.5h5',
  activity: 'M3 12h4l3-7 4 14 3-7h4',
  log: 'M5 6h14M5 10h14M5 14h9M5 18h11',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  help: 'M9.2 9.2a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1.1-1.4 2.2M12 17.5h.01',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  warning: 'M12 4l9 15.5H3zM12 10v4.5M12 17h.01',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  external: 'M14 4h6v6M20 4l-9 9M10 5H5v14h14v-5',
  play: 'M8 5.5v13l10.5-6.5z',
  stop: 'M6.5 6.5h11v11h-11z',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  retry: 'M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 4v4h-4',
  down: 'M12 5v14M6 13l6 6 6-6',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  info: 'M12 11v6M12 7.5h.01',
  search: 'M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5',
  shield: 'M12 3.5l7.5 2.8v5.2c0 4.5-3 7.6-7.5 9-4.5-1.4-7.5-4.5-7.5-9V6.3z',
  folder: 'M3 6h6l2 2.5h10V19H3z',
  empty: 'M4 13l2.5-8h11L20 13v6H4zM4 13h5l1 2.5h4l1-2.5h5',
  link: 'M10 14l4-4M8.5 11L6 13.5a3.5 3.5 0 0 0 5 5l2-2M15.5 13l2.5-2.5a3.5 3.5 0 0 0-5-5l-2 2',
  database:
    'M12 4c4 0 7 1.2 7 2.7S16 9.4 12 9.4 5 8.2 5 6.7 8 4 12 4zM5 6.7v10.6C5 18.8 8 20 12 20s7-1.2 7-2.7V6.7M5 12c0 1.5 3 2.7 7 2.7s7-1.2 7-2.7',
  gauge: 'M4 18V9M9.3 18V5M14.6 18v-7M20 18V8',
  clipboard: 'M8 5H6v15h12V5h-2M9 3.5h6v3H9zM9 11.5h6M9 15h4',
  keyboard: 'M3 7h18v10H3zM7 10.5h.01M10.5 10.5h.01M14 10.5h.01M17.5 10.5h.01M8 14h8',
  fit: 'M4 9V5h4M16 5h4v4M20 15v4h-4M8 19H4v-4M8.5 9.5h7v5h-7z',
  exact: 'M4 4h16v16H4zM8 9.5l1.8-1.3V16M15 9.5l1.8-1.3V16M12.6 10.5h.01M12.6 14.5h.01',
  sound: 'M4 9.5h3.5L12 6v12l-4.5-3.5H4zM15 9.5a4 4 0 0 1 0 5M17.5 7a7.5 7.5 0 0 1 0 10',
  mute: 'M4 9.5h3.5L12 6v12l-4.5-3.5H4zM15.5 9.5l5 5M20.5 9.5l-5 5',
  camera: 'M4 7.5h4L9.5 5h5L16 7.5h4V19H4zM12 10a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4z',
  expand: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  shrink: 'M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z',
  record: 'M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z',
  file: 'M6 3.5h8l4 4V20.5H6zM14 3.5v4h4',
  upload: 'M12 16V5M7 10l5-5 5 5M5 19h14',
  download: 'M12 5v11M7 11l5 5 5-5M5 19h14',
  up: 'M12 19V5M6 11l6-6 6 6',
  cpu: 'M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture that only repeats what is written beside it. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The app's own sign. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg class="mark" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" />
      <path d="M7 25V9h3.5v3h3V9h5v3h3V9H25v16h-5.5v-5a3.5 3.5 0 0 0-7 0v5z" />
    </svg>
  );
}

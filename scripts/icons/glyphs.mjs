// The icons as SVG, on a grid of 24. The mark is a gate: open, closed, waited for, or in trouble.

/** `light`: for a light panel; `dark`: for a dark one; `mono`: black, for systems that colour it themselves. */
export const VARIANTS = {
  light: { ink: '#24292f', good: '#1a7f37', busy: '#0a63c9', warn: '#b35900', bad: '#c9252d' },
  dark: { ink: '#f4f6f8', good: '#4ade80', busy: '#74b9ff', warn: '#ffb224', bad: '#ff6b6b' },
  mono: { ink: '#000000', good: '#000000', busy: '#000000', warn: '#000000', bad: '#000000' },
};

export const SIZES = [16, 22, 24, 32, 48];

/** The gate's outline, from foot to foot; the middle of a line that is `width` wide. */
const gate = (inset) => {
  const left = 3 + inset;
  const radius = 9 - inset;
  return `M${left} 22V${2 + 9}a${radius} ${radius} 0 0 1 ${2 * radius} 0V22`;
};
const wall = 'M2.5 22V11.5a9.5 9.5 0 0 1 19 0V22z';
const doorway = 'M8 22v-9.5a4 4 0 0 1 8 0V22z';
/** Cut out of the wall around a sign, so that the two stay apart on 16 pixels. */
const cut = (id, shape) => `<mask id="${id}"><rect width="24" height="24" fill="#fff"/>${shape}</mask>`;

/** State → drawing. No two have the same silhouette. */
export const STATES = {
  /** A closed gate: hollow, with a bar across. */
  stopped: ({ ink }) =>
    `<path d="${gate(1.2)}z" fill="none" stroke="${ink}" stroke-width="2.2" stroke-linejoin="round"/>
     <path d="M8.2 14.5h7.6" stroke="${ink}" stroke-width="2.4" stroke-linecap="round"/>`,
  /** An arch without a gate yet: three dots wait in it. */
  connecting: ({ ink, busy }) =>
    `<path d="${gate(1.2)}" fill="none" stroke="${ink}" stroke-width="2.2" stroke-linecap="round"/>
     <g fill="${busy}"><circle cx="8" cy="15.5" r="1.55"/><circle cx="12" cy="15.5" r="1.55"/><circle cx="16" cy="15.5" r="1.55"/></g>`,
  /** A solid wall with an open gate. */
  online: ({ ink, good }, mono) =>
    `${cut('m', `<path d="${doorway}" fill="#000"/>`)}
     <path d="${wall}" fill="${ink}" mask="url(#m)"/>
     ${mono ? '' : `<path d="M9.6 22v-9.2a2.4 2.4 0 0 1 4.8 0V22z" fill="${good}"/>`}`,
  /** The same, with a warning sign in front. */
  degraded: ({ ink, warn }) =>
    `${cut('m', `<path d="${doorway}" fill="#000"/><path d="M16.8 8.6 24.9 24.4H8.7z" fill="#000" stroke="#000" stroke-width="2.4" stroke-linejoin="round"/>`)}
     <path d="${wall}" fill="${ink}" mask="url(#m)"/>
     <path d="M16.8 11.2 22.9 22.6H10.7z" fill="${warn}" stroke="${warn}" stroke-width="1.6" stroke-linejoin="round"/>`,
  /** A hollow arch, crossed out. */
  failed: ({ ink, bad }) =>
    `${cut('m', '<path d="M12.2 12.2 21.2 21.2M21.2 12.2 12.2 21.2" stroke="#000" stroke-width="6.4" stroke-linecap="round"/>')}
     <path d="${gate(1.2)}z" fill="none" stroke="${ink}" stroke-width="2.2" stroke-linejoin="round" mask="url(#m)"/>
     <path d="M12.6 12.6 20.8 20.8M20.8 12.6 12.6 20.8" stroke="${bad}" stroke-width="3" stroke-linecap="round"/>`,
  /** A solid wall; the last go out through it. */
  draining: ({ ink, busy }, mono) =>
    `${cut('m', '<path d="M9 6.8h6v7h4.4L12 22.6 4.6 13.8H9z" fill="#000" stroke="#000" stroke-width="1.2" stroke-linejoin="round"/>')}
     <path d="${wall}" fill="${ink}" mask="url(#m)"/>
     ${mono ? '' : `<path d="M10.8 8.6h2.4v7h2.9L12 20.2l-4.1-4.6h2.9z" fill="${busy}"/>`}`,
};

export function traySvg(state, variant) {
  return svg(24, STATES[state](VARIANTS[variant], variant === 'mono'));
}

/** The app's own icon: the open gate in a fort's wall, light coming through. */
export function appSvg() {
  return svg(
    64,
    `<defs>
       <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#1f7a86"/><stop offset="1" stop-color="#0f464e"/></linearGradient>
       <linearGradient id="glow" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#ffe3a3"/><stop offset="1" stop-color="#ffb347"/></linearGradient>
     </defs>
     <rect x="2" y="2" width="60" height="60" rx="14" fill="url(#sky)"/>
     <path d="M12 54V22h6v-5h7v5h4v-5h6v5h4v-5h7v5h6v32z" fill="#e9edf3"/>
     <path d="M12 31h10M26 27h12M42 31h10M12 41h8M44 41h8" stroke="#c3ccd9" stroke-width="1.6"/>
     <path d="M21 54V41a11 11 0 0 1 22 0v13z" fill="#33415a"/>
     <path d="M24 54V41.4a8 8 0 0 1 16 0V54z" fill="url(#glow)"/>
     <path d="M24 54V41.4a8 8 0 0 1 1-3.9L30 42v12z" fill="#5a4630" opacity=".55"/>`,
  );
}

function svg(grid, drawing) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${grid} ${grid}">${drawing}</svg>`;
}

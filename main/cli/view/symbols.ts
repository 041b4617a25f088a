import type { OverallState } from '../../core/describe.ts';
import type { StepOutcome } from '../../core/doctor/step.ts';
import { type Colour, paint, type Style } from './style.ts';

interface Sign {
  readonly unicode: string;
  readonly ascii: string;
  readonly colour: Colour;
}

/** A sign as it is printed, and without its colour, for its width. */
export interface DrawnSign {
  readonly plain: string;
  readonly shown: string;
}

/** States differ by shape, not only by colour. */
const STATES: Readonly<Record<OverallState, Sign>> = {
  stopped: { unicode: '○', ascii: 'o', colour: 'dim' },
  connecting: { unicode: '◌', ascii: '~', colour: 'blue' },
  online: { unicode: '●', ascii: '*', colour: 'green' },
  degraded: { unicode: '▲', ascii: '!', colour: 'yellow' },
  failed: { unicode: '✖', ascii: 'x', colour: 'red' },
  draining: { unicode: '◐', ascii: '-', colour: 'blue' },
};

const OUTCOMES: Readonly<Record<StepOutcome['kind'], Sign>> = {
  passed: { unicode: '✓', ascii: 'ok', colour: 'green' },
  warned: { unicode: '▲', ascii: '!!', colour: 'yellow' },
  failed: { unicode: '✖', ascii: 'XX', colour: 'red' },
  skipped: { unicode: '·', ascii: '--', colour: 'dim' },
};

export function stateSign(style: Style, state: OverallState): DrawnSign {
  return draw(style, STATES[state]);
}

export function outcomeSign(style: Style, kind: StepOutcome['kind']): DrawnSign {
  return draw(style, OUTCOMES[kind]);
}

export function warningSign(style: Style): DrawnSign {
  return draw(style, STATES.degraded);
}

function draw(style: Style, { unicode, ascii, colour }: Sign): DrawnSign {
  const plain = style.unicode ? unicode : ascii;
  return { plain, shown: paint(style, colour, plain) };
}

import type { Display } from '../guacamole/handshake.ts';
import { encode } from '../guacamole/instruction.ts';
import type { SessionRequest } from './request.ts';

/** As guacd chooses for RDP. Source: its `protocols/rdp/resolution.c`. */
const RESOLUTIONS = [96, 120];
const LEAST_PIXELS = 800 * 600;

/**
 * What a person is told before guacd’s first word; null where guacd is sure to say it. Of RDP guacd 1.3 says how large
 * the picture is while the person may not be among its users yet: then nobody hears it, and all that is drawn is lost on
 * a picture without a size. What guacd says itself takes the place of this.
 */
export function firstSize({
  protocol,
  display,
  parameters,
}: Pick<SessionRequest, 'protocol' | 'display' | 'parameters'>): Buffer | null {
  if (protocol !== 'rdp') return null;
  const given = (name: string) => {
    const text = parameters.get(name)?.reveal() ?? '';
    return /^\d{1,5}$/.test(text) ? Number(text) : null;
  };
  const dpi = given('dpi') ?? suggestedDpi(display);
  const scaled = (pixels: number) => Math.max(1, Math.floor((pixels * dpi) / display.dpi));
  const size = [given('width') ?? scaled(display.width), given('height') ?? scaled(display.height)];
  return Buffer.from(encode('size', '0', ...size.map(String)));
}

function suggestedDpi({ width, height, dpi }: Display): number {
  const isReasonable = (resolution: number) =>
    Math.floor((width * resolution) / dpi) * Math.floor((height * resolution) / dpi) >= LEAST_PIXELS;
  return RESOLUTIONS.find(isReasonable) ?? dpi;
}

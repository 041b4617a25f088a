import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { firstSize } from '../../../main/core/sessions/first-size.ts';

function said(display: object, parameters: Readonly<Record<string, string>> = {}, protocol = 'rdp') {
  const size = firstSize({
    protocol,
    display: { width: 1280, height: 793, dpi: 96, audio: [], ...display },
    parameters: new Map(Object.entries(parameters).map(([name, value]) => [name, new Secret(value)])),
  });
  return size === null ? null : size.toString();
}

describe('the size of a picture', () => {
  it.each([
    ['as it was asked for', {}, {}, '4.size,1.0,4.1280,3.793;'],
    [
      'at the resolution that Windows has',
      { width: 3001, height: 1801, dpi: 192 },
      {},
      '4.size,1.0,4.1500,3.900;',
    ],
    [
      'at a higher one where that is too small',
      { width: 1400, height: 1000, dpi: 192 },
      {},
      '4.size,1.0,3.875,3.625;',
    ],
    ['as an admin has set it', { dpi: 192 }, { width: '800', height: '600' }, '4.size,1.0,3.800,3.600;'],
    ['at an admin’s resolution', { dpi: 192 }, { dpi: '96', width: 'wide' }, '4.size,1.0,3.640,3.396;'],
  ])('is told for RDP %s', (_, display, parameters, expected) => {
    expect(said(display, parameters)).toBe(expected);
  });

  it('is left to guacd for everything else', () => {
    expect([said({}, {}, 'ssh'), said({}, {}, 'vnc')]).toEqual([null, null]);
  });
});

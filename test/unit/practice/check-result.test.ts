import { describe, expect, it } from 'vitest';
import { isPicture } from '../../../practice/check/picture.ts';
import { resultLines, type SessionResult } from '../../../practice/check/result.ts';

const STYLE = { colour: false, unicode: true, width: null };
const GOOD: SessionResult = {
  protocol: 'ssh',
  machine: 'Practice SSH',
  setupMs: 21.4,
  pictureMs: 288.6,
  typed: true,
  failure: null,
};

describe('the table of a check', () => {
  it('shows protocol, machine, both times in whole milliseconds, and how it went', () => {
    expect(resultLines(STYLE, [GOOD])).toEqual([
      'PROTOCOL  MACHINE       SET-UP  FIRST PICTURE  TYPING  RESULT',
      'SSH       Practice SSH   21 ms         289 ms  seen    good',
    ]);
  });

  it('tells each failure below it in a sentence, whole, also on a narrow terminal', () => {
    const failure =
      'Practice VNC needs Xvnc, which is not installed. Install the package tigervnc-standalone-server.';
    const failed: SessionResult = {
      protocol: 'vnc',
      machine: 'not there',
      setupMs: null,
      pictureMs: null,
      typed: false,
      failure,
    };
    const lines = resultLines({ ...STYLE, width: 60 }, [GOOD, failed]);
    expect(lines[2]).toMatch(/^VNC +not there +- +- +not seen +failed$/);
    expect(lines.slice(3)).toEqual(['', `VNC: ${failure}`]);
  });
});

describe('the first picture', () => {
  it.each([
    ['an image on the screen', ['img', '1', '14', '0', 'image/png', '0', '0'], true],
    ['an image on a layer of the screen', ['img', '1', '14', '2', 'image/png', '0', '0'], true],
    ['an image in the old form', ['png', '14', '0', '0', '0', 'AAAA'], true],
    ['a copy to the screen', ['copy', '-3', '0', '0', '9', '9', '14', '0', '0', '0'], true],
    ['an image out of sight, such as the pointer’s', ['img', '1', '12', '-1', 'image/png', '0', '0'], false],
    ['a copy between buffers', ['copy', '0', '0', '0', '9', '9', '14', '-3', '0', '0'], false],
    ['a size', ['size', '0', '1024', '768'], false],
    ['a plain fill', ['cfill', '14', '0', '0', '0', '0', '255'], false],
    ['a word that only looks like one', ['constructor', '0', '0', '0'], false],
    ['an image that names no layer', ['img', '1'], false],
  ])('%s', (_, instruction, expected) => {
    expect(isPicture(instruction)).toBe(expected);
  });
});

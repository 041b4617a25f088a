import { describe, expect, it } from 'vitest';
import { type LogLine, terminalLine, wantsColour } from '../../../main/core/telemetry/terminal-line.ts';

const line: LogLine = {
  timestamp: '2026-01-02T03:04:05.006Z',
  level: 'warning',
  logger: 'sallyport.link',
  event: 'The link was lost',
  fields: { host: 'sso.example', why: 'it "closed" x=1', attempt: 2, nested: { a: [1] } },
};

describe('a line on a terminal', () => {
  it('has time, level, logger, event and its fields as pairs that cannot be mistaken', () => {
    expect(terminalLine(line, false)).toMatch(
      /^\d\d:\d\d:05\.006 warning link {6}The link was lost host=sso\.example why="it \\"closed\\" x=1" attempt=2 nested=\{"a":\[1\]\}$/,
    );
  });

  it('has colours only where they are wanted', () => {
    expect(terminalLine(line, false)).not.toContain('\u001b');
    expect(terminalLine(line, true)).toContain('\u001b[33mwarning\u001b[0m');
    expect(wantsColour(true, {})).toBe(true);
    expect(wantsColour(true, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour(true, { TERM: 'dumb' })).toBe(false);
    expect(wantsColour(undefined, {})).toBe(false);
  });
});

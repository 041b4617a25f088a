import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { LineReader } from '../../../main/core/guacd/lines.ts';
import { GuacdOutput } from '../../../main/core/guacd/output.ts';

function read(chunks: readonly Buffer[], maxLength?: number): string[] {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line), maxLength);
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return lines;
}

describe('what guacd prints', () => {
  it('gives the same lines however the bytes are cut', () => {
    const bytes = Buffer.from('first\r\nsecond with 🗝 in it\n\n  \nlast without an end');
    const whole = read([bytes]);
    expect(whole).toEqual(['first', 'second with 🗝 in it', 'last without an end']);
    const single = [...bytes].map((byte) => Buffer.from([byte]));
    expect(read(single)).toEqual(whole);
  });

  it('cuts a line off at its limit and drops the rest of it', () => {
    expect(read([Buffer.from('12345\n123456\n')], 5)).toEqual(['12345', '12345…']);
    const endless = Array.from({ length: 1_000 }, () => Buffer.alloc(1_000, 'x'));
    expect(read([...endless, Buffer.from('\nnext\n')], 100)).toEqual([`${'x'.repeat(100)}…`, 'next']);
  });

  it('is kept to the last 20 lines, of which the last 3 stand in error texts', () => {
    const output = new GuacdOutput(silentLogger);
    expect(output.lastWords()).toBe('');
    for (let index = 1; index <= 30; index += 1) output.take(`guacd[${index}]: INFO:\tline ${index}`);
    expect(output.lastLines()).toHaveLength(20);
    expect(output.lastLines()[0]).toBe('INFO: line 11');
    expect(output.lastWords()).toBe(' It last said: “INFO: line 28 / INFO: line 29 / INFO: line 30”');
  });

  it('keeps what it says of a probe from burying what matters', () => {
    const output = new GuacdOutput(silentLogger);
    output.take('guacd[1]: WARNING:\tbefore');
    output.probing = true;
    output.take('guacd[1]: INFO:\tCreating new client for protocol "ssh"');
    output.take('guacd[2]: ERROR:\tHandshake failed, "connect" instruction was not received.');
    output.take('guacd[1]: ERROR:\tOut of memory');
    expect(output.lastLines()).toEqual(['WARNING: before', 'ERROR: Out of memory']);
  });

  it('tells when somebody else has the port', () => {
    const output = new GuacdOutput(silentLogger);
    expect(output.couldNotListen).toBe(false);
    output.take('guacd[9]: ERROR:\tUnable to bind socket to any addresses.');
    expect(output.couldNotListen).toBe(true);
  });
});

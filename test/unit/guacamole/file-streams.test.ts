import { describe, expect, it } from 'vitest';
import { FileStreams } from '../../../main/core/guacamole/file-streams.ts';
import { Framer } from '../../../main/core/guacamole/framer.ts';
import { encode, type Instruction } from '../../../main/core/guacamole/instruction.ts';

describe('file streams of guacd', () => {
  it.each<[string, readonly Instruction[], readonly Instruction[]]>([
    [
      'a file with all that belongs to it',
      [
        ['file', '1', 'text/plain', 'a'],
        ['blob', '1', 'AAAA'],
        ['end', '1'],
      ],
      [],
    ],
    [
      'a body, by its second value',
      [
        ['body', '0', '2', 'x', '/'],
        ['blob', '2', 'AAAA'],
        ['end', '2'],
      ],
      [],
    ],
    ['the announcement of a file system', [['filesystem', '0', 'Shared Drive']], []],
    [
      'nothing of a picture that comes between',
      [
        ['file', '1', 't', 'n'],
        ['img', '2', '14', '0', 'image/png', '0', '0'],
        ['blob', '2', 'BBBB'],
        ['blob', '1', 'AAAA'],
        ['end', '2'],
        ['end', '1'],
      ],
      [
        ['img', '2', '14', '0', 'image/png', '0', '0'],
        ['blob', '2', 'BBBB'],
        ['end', '2'],
      ],
    ],
    [
      'nothing of a clipboard under a number that a file had and left without an end',
      [
        ['file', '1', 't', 'n'],
        ['clipboard', '1', 'text/plain'],
        ['blob', '1', 'AAAA'],
        ['end', '1'],
      ],
      [
        ['clipboard', '1', 'text/plain'],
        ['blob', '1', 'AAAA'],
        ['end', '1'],
      ],
    ],
    [
      'nothing of sound, nor of what was never opened',
      [
        ['audio', '3', 'audio/L16'],
        ['blob', '3', 'AAAA'],
        ['ack', '4', 'OK', '0'],
        ['sync', '1'],
      ],
      [
        ['audio', '3', 'audio/L16'],
        ['blob', '3', 'AAAA'],
        ['ack', '4', 'OK', '0'],
        ['sync', '1'],
      ],
    ],
  ])('are taken out: %s', (_, instructions, left) => {
    const bytes = Buffer.from(instructions.map((instruction) => encode(...instruction)).join(''));
    const wanted = left.map((instruction) => encode(...instruction)).join('');
    for (const pieceBytes of [bytes.length, 1, 7]) expect(filtered(bytes, pieceBytes)).toBe(wanted);
  });

  it('let blobs go by unseen while no file is open', () => {
    const files = new FileStreams();
    expect(files.opcodes).not.toContain('blob');
    files.takes(Buffer.from(encode('file', '1', 't', 'n')));
    expect(files.opcodes).toContain('blob');
    files.takes(Buffer.from(encode('end', '1')));
    expect(files.opcodes).not.toContain('blob');
  });
});

/** What passes a framer that asks anew after each instruction which ones to look at, as the mirror does. */
function filtered(bytes: Buffer, pieceBytes: number): string {
  const out: Buffer[] = [];
  const files = new FileStreams();
  const inspection = () => ({
    opcodes: files.opcodes,
    keep: (instruction: Buffer) => {
      const isFile = files.takes(instruction);
      framer.inspect(inspection());
      return !isFile;
    },
  });
  const framer: Framer = new Framer({
    maxInstructionBytes: 65_536,
    forward: (complete) => out.push(Buffer.from(complete)),
    inspect: inspection(),
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) framer.push(bytes.subarray(at, at + pieceBytes));
  return Buffer.concat(out).toString();
}

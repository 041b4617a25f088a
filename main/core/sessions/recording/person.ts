import { splitInstructions } from '../../guacamole/framer.ts';
import { decode, encode } from '../../guacamole/instruction.ts';

const MOUSE = Buffer.from('5.mouse,');
const KEY = Buffer.from('3.key,');

/**
 * What of the person's own instructions belongs into a recording, as Guacamole's tools read it: where the pointer
 * was, and the keys where they are wanted, each with guacd's time. Clipboards and files are never in it.
 */
export function recordable(complete: Buffer, withKeys: boolean, timestamp: string): Buffer | null {
  const kept: string[] = [];
  for (const instruction of splitInstructions(complete)) {
    if (begins(instruction, MOUSE)) {
      const [, x = '0', y = '0', mask = '0'] = decode(instruction);
      kept.push(encode('mouse', x, y, mask, timestamp));
    } else if (withKeys && begins(instruction, KEY)) {
      const [, keysym = '0', pressed = '0'] = decode(instruction);
      kept.push(encode('key', keysym, pressed, timestamp));
    }
  }
  return kept.length === 0 ? null : Buffer.from(kept.join(''));
}

function begins(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.length >= prefix.length && bytes.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}

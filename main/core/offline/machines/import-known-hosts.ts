import { Breath } from '../../base/breath.ts';
import { linesOf } from './import-text.ts';
import { type HostKey, IMPORT_LIMITS, type Reading, type Skipped, shown, tooMany } from './import-types.ts';

/** Characters of the names in one line: each of them may be compared with every machine. */
const MAX_NAMES = 4_096;

/** Servers' keys as OpenSSH keeps them. Source: sshd(8), “SSH_KNOWN_HOSTS FILE FORMAT”. */
export async function readKnownHosts(text: string, fileName: string): Promise<Reading> {
  const hostKeys: HostKey[] = [];
  const skipped: Skipped[] = [];
  const breath = new Breath();
  for (const { line, content } of linesOf(text)) {
    await breath.take();
    if (content === '' || content.startsWith('#')) continue;
    const origin = `${fileName}, line ${line}`;
    if (hostKeys.length + skipped.length >= IMPORT_LIMITS.entries) {
      skipped.push(tooMany(origin));
      break;
    }
    const read = readLine(content, origin);
    if ('why' in read) skipped.push(read);
    else hostKeys.push(read);
  }
  return { candidates: [], skipped, hostKeys };
}

function readLine(content: string, origin: string): HostKey | Skipped {
  const parts = content.split(/\s+/, 4);
  const marker = parts[0]?.startsWith('@') ? parts.shift() : undefined;
  const [names = '', type = '', key = ''] = parts;
  const skip = (why: string): Skipped => ({
    origin,
    name: names.startsWith('|') ? '' : shown(names, 40),
    why,
  });
  if (marker === '@revoked') return skip('The key is revoked: it must not be trusted.');
  if (marker === '@cert-authority')
    return skip('It is the key of an authority, and guacd checks no certificates.');
  if (marker !== undefined) return skip(`“${shown(marker, 20)}” is not known.`);
  if (/^\d+$/.test(type)) return skip('It is a key of SSH 1, which nothing speaks any more.');
  if (names.length > MAX_NAMES) return skip('It has more names than a server has.');
  if (!isKeyOf(type, key)) return skip('It is no line of known_hosts: the key is missing or damaged.');
  return { origin, names: names.split(',').filter(Boolean), type, key };
}

/** The key's own bytes begin with its type: a line that was cut or mixed up does not pass. */
function isKeyOf(type: string, key: string): boolean {
  if (!/^[a-z0-9@.-]{3,64}$/i.test(type) || !/^[A-Za-z0-9+/]{16,}={0,2}$/.test(key)) return false;
  const bytes = Buffer.from(key, 'base64');
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  return length === type.length && bytes.toString('latin1', 4, 4 + length) === type;
}

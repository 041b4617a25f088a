/**
 * An opinion of its own on where addresses lead: nothing here is shared with what is tested. Addresses are told by
 * their bytes, written as text.
 */

/** The machines that one gets to by connecting to an address; empty for what is none. */
export function reach(text: string): readonly string[] {
  const four = aton(text);
  if (four) return four.every((byte) => byte === 0) ? [key(four), '127.0.0.1'] : [key(four)];
  const six = bytesOfSix(text.replace(/%.*$/s, ''));
  if (!six) return [];
  const mapped = carried(six).map(key);
  const itself = six.join('.');
  const here = six.every((byte) => byte === 0) ? [[...six.slice(0, 15), 1].join('.'), '127.0.0.1'] : [];
  return [itself, ...mapped, ...here];
}

/** As `inet_aton` reads: one to four numbers, each decimal, octal or hexadecimal, the last filling what is left. */
export function aton(text: string): number[] | null {
  const parts = text.split('.');
  if (parts.length > 4 || !parts.every((part) => /^(?:0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(part)))
    return null;
  const numbers = parts.map((part) => (/^0\d/.test(part) ? Number.parseInt(part, 8) : Number(part)));
  const last = numbers.pop() ?? 0;
  const room = 4 - numbers.length;
  if (numbers.some((number) => number > 255) || last >= 256 ** room) return null;
  const tail = Array.from({ length: room }, (_, place) => Math.floor(last / 256 ** (room - 1 - place)) % 256);
  return [...numbers, ...tail];
}

function key(bytes: readonly number[]): string {
  return bytes.join('.');
}

function bytesOfSix(text: string): number[] | null {
  if (!text.includes(':')) return null;
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const hex = (high?: string, low?: string) => ((Number(high) << 8) | Number(low)).toString(16);
  const plain = dotted ? `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}` : text;
  const [head = '', tail, ...more] = plain.split('::');
  if (more.length > 0) return null;
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const after = groups(tail ?? '');
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 0) return null;
  const all = [...before, ...Array.from({ length: missing }, () => 0), ...after];
  return all.flatMap((group) => [group >> 8, group & 255]);
}

/** IPv4 inside: mapped, compatible, translated, NAT64 (anybody's and a site's own), 6to4. */
function carried(six: readonly number[]): readonly (readonly number[])[] {
  const begins = (...bytes: readonly number[]) => bytes.every((byte, place) => six[place] === byte);
  const zeros = (count: number) => Array.from({ length: count }, () => 0);
  const end = six.slice(12);
  if (begins(...zeros(10), 255, 255)) return [end];
  if (begins(...zeros(8), 255, 255, 0, 0)) return [end];
  if (begins(...zeros(12))) return end[0] || end[1] || end[2] || (end[3] ?? 0) > 1 ? [end] : [];
  if (begins(0, 0x64, 0xff, 0x9b, ...zeros(8))) return [end];
  if (begins(0x20, 0x02)) return [six.slice(2, 6)];
  if (!begins(0, 0x64, 0xff, 0x9b, 0, 1)) return [];
  // RFC 6052: byte 8 is left out, wherever the prefix ends before it.
  const around = (first: number) => [...six.slice(first, 8), ...six.slice(9, first + 5)];
  return [around(6), around(7), six.slice(9, 13), end];
}

/** Where guacd would go with these parameters, by its own sources: hosts and ports as they are written there. */
export function dialled(
  protocol: string,
  told: Readonly<Record<string, string>>,
): readonly { readonly host: string; readonly port: number }[] {
  const places: { host: string; port: number }[] = [];
  const to = (host: string, port: number, otherwise = '') =>
    places.push({
      host: told[host] || otherwise,
      port: Number(told[host.replace(/hostname|host$|addr$/, 'port')] || port),
    });
  const isOn = (name: string) => told[name] === 'true';
  to('hostname', { ssh: 22, rdp: 3389, vnc: 5900 }[protocol] ?? 0);
  if (protocol === 'rdp') to('gateway-hostname', 443);
  if (protocol === 'rdp') to('kdc-url', 88);
  if (protocol === 'vnc') to('dest-host', 5900);
  if (protocol === 'vnc' && isOn('enable-audio')) to('audio-servername', 4713);
  if (protocol === 'vnc' && isOn('reverse-connect')) to('reverse-connect', 5500);
  if (protocol !== 'ssh' && isOn('enable-sftp')) to('sftp-hostname', 22, told['hostname']);
  if (isOn('wol-send-packet'))
    places.push({
      host: told['wol-broadcast-addr'] || '255.255.255.255',
      port: Number(told['wol-udp-port'] || 9),
    });
  return places.filter(({ host }) => host !== '');
}

import fc from 'fast-check';

type Bytes = readonly [number, number, number, number];

/** A number as resolvers read it: decimal, octal, hexadecimal. */
const written = (number: number): fc.Arbitrary<string> =>
  fc.constantFrom(
    `${number}`,
    `0${number.toString(8)}`,
    `000${number.toString(8)}`,
    `0x${number.toString(16)}`,
    `0X${number.toString(16).toUpperCase()}`,
    `0x0000${number.toString(16)}`,
  );

/** One address in every spelling that a resolver takes for it. */
export function spellingsOf(bytes: Bytes): fc.Arbitrary<string> {
  const [a, b, c, d] = bytes;
  const joined = (...numbers: readonly number[]) =>
    fc.tuple(...numbers.map(written)).map((parts) => parts.join('.'));
  const low = (...places: readonly number[]) => places.reduce((number, byte) => number * 256 + byte, 0);
  const four = fc.oneof(
    fc.constant(bytes.join('.')),
    joined(a, b, c, d),
    joined(a, b, low(c, d)),
    joined(a, low(b, c, d)),
    joined(low(a, b, c, d)),
  );
  return fc.oneof(
    four,
    four.map((text) => `${text}.`),
    // Digits and dots of other scripts are the same to IDNA.
    four.map((text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))),
    four.map((text) => text.replaceAll('.', '。')),
    inSix(bytes),
  );
}

/** IPv4 in IPv6: each way to carry it, each way to write that. */
function inSix(bytes: Bytes): fc.Arbitrary<string> {
  const [a, b, c, d] = bytes;
  const none = (count: number) => Array.from({ length: count }, () => 0);
  const site = [0, 0x64, 0xff, 0x9b, 0, 1];
  const carriers = [
    [...none(10), 255, 255, a, b, c, d],
    [...none(12), a, b, c, d],
    [...none(8), 255, 255, 0, 0, a, b, c, d],
    [0, 0x64, 0xff, 0x9b, ...none(8), a, b, c, d],
    [0x20, 0x02, a, b, c, d, ...none(9), 1],
    [...site, a, b, 0, c, d, ...none(5)],
    [...site, 0, a, 0, b, c, d, ...none(4)],
    [...site, 0, 0, 0, a, b, c, d, ...none(3)],
    [...site, ...none(6), a, b, c, d],
  ];
  const zone = fc.constantFrom('', '', '%lo', '%1', '%eth0.100', '%x.example.net');
  return fc
    .tuple(fc.constantFrom(...carriers), fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean(), zone)
    .map(([carrier, isDotted, isShort, isPadded, isUpper, id]) => {
      const groups = Array.from({ length: 8 }, (_, place) =>
        (((carrier[2 * place] ?? 0) << 8) | (carrier[2 * place + 1] ?? 0))
          .toString(16)
          .padStart(isPadded ? 4 : 1, '0'),
      );
      const parts = isDotted ? [...groups.slice(0, 6), carrier.slice(12).join('.')] : groups;
      const text = parts.join(':');
      const short = isShort ? text.replace(/(?:^|:)0+(?::0+)+(?::|$)/, '::') : text;
      return `${isUpper ? short.toUpperCase() : short}${id}`;
    });
}

/** A name as somebody may write it: any case, a dot at the end, full width, dots of other scripts, what is left out. */
export function writtenAs(name: string): fc.Arbitrary<string> {
  const wide = (text: string) =>
    text.replace(/[a-z0-9]/g, (letter) => String.fromCodePoint(0xfee0 + (letter.codePointAt(0) ?? 0)));
  return fc
    .tuple(
      fc.array(fc.boolean(), { minLength: name.length, maxLength: name.length }),
      fc.constantFrom('', '.', '。', '．', '｡'),
      fc.constantFrom<(text: string) => string>(
        (text) => text,
        wide,
        (text) => text.replaceAll('.', '。'),
        (text) => text.replace('.', '\u00ad.'),
        (text) => text.replace(/[a-z]/, (letter) => `%${(letter.codePointAt(0) ?? 0).toString(16)}`),
      ),
    )
    .map(([upper, end, change]) => {
      const cased = [...name].map((letter, place) => (upper[place] ? letter.toUpperCase() : letter)).join('');
      return `${change(cased)}${end}`;
    });
}

const WORDS = 18 + 4 * 256;
const BITS = BigInt(WORDS * 32);
/** What rounding costs: every term of the series may be off by one in the last place. */
const GUARD_BITS = 32n;

/** Blowfish's initial state: 18 subkeys, then four boxes of 256. */
export interface BlowfishTables {
  readonly subkeys: Uint32Array;
  readonly boxes: Uint32Array;
}

let made: BlowfishTables | undefined;

/**
 * The binary digits of π behind the point, which is what Blowfish begins with: computed, for a table of a thousand
 * numbers cannot be read. Takes some 50 ms, once. Source: Schneier, “Description of a New Variable-Length Key”.
 */
export function blowfishTables(): BlowfishTables {
  made ??= tables();
  return made;
}

function tables(): BlowfishTables {
  const one = 1n << (BITS + GUARD_BITS);
  // Machin's formula.
  const pi = 16n * inverseTangent(5n, one) - 4n * inverseTangent(239n, one);
  const digits = ((pi - 3n * one) >> GUARD_BITS).toString(16).padStart(WORDS * 8, '0');
  const words = Uint32Array.from({ length: WORDS }, (_, at) =>
    Number.parseInt(digits.slice(at * 8, at * 8 + 8), 16),
  );
  return { subkeys: words.slice(0, 18), boxes: words.slice(18) };
}

/** atan(1/x) as a fixed-point number. */
function inverseTangent(x: bigint, one: bigint): bigint {
  const square = x * x;
  let power = one / x;
  let sum = power;
  for (let divisor = 3n, sign = -1n; power !== 0n; divisor += 2n, sign = -sign) {
    power /= square;
    sum += sign * (power / divisor);
  }
  return sum;
}

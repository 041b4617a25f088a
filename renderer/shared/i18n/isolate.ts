/** Marks that turn the direction of what follows; in a name they are there to deceive. */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g;
/** Hebrew, Arabic and their neighbours, with the forms that are written apart. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** A name for use inside a sentence, whose other words keep their order whatever it is written in. */
export function isolated(name: string): string {
  const plain = name.replace(TURNS, '');
  return RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
}

/** Where an instruction that draws names the layer it draws on; a layer below 0 is a buffer that nobody sees. */
const LAYER_AT: Readonly<Record<string, number>> = { img: 3, png: 2, jpeg: 2, webp: 2, copy: 7, transfer: 7 };

/**
 * Whether an instruction puts a part of a picture on the screen: an image, or a copy of one that was drawn
 * out of sight. A plain fill, a size or a pointer is none.
 */
export function isPicture(instruction: readonly string[]): boolean {
  const [opcode = ''] = instruction;
  const at = Object.hasOwn(LAYER_AT, opcode) ? LAYER_AT[opcode] : undefined;
  return at !== undefined && Number(instruction[at]) >= 0;
}

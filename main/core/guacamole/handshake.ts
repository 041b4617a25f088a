import { codePoints, type Instruction } from './instruction.ts';

/** What the person's end can show and hear. */
export interface Display {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Dots per inch. */
  readonly dpi: number;
  /** Audio types it can play, such as `audio/L16`. */
  readonly audio: readonly string[];
}

export interface HandshakeOptions {
  /** What is behind guacd: a protocol such as `ssh`, or the id of a connection to join. */
  readonly select: string;
  readonly display: Display;
  /** Connection parameters by name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The newest version of Guacamole's protocol that the person's end speaks. */
  readonly version: ProtocolVersion;
  /** A time zone's name, such as `Europe/Berlin`. */
  readonly timezone: string;
  /** A parameter without which there is no point in connecting, and why not. */
  readonly need?: HandshakeNeed;
  /** Who the person is, for guacd's log and for others who share the session; null where nobody knows. */
  readonly name: string | null;
}

/** What guacd must understand; else the person is told the message and the advice, each a sentence. */
export interface HandshakeNeed {
  readonly parameter: string;
  readonly message: string;
  readonly advice: string;
}

/** Versions of Guacamole's protocol that change what a client must do, oldest first. */
export const PROTOCOL_VERSIONS = [
  'VERSION_1_0_0',
  'VERSION_1_1_0',
  'VERSION_1_3_0',
  'VERSION_1_5_0',
] as const;
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** Longest value that guacd's parser takes, in code points. Source: `GUAC_INSTRUCTION_MAX_LENGTH`. */
export const MAX_VALUE_LENGTH = 8191;
/** guacd's buffer for one instruction. Source: `GUAC_INSTRUCTION_MAX_LENGTH` times its share in `guac_parser`. */
export const MAX_SENT_BYTES = 32_768;

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'];

/** The version that both ends speak: the older of ours and guacd's. */
export function agreeOnVersion(offered: string | undefined, ours: ProtocolVersion): ProtocolVersion {
  const theirs = offered === undefined ? 0 : newestUpTo(offered);
  return PROTOCOL_VERSIONS[Math.min(theirs, PROTOCOL_VERSIONS.indexOf(ours))] ?? 'VERSION_1_0_0';
}

/** Whether the first value of `args` is a version; before 1.1 guacd sent parameter names only. */
export function isVersion(arg: string | undefined): arg is string {
  return arg !== undefined && /^VERSION_\d+_\d+_\d+$/.test(arg);
}

/**
 * The instructions that answer guacd's `args`: what the person's end can do, then `connect` with the value of
 * every parameter that guacd named, in its order; parameters that guacd does not know are left out.
 */
export function answerArgs(args: readonly string[], options: HandshakeOptions): Instruction[] {
  const { display, parameters, timezone, name } = options;
  const offered = isVersion(args[0]) ? args[0] : undefined;
  const version = agreeOnVersion(offered, options.version);
  const names = offered === undefined ? args : args.slice(1);
  const values = names.map((parameter) => parameters.get(parameter) ?? '');
  const answer: Instruction[] = [
    ['size', String(display.width), String(display.height), String(display.dpi)],
    ['audio', ...display.audio],
    ['video'],
    ['image', ...IMAGE_TYPES],
  ];
  if (version !== 'VERSION_1_0_0') answer.push(['timezone', timezone]);
  if (
    offered !== undefined &&
    newestUpTo(offered) >= PROTOCOL_VERSIONS.indexOf('VERSION_1_5_0') &&
    name !== null
  ) {
    // guacd from 1.5 takes the name whatever version is agreed on; older ones would log it as unknown.
    answer.push(['name', name]);
  }
  answer.push(offered === undefined ? ['connect', ...values] : ['connect', version, ...values]);
  return answer;
}

/** The first parameter whose value guacd's parser would choke on, and its length in code points. */
export function tooLongParameter(
  parameters: ReadonlyMap<string, string>,
): { name: string; length: number } | undefined {
  for (const [name, value] of parameters) {
    const length = codePoints(value);
    if (length > MAX_VALUE_LENGTH) return { name, length };
  }
  return undefined;
}

/** The index of the newest version of ours that is not newer than `version`. */
function newestUpTo(version: string): number {
  const wanted = numbers(version);
  let index = 0;
  PROTOCOL_VERSIONS.forEach((known, at) => {
    if (compare(numbers(known), wanted) <= 0) index = at;
  });
  return index;
}

function numbers(version: string): number[] {
  return version.replace('VERSION_', '').split('_').map(Number);
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

import type { Socket } from 'node:net';
import { SallyportError } from '../errors.ts';
import {
  answerArgs,
  type HandshakeOptions,
  isVersion,
  MAX_SENT_BYTES,
  tooLongParameter,
} from '../guacamole/handshake.ts';
import { encode, type Instruction } from '../guacamole/instruction.ts';
import { GuacamoleStatus, statusWords } from '../guacamole/status.ts';
import { addressText, type GuacdAddress } from './address.ts';
import { Conversation } from './conversation.ts';
import { cancelled, openSocket } from './socket.ts';

export interface DialOptions {
  readonly signal: AbortSignal;
  /** How long all of it may take, in milliseconds. guacd itself waits 15 s for each step. */
  readonly timeoutMs?: number;
  /** How long connecting alone may take, in milliseconds. */
  readonly connectTimeoutMs?: number;
  /** Longest instruction that guacd may send, in bytes. */
  readonly maxInstructionBytes?: number;
}

/** A connection that guacd has declared ready. */
export interface DialledConnection {
  /** guacd's name for it, `$…`; what others `select` to join. */
  readonly id: string;
  /** The guacd that holds it, `host:port`. */
  readonly address: string;
  /** The version of Guacamole's protocol that guacd named; null from a guacd before 1.1. */
  readonly protocolVersion: string | null;
  /**
   * Paused, and without a listener for data or ends. Whoever takes it looks at `destroyed` first: it may have
   * closed since. Its `error` is listened to already.
   */
  readonly socket: Socket;
  /** Bytes that came after `ready`; perhaps the beginning of an instruction only. */
  readonly leftover: Buffer;
}

export const DEFAULT_DIAL_TIMEOUT_MS = 15_000;
export const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
export const DEFAULT_MAX_INSTRUCTION_BYTES = 16 * 1024 * 1024;

/** What else guacd may say between two steps before it is taken for something that is no guacd. */
const MAX_ASIDES = 64;
const MAX_QUOTED = 400;

/**
 * Connects to guacd and does the whole handshake.
 *
 * Resolves when guacd answered `ready`. Rejects with `request-invalid` before anything is sent when guacd could not
 * read a value, with what `openSocket` gives when guacd cannot be reached, and then with `guacd-refused`,
 * `guacd-outdated`, `guacd-timeout`, `guacd-protocol`, `guacd-died` or `aborted`; the socket is closed then. Names of parameters may
 * stand in an error, their values never do.
 */
export async function dialGuacd(
  address: GuacdAddress,
  handshake: HandshakeOptions,
  options: DialOptions,
): Promise<DialledConnection> {
  const {
    signal,
    timeoutMs = DEFAULT_DIAL_TIMEOUT_MS,
    connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS,
  } = options;
  refuseTooLong(handshake);
  const place = addressText(address);
  const begun = Date.now();
  const socket = await openSocket(address, { signal, timeoutMs: Math.min(connectTimeoutMs, timeoutMs) });
  const talk = new Conversation(socket, options.maxInstructionBytes ?? DEFAULT_MAX_INSTRUCTION_BYTES);
  let step: Step = 'args';
  const timer = setTimeout(
    () => talk.fail(tooSlow(place, step, timeoutMs)),
    Math.max(0, timeoutMs - (Date.now() - begun)),
  );
  const onAbort = () => talk.fail(cancelled(place));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) throw cancelled(place);
    talk.say(['select', handshake.select]);
    const args = await expect(talk, step, place, handshake.select);
    refuseUnable(args, handshake);
    const answer = answerArgs(args, handshake);
    refuseOverlong(answer);
    step = 'ready';
    talk.say(...answer);
    const [id = ''] = await expect(talk, step, place, handshake.select);
    if (talk.failure) throw unlikeGuacd(place, talk.failure);
    const protocolVersion = isVersion(args[0]) ? args[0] : null;
    return { id, address: place, protocolVersion, socket, leftover: talk.letGo() };
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

type Step = 'args' | 'ready';

/** The arguments of the instruction that `step` waits for; anything that is not an end is passed over. */
async function expect(talk: Conversation, step: Step, place: string, select: string): Promise<string[]> {
  for (let asides = 0; asides <= MAX_ASIDES; asides += 1) {
    const instruction = await hear(talk, place);
    if (instruction === null) throw closed(place, step, select);
    const [opcode, ...args] = instruction;
    if (opcode === step) return args;
    if (opcode === 'error') throw refused(args);
    if (opcode === 'disconnect') throw closed(place, step, select);
  }
  throw notGuacd(place, `it said more than ${MAX_ASIDES} other things before “${step}”`);
}

async function hear(talk: Conversation, place: string): Promise<Instruction | null> {
  try {
    return await talk.next();
  } catch (error) {
    throw unlikeGuacd(place, SallyportError.from(error));
  }
}

function unlikeGuacd(place: string, failure: SallyportError): SallyportError {
  if (!failure.code.startsWith('instruction-')) return failure;
  return notGuacd(place, failure.message.replace(/\.$/, ''), failure);
}

function refuseTooLong({ select, parameters }: HandshakeOptions): void {
  const tooLong = tooLongParameter(parameters);
  if (tooLong) {
    throw invalid(
      `The connection parameter “${tooLong.name}” has ${tooLong.length} characters; guacd reads no more than 8191.`,
      'Shorten it where it is set: in authentik in the endpoint or a property mapping, here on the Machines page.',
    );
  }
  if (select === '' || select.length > 256)
    throw invalid('The name of the protocol is missing or far too long.');
}

function refuseUnable(args: readonly string[], { need }: HandshakeOptions): void {
  if (!need || args.includes(need.parameter)) return;
  throw new SallyportError('guacd-outdated', need.message, {
    advice: need.advice,
    status: GuacamoleStatus.unsupported,
  });
}

function refuseOverlong(answer: readonly Instruction[]): void {
  for (const instruction of answer) {
    const bytes = Buffer.byteLength(encode(...instruction));
    if (bytes < MAX_SENT_BYTES) continue;
    throw invalid(
      `The connection parameters are ${bytes} bytes together; guacd reads less than ${MAX_SENT_BYTES}.`,
      'Shorten the longest of them, such as a key.',
    );
  }
}

function invalid(message: string, advice?: string): SallyportError {
  return new SallyportError('request-invalid', message, { advice, status: GuacamoleStatus.badRequest });
}

function refused([text = '', code = '']: readonly string[]): SallyportError {
  const status = /^\d{1,6}$/.test(code) ? Number(code) : GuacamoleStatus.upstreamError;
  const said = quoted(text);
  const message =
    said === ''
      ? `guacd refused: ${statusWords(status)}.`
      : `guacd refused: ${said} (${statusWords(status)}).`;
  return new SallyportError('guacd-refused', message, { status });
}

function closed(place: string, step: Step, select: string): SallyportError {
  if (step === 'ready') {
    return new SallyportError(
      'guacd-died',
      `guacd at ${place} closed the connection before the session was ready.`,
      {
        advice: 'guacd’s own log tells why.',
        status: GuacamoleStatus.serverError,
      },
    );
  }
  // guacd says nothing when it cannot load a protocol's plugin or does not know a connection: it closes.
  if (select.startsWith('$')) {
    return new SallyportError('guacd-refused', `guacd at ${place} does not hold that session any more.`, {
      status: GuacamoleStatus.resourceNotFound,
    });
  }
  return new SallyportError('guacd-refused', `guacd at ${place} closed when asked for “${quoted(select)}”.`, {
    advice: 'Is guacd’s plugin for that protocol installed there, and does this port speak without TLS?',
    status: GuacamoleStatus.unsupported,
  });
}

function tooSlow(place: string, step: Step, timeoutMs: number): SallyportError {
  const waited = step === 'args' ? 'what it was asked for' : 'the parameters of the session';
  return new SallyportError(
    'guacd-timeout',
    `guacd at ${place} did not answer ${waited} within ${timeoutMs / 1000} s.`,
    {
      advice: 'Is that machine overloaded?',
      status: GuacamoleStatus.upstreamTimeout,
    },
  );
}

function notGuacd(place: string, why: string, cause?: unknown): SallyportError {
  return new SallyportError('guacd-protocol', `What listens at ${place} does not speak like guacd: ${why}.`, {
    advice: 'Check the address and port of guacd.',
    cause,
    status: GuacamoleStatus.serverError,
  });
}

/** A peer's text, fit for one line of a log or a page. */
function quoted(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line.replace(/\.$/, '');
}

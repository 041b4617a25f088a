import * as v from 'valibot';
import type { Failure } from '../core/errors.ts';
import { SallyportError } from '../core/errors.ts';
import { CONTROL_PROTOCOL } from './contract.ts';
import { isNonce } from './proof.ts';
import { failure } from './status-schema.ts';

/*
 * Every connection begins with one line of JSON each way; what the first says it is for decides what follows:
 * `control` is JSON-RPC. `display` and `recording` bring the ticket that a request was answered with, and are plain
 * Guacamole. Where the outpost has to know who it is, its first line asks for a proof (see `proof.ts`); the client says
 * with a hello of the kind `proof` that it is there, and then comes the greeting.
 */

export const HELLO_MAX_BYTES = 1024;
/** The answer can carry a sentence. */
export const GREETING_MAX_BYTES = 8 * 1024;

const short = v.pipe(v.string(), v.maxLength(64));

const hello = v.object({
  sallyport: v.number(),
  kind: short,
  version: v.exactOptional(short),
  ticket: v.exactOptional(short),
});
export type Hello = v.InferOutput<typeof hello>;

const greeting = v.object({
  sallyport: v.number(),
  version: v.exactOptional(v.string()),
  pid: v.exactOptional(v.number()),
  prove: v.exactOptional(v.pipe(v.string(), v.check(isNonce))),
  error: v.exactOptional(failure),
});
export type Greeting = v.InferOutput<typeof greeting>;

export function helloLine(kind: string, version: string, ticket?: string): string {
  return `${JSON.stringify({ sallyport: CONTROL_PROTOCOL, kind, version, ticket })}\n`;
}

export function greetingLine(version: string, pid: number, error?: Failure): string {
  return `${JSON.stringify({ sallyport: CONTROL_PROTOCOL, version, pid, error })}\n`;
}

/** Asks who it is, instead of the greeting and before it. */
export function questionLine(version: string, pid: number, nonce: string): string {
  return `${JSON.stringify({ sallyport: CONTROL_PROTOCOL, version, pid, prove: nonce })}\n`;
}

/** What a client says it wants; throws `control-protocol` for anything this server cannot talk to. */
export function decodeHello(line: string): Hello {
  const decoded = v.safeParse(hello, parse(line));
  if (!decoded.success)
    throw new SallyportError(
      'control-protocol',
      'This is Sallyport’s control socket, and that was no hello.',
      {
        advice: 'Use the `sallyport` command to talk to it.',
      },
    );
  checkProtocol(decoded.output.sallyport);
  return decoded.output;
}

/** The server's answer; throws its refusal, or `control-protocol` where something else answered. */
export function decodeGreeting(line: string): Greeting {
  const decoded = v.safeParse(greeting, parse(line));
  if (!decoded.success)
    throw new SallyportError('control-protocol', 'What answers on the control socket is not Sallyport.');
  const { error, sallyport } = decoded.output;
  if (error) throw new SallyportError(error.code, error.message, { advice: error.advice });
  checkProtocol(sallyport);
  return decoded.output;
}

function checkProtocol(number: number): void {
  if (number === CONTROL_PROTOCOL) return;
  throw new SallyportError(
    'control-protocol',
    `The other end speaks version ${number} of the control protocol, this one ${CONTROL_PROTOCOL}.`,
    { advice: 'Restart the outpost so that it and the command are of the same version.' },
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

import { isIPv6 } from 'node:net';
import type {
  GuardrailsAnswer,
  GuardrailsDesk,
  GuardrailsQuestion,
} from '../../control/guardrails-schema.ts';
import { type Failure, SallyportError } from '../../core/errors.ts';
import { type Command, type CommandContext, connectIfRunning } from '../context.ts';
import { readAll, writeJson, writeLines } from '../io.ts';
import { guardrailsView } from '../view/guardrails.ts';
import { plain } from '../view/style.ts';

/** Longest text that is read from standard input, in bytes. */
const MAX_BYTES = 1024 * 1024;

interface Desk extends Pick<GuardrailsDesk, 'show' | 'write'> {
  check(text: string): Promise<Failure | null>;
  tryOut(question: GuardrailsQuestion): Promise<GuardrailsAnswer>;
}

/** The file as it is, for editing and for keeping it elsewhere. */
export const guardrailsShowCommand: Command<object> = async (context) => {
  const { text, failure } = await (await deskOf(context)).show();
  context.io.stdout.write(text);
  if (failure) throw new SallyportError(failure.code, failure.message, { advice: failure.advice });
  return 'ok';
};

/** Standard input, or what is kept, without keeping anything. */
export const guardrailsCheckCommand: Command<{ readonly stdin: boolean }> = async (context, { stdin }) => {
  const desk = await deskOf(context);
  const failure = stdin ? await desk.check(await readText(context)) : (await desk.show()).failure;
  if (failure) throw new SallyportError(failure.code, failure.message, { advice: failure.advice });
  await writeLines(context.io.stdout, ['The guardrails can be used.']);
  return 'ok';
};

export const guardrailsSetCommand: Command<object> = async (context) => {
  const desk = await deskOf(context);
  await desk.write(await readText(context));
  await writeLines(context.io.stdout, ['The guardrails are kept; they count from the next session on.']);
  return 'ok';
};

export interface TestOptions {
  readonly protocol: string;
  readonly target: string;
  readonly user: string | null;
  readonly source: GuardrailsQuestion['source'];
  /** Such as `2026-11-29T03:00` or `2026-11-29 03:00`; null for now. */
  readonly at: string | null;
  readonly json: boolean;
}

/** Answers with exit 0 where the session would be let in, else 1. */
export const guardrailsTestCommand: Command<TestOptions> = async (context, options) => {
  const { json, user, source } = options;
  const protocol = options.protocol.toLowerCase();
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(protocol))
    throw new SallyportError('request-invalid', 'That is no protocol.', { advice: 'Give ssh, rdp or vnc.' });
  const at = options.at === null ? {} : { at: options.at.trim().replace(' ', 'T') };
  const question = { source, user, protocol, ...placeOf(options.target), ...at };
  const answer = await (await deskOf(context)).tryOut(question);
  const { io, style } = context;
  if (json) await writeJson(io.stdout, answer);
  else await writeLines(io.stdout, guardrailsView(style, answer));
  return answer.allowed ? 'ok' : 'failed';
};

/** The running outpost's, else the file itself. */
async function deskOf(context: CommandContext): Promise<Desk> {
  const client = await connectIfRunning(context);
  if (client)
    return {
      show: () => client.request('guardrails/show', {}),
      check: async (text) => (await client.request('guardrails/check', { text })).failure,
      write: async (text) => void (await client.request('guardrails/set', { text })),
      tryOut: (question) => client.request('guardrails/test', { question }),
    };
  const { guardrails } = await context.local();
  return {
    show: () => guardrails.show(),
    check: async (text) => guardrails.check(text).failure,
    write: (text) => guardrails.write(text),
    tryOut: (question) => guardrails.tryOut(question, undefined, new AbortController().signal),
  };
}

/** `10.0.0.7`, `web-01:22`, `fd00::1`, `[fd00::1]:22`. */
function placeOf(target: string): { host: string; port: number | null } {
  if (isIPv6(target)) return { host: target, port: null };
  const found = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(target);
  const host = found?.[1] ?? found?.[2] ?? '';
  const port = found?.[3] === undefined ? null : Number(found[3]);
  if (host === '' || host.length > 253 || (port !== null && (port < 1 || port > 65_535)))
    throw new SallyportError('request-invalid', `${JSON.stringify(target.slice(0, 60))} is no machine.`, {
      advice: 'Give a name or an address, with :port where it is not the usual one.',
    });
  return { host, port };
}

async function readText({ io: { stdin }, style }: CommandContext): Promise<string> {
  if (stdin.isTTY === true)
    throw new SallyportError('request-invalid', 'The guardrails are read from standard input.', {
      advice: plain(style, 'Send them: sallyport guardrails set < guardrails.json'),
    });
  return readAll(
    stdin,
    MAX_BYTES,
    () =>
      new SallyportError('request-invalid', `That is more than ${MAX_BYTES} bytes: too long for guardrails.`),
  );
}

import { cleanToken, looksLikeToken } from '../../core/settings/token.ts';
import { type Command, type CommandContext, connectIfRunning } from '../context.ts';
import { writeJson, writeLines } from '../io.ts';
import { readSecret } from '../secret-input.ts';
import { configView } from '../view/config.ts';
import { outpostConfigRows } from '../view/outpost-config.ts';
import { paint, plain } from '../view/style.ts';

/** A word, not a refusal: nobody knows what the tokens of a later authentik look like. */
const DOUBT = 'It does not look like a token of authentik; `sallyport doctor` tells whether it is accepted.';
const NEXT_START = 'No outpost is running: it counts from the next start.';

/** From a terminal without showing it, or from standard input; never from the command line, which everyone can see. */
export const tokenSetCommand: Command<object> = async (context) => {
  const { io } = context;
  // First, so that nobody pastes a token for nothing.
  const client = await connectIfRunning(context);
  const store = client ? null : (await context.local()).token;
  const pasted = await readSecret(io, 'Token of the outpost (it is not shown): ');
  const token = cleanToken(pasted.reveal(), { name: 'The token', source: 'flag' });
  if (client) await client.request('token/set', { token: token.reveal() });
  else await store?.set(token);
  await writeLines(io.stdout, [
    'The token is kept, encrypted.',
    ...(looksLikeToken(token.reveal()) ? [] : [DOUBT]),
    ...(client ? [] : [NEXT_START]),
  ]);
  return 'ok';
};

export const tokenRemoveCommand: Command<object> = async (context) => {
  const client = await connectIfRunning(context);
  if (client) await client.request('token/remove', {});
  else await (await context.local()).token.remove();
  await writeLines(context.io.stdout, ['The token is removed.']);
  return 'ok';
};

export const configShowCommand: Command<{ readonly json: boolean }> = async (context, { json }) => {
  const { io, style } = context;
  const client = await connectIfRunning(context);
  const rows = client
    ? (await client.request('config/show', {})).rows
    : await (await context.local()).config.show();
  // Only a running outpost has asked authentik.
  const outpost = client ? (await client.request('status', {})).outpost : null;
  const options = outpost ? outpostConfigRows(outpost.config) : [];
  if (json) {
    await writeJson(io.stdout, [...rows, ...options]);
    return 'ok';
  }
  const whose = client
    ? 'As the running outpost has them.'
    : 'As an outpost that is started here would have them.';
  const lines = [...configView(style, rows), '', paint(style, 'dim', whose)];
  if (outpost) {
    const title = plain(style, `Of the outpost “${outpost.name}” in authentik:`);
    lines.push('', paint(style, 'dim', title), '', ...configView(style, options));
  }
  await writeLines(io.stdout, lines);
  return 'ok';
};

export const configSetCommand: Command<{ readonly key: string; readonly value: string }> = async (
  context,
  { key, value },
) => {
  const client = await connectIfRunning(context);
  const notes = client
    ? (await client.request('config/set', { key, value })).notes
    : [...(await (await context.local()).config.set(key, value)), NEXT_START];
  return tell(context, `${key} is set.`, notes);
};

export const configUnsetCommand: Command<{ readonly key: string }> = async (context, { key }) => {
  const client = await connectIfRunning(context);
  const notes = client
    ? (await client.request('config/unset', { key })).notes
    : [...(await (await context.local()).config.unset(key)), NEXT_START];
  return tell(context, `${key} is back to its default.`, notes);
};

async function tell({ io, style }: CommandContext, done: string, notes: readonly string[]): Promise<'ok'> {
  await writeLines(
    io.stdout,
    [done, ...notes].map((line) => plain(style, line)),
  );
  return 'ok';
}

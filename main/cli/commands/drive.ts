import type { ControlClient } from '../../control/client.ts';
import { countSessions } from '../../core/describe-session.ts';
import { plural } from '../../core/describe-units.ts';
import type { Command } from '../context.ts';
import { writeJson, writeLines } from '../io.ts';
import { findId } from '../session-id.ts';
import { sessionsView } from '../view/sessions.ts';

/** Ending sessions with a word to each browser takes up to 5 s. */
const STOP_TIMEOUT_MS = 20_000;

export const startCommand: Command<object> = async ({ io, connect }) => {
  const client = await connect();
  await client.request('start', {}, { timeoutMs: STOP_TIMEOUT_MS });
  await writeLines(io.stdout, ['Started. It stays so after a restart of this host or the outpost.']);
  return 'ok';
};

export const stopCommand: Command<{ readonly drain: boolean }> = async ({ io, connect }, { drain }) => {
  const client = await connect();
  await client.request('stop', { drain }, { timeoutMs: STOP_TIMEOUT_MS });
  const { sessions } = await client.request('sessions', {});
  const open = countSessions(sessions);
  const finishing = drain && open > 0;
  await writeLines(io.stdout, [
    finishing
      ? `No new sessions; it stops when ${plural(open, 'session')} ${open === 1 ? 'has' : 'have'} ended.`
      : 'Stopped. It stays so until `sallyport start`.',
  ]);
  return 'ok';
};

export const retryCommand: Command<object> = async ({ io, connect }) => {
  await (await connect()).request('retry', {});
  await writeLines(io.stdout, ['Trying now. See how it goes with `sallyport status`.']);
  return 'ok';
};

export const sessionsCommand: Command<{ readonly json: boolean }> = async (
  { io, style, connect },
  { json },
) => {
  const { sessions } = await (await connect()).request('sessions', {});
  if (json) await writeJson(io.stdout, sessions);
  else if (sessions.length === 0) await writeLines(io.stdout, ['No sessions.']);
  else await writeLines(io.stdout, sessionsView(style, sessions, io.now()));
  return 'ok';
};

export const endCommand: Command<{ readonly id: string }> = async ({ io, connect }, { id }) => {
  const client = await connect();
  const whole = await wholeId(client, id);
  await client.request('end', { id: whole });
  await writeLines(io.stdout, [`Session ${whole} is ended.`]);
  return 'ok';
};

export const watchCommand: Command<{ readonly id: string }> = async ({ io, connect }, { id }) => {
  const client = await connect();
  const whole = await wholeId(client, id);
  await client.request('viewer/watch', { id: whole });
  await writeLines(io.stdout, [`The desktop app opens a window that looks on at session ${whole}.`]);
  return 'ok';
};

async function wholeId(client: ControlClient, given: string): Promise<string> {
  const { sessions } = await client.request('sessions', {});
  return findId(
    sessions.map(({ id }) => id),
    given,
  );
}

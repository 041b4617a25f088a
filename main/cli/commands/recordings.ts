import { open, unlink } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ControlClient } from '../../control/client.ts';
import { MAX_RECORDINGS, type RecordingInfo } from '../../control/recordings-schema.ts';
import { formatBytes } from '../../core/describe-units.ts';
import { SallyportError } from '../../core/errors.ts';
import type { Command } from '../context.ts';
import { writeJson, writeLines } from '../io.ts';
import { recordingsView } from '../view/recordings.ts';

export interface RecordingsListOptions {
  readonly text: string;
  readonly json: boolean;
}

export const recordingsListCommand: Command<RecordingsListOptions> = async (context, { text, json }) => {
  const { io, style } = context;
  const found = await all(await context.connect(), text);
  if (json) await writeJson(io.stdout, found);
  else await writeLines(io.stdout, recordingsView(style, found));
  return 'ok';
};

export interface RecordingsExportOptions {
  readonly id: string;
  /** Null for standard output. */
  readonly file: string | null;
}

/** Writes a recording as Guacamole's own tools read it. */
export const recordingsExportCommand: Command<RecordingsExportOptions> = async (context, { id, file }) => {
  const { io } = context;
  if (file === null && io.stdout.isTTY)
    throw new SallyportError('request-invalid', 'A recording is nothing that a terminal can show.', {
      advice: 'Name a file, or send it on: `sallyport recordings export <id> > session.guac`.',
    });
  const client = await context.connect();
  const whole = await idOf(client, id);
  const { ticket } = await client.request('recordings/open', { id: whole, purpose: 'export' });
  const stream = await client.openStream('recording', ticket);
  const ended = () => untilRead(client, ticket);
  if (file === null) {
    await pipeline(stream, io.stdout, { end: false });
    await ended();
  } else {
    await writeLines(io.stdout, [`${formatBytes(await keep(stream, file, ended))} written to ${file}.`]);
  }
  return 'ok';
};

export const recordingsRemoveCommand: Command<{ readonly ids: readonly string[] }> = async (
  context,
  { ids },
) => {
  const client = await context.connect();
  for (const id of ids) {
    const whole = await idOf(client, id);
    await client.request('recordings/remove', { id: whole });
    await writeLines(context.io.stdout, [`Recording ${whole.slice(0, 8)} removed.`]);
  }
  return 'ok';
};

/** Rejects with `recording-unreadable` where the stream ended before the recording did. */
async function untilRead(client: ControlClient, ticket: string): Promise<void> {
  const { failure } = await client.request('recordings/outcome', { ticket });
  if (failure === null) return;
  const { code, message, advice } = failure;
  throw new SallyportError(code, message, { advice });
}

/** Never over a file that is there; what could not be written to its end, or read, is removed. */
async function keep(stream: Readable, file: string, ended: () => Promise<void>): Promise<number> {
  const failed = (error: unknown) => SallyportError.from(error, file, 'file-unwritable');
  // It may break while the file is still being opened; the loop says it then.
  stream.on('error', () => {});
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    stream.destroy();
    throw failed(error);
  });
  let bytes = 0;
  try {
    for await (const piece of stream) {
      await handle.writeFile(piece);
      bytes += piece.length;
    }
    await ended();
    await handle.close();
    return bytes;
  } catch (error) {
    await handle.close();
    await unlink(file).catch(() => {});
    throw failed(error);
  }
}

async function idOf(client: ControlClient, given: string): Promise<string> {
  const [only, ...others] = (await all(client, given)).filter(({ id }) => id.startsWith(given.toLowerCase()));
  if (only && others.length === 0) return only.id;
  throw new SallyportError(
    'recording-unreadable',
    only ? `${others.length + 1} recordings have an id that begins so.` : 'There is no such recording.',
    { advice: 'Give the id as `sallyport recordings list` shows it.' },
  );
}

async function all(client: ControlClient, text: string): Promise<readonly RecordingInfo[]> {
  const found: RecordingInfo[] = [];
  for (;;) {
    const page = await client.request('recordings/list', {
      limit: MAX_RECORDINGS,
      offset: found.length,
      text,
    });
    found.push(...page.recordings);
    if (page.recordings.length < MAX_RECORDINGS) return found;
  }
}

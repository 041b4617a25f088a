import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { BulkError, type BulkPipes, PART_BYTES } from './bulk-pipes.ts';
import type { FileDesk } from './file-desk.ts';
import { jsonAnswer, type PlainAnswer, sendAnswer } from './http-answers.ts';
import { readBody, readBytes } from './request-body.ts';
import type { Sessions } from './sessions.ts';

export interface FileSideOptions {
  readonly sessions: Sessions;
  readonly pipes: BulkPipes;
}

const PREFIX = 'practice/files/';
const token = v.pipe(v.string(), v.maxLength(512));
const ListRequest = v.object({ token, path: v.string(), cursor: v.optional(v.string(), '') });
const TransferRequest = v.object({
  token,
  direction: v.picklist(['upload', 'download']),
  path: v.string(),
  size: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
});
const ActionRequest = v.object({ token });

/**
 * What authentik's page asks about the files of a session: small questions, and bytes. Shaped like authentik's own
 * API, below `practice/`, because here nobody logs in: the connection token says whose session it is.
 */
export class FileSide {
  readonly #options: FileSideOptions;

  constructor(options: FileSideOptions) {
    this.#options = options;
  }

  /** Answers a request below `practice/files/`; false where `path` is none. */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    if (!path.startsWith(PREFIX)) return false;
    const [what = '', id = '', action = ''] = path.slice(PREFIX.length).split('/');
    const { method = '' } = request;
    if (what === 'bytes' && method === 'GET') await this.#download(response, id);
    else if (what === 'bytes' && method === 'PUT') sendAnswer(response, await this.#upload(request, id));
    else if (method !== 'POST') sendAnswer(response, refusal(405));
    else if (what === 'list') sendAnswer(response, await this.#list(request));
    else if (what === 'transfers' && id === '') sendAnswer(response, await this.#prepare(request));
    else if (what === 'transfers' && (action === 'finish' || action === 'cancel'))
      sendAnswer(response, await this.#act(request, id, action));
    else sendAnswer(response, refusal(404));
    return true;
  }

  async #list(request: IncomingMessage): Promise<PlainAnswer> {
    const asked = await bodyOf(request, ListRequest);
    const desk = asked && this.#desk(asked.token);
    if (!asked || !desk) return refusal(asked ? 404 : 400);
    const { status, entries, cursor } = await desk.list(asked.path, asked.cursor);
    return jsonAnswer(status, { entries, cursor });
  }

  async #prepare(request: IncomingMessage): Promise<PlainAnswer> {
    const asked = await bodyOf(request, TransferRequest);
    const desk = asked && this.#desk(asked.token);
    if (!asked || !desk) return refusal(asked ? 404 : 400);
    const { status, id, size } = await desk.prepare(asked);
    if (status !== 200) return refusal(status);
    return jsonAnswer(201, { id, size, filename: asked.path.split('/').at(-1) ?? '' });
  }

  async #act(request: IncomingMessage, id: string, action: 'finish' | 'cancel'): Promise<PlainAnswer> {
    const asked = await bodyOf(request, ActionRequest);
    const desk = asked && this.#desk(asked.token);
    if (!desk) return refusal(asked ? 404 : 400);
    const status = await desk[action](id);
    return status === 200 ? jsonAnswer(200, {}) : refusal(status);
  }

  async #upload(request: IncomingMessage, id: string): Promise<PlainAnswer> {
    const offset = Number(request.headers['x-rac-offset']);
    const bytes = await readBytes(request, PART_BYTES);
    if (!bytes || !Number.isSafeInteger(offset)) return refusal(bytes ? 400 : 413);
    try {
      await this.#options.pipes.put(id, offset, bytes);
      return { status: 204, type: 'text/plain', body: '' };
    } catch (error) {
      return refusal(statusOf(error));
    }
  }

  async #download(response: ServerResponse, id: string): Promise<void> {
    const { pipes } = this.#options;
    let begun = false;
    try {
      const size = pipes.sizeOf(id) ?? 0;
      const begin = () => {
        if (!begun) response.writeHead(200, downloadHeaders(size));
        begun = true;
      };
      for await (const piece of pipes.get(id)) {
        begin();
        if (!response.write(piece)) await drained(response);
        // The browser has gone: leaving the loop ends the transfer.
        if (response.destroyed) return;
      }
      begin();
      response.end();
    } catch (error) {
      if (begun) response.destroy();
      else sendAnswer(response, refusal(statusOf(error)));
    }
  }

  #desk(connectionToken: string): FileDesk | undefined {
    return this.#options.sessions.deskOf(connectionToken);
  }
}

function downloadHeaders(size: number): Record<string, string> {
  return {
    'content-type': 'application/octet-stream',
    'content-length': String(size),
    'content-disposition': 'attachment',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.on('drain', go);
    response.on('close', go);
  });
}

function statusOf(error: unknown): number {
  if (error instanceof BulkError) return error.status;
  throw error;
}

/** authentik gives the number alone; the page has the words. */
function refusal(status: number): PlainAnswer {
  return jsonAnswer(status, {});
}

async function bodyOf<T>(
  request: IncomingMessage,
  schema: v.GenericSchema<unknown, T>,
): Promise<T | undefined> {
  const body = await readBody(request);
  try {
    const parsed = v.safeParse(schema, JSON.parse(body ?? ''));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

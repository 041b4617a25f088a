import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileLimits } from '../../../main/core/sessions/drive/file-limits.ts';
import { FILE_LIMITS } from '../../../main/core/sessions/drive/file-limits.ts';
import { until } from '../guacd/fake-guacd.ts';
import { type Ends, SessionBench } from '../sessions/bench.ts';
import { BulkEnd } from './bulk-end.ts';

/** An answer on a session's websocket. */
export interface Answer {
  readonly request?: string;
  readonly id?: string;
  readonly status: number;
  readonly size?: number;
  readonly cursor?: string;
  readonly entries?: readonly { name: string; path: string; kind: string; size: number | null }[];
}

export const RDP_DRIVE = {
  'enable-drive': 'true',
  'drive-path': '/tmp/connection/a-token',
  'rac-allow-upload': 'true',
  'rac-allow-download': 'true',
} as const;

/** A live RDP session with a drive, asked for files by an authentik that does what a test wants. */
export class FilesBench {
  readonly bench: SessionBench;
  readonly ends: Ends;
  /** Where the drive lies. */
  readonly drive: string;
  readonly answers: Answer[] = [];
  readonly bulk: BulkEnd[] = [];

  private constructor(bench: SessionBench, ends: Ends) {
    this.bench = bench;
    this.ends = ends;
    this.drive = ends.guacd.parameter('drive-path') ?? '';
    ends.browser.onFrame = (frame) => {
      const [, body] = /^0\.authentik\.(?:list|bulk)\.(.*)$/s.exec(frame.toString()) ?? [];
      if (body === undefined) ends.browser.frames.push(frame);
      else this.answers.push(JSON.parse(body));
    };
    bench.tunnels.onBulk = (id, websocket, request) =>
      void this.bulk.push(new BulkEnd(id, websocket, request));
  }

  static async start(
    params: Readonly<Record<string, string>> = RDP_DRIVE,
    files: Partial<FileLimits> = {},
    options: { readonly local?: boolean; readonly protocol?: string } = {},
  ): Promise<FilesBench> {
    const bench = await SessionBench.start({
      local: options.local ?? true,
      limits: { files: { ...FILE_LIMITS, ...files } },
    });
    return new FilesBench(bench, await bench.live('one', params, options.protocol ?? 'rdp'));
  }

  /** Sends a request and resolves with its answer. */
  async ask(on: 'list' | 'bulk', body: Readonly<Record<string, unknown>>): Promise<Answer> {
    const request = randomBytes(16).toString('hex');
    this.tell(on, JSON.stringify({ request, ...body }));
    return this.answer(request);
  }

  tell(on: 'list' | 'bulk', body: string | Buffer): void {
    this.ends.browser.send(Buffer.concat([Buffer.from(`0.authentik.${on}.`), Buffer.from(body)]));
  }

  async answer(request: string): Promise<Answer> {
    await until(() => this.answers.some((answer) => answer.request === request));
    const found = this.answers.find((answer) => answer.request === request);
    if (!found) throw new Error('It is gone.');
    return found;
  }

  list(path = '/', cursor?: string): Promise<Answer> {
    return this.ask('list', { path, ...(cursor !== undefined && { cursor }) });
  }

  prepare(
    direction: 'upload' | 'download',
    path: string,
    size = 0,
    id: string = randomUUID(),
  ): Promise<Answer & { readonly transfer: string }> {
    return this.ask('bulk', { action: 'prepare', id, path, direction, size, tenant: 'public' }).then(
      (answer) => ({ ...answer, transfer: id }),
    );
  }

  finish(id: string): Promise<Answer> {
    return this.ask('bulk', { action: 'finish', id });
  }

  cancel(id: string): Promise<Answer> {
    return this.ask('bulk', { action: 'cancel', id });
  }

  /** The transfer's websocket, as soon as the outpost has opened it. */
  async socket(id: string): Promise<BulkEnd> {
    await until(() => this.bulk.some((end) => end.id === id));
    const found = this.bulk.find((end) => end.id === id);
    if (!found) throw new Error('It is gone.');
    return found;
  }

  /** The last word about a transfer. */
  async end(id: string): Promise<Answer> {
    await until(() => this.answers.some((answer) => answer.id === id));
    const found = this.answers.find((answer) => answer.id === id);
    if (!found) throw new Error('It is gone.');
    return found;
  }

  /** Uploads a whole file as authentik does; resolves with what `finish` was answered with. */
  async upload(path: string, bytes: Buffer, partBytes = 4 * 1024 * 1024): Promise<Answer> {
    const { transfer } = await this.prepare('upload', path, bytes.length);
    const socket = await this.socket(transfer);
    for (let at = 0; at < bytes.length; at += partBytes)
      await socket.part(bytes.subarray(at, at + partBytes), at);
    return this.finish(transfer);
  }

  async download(path: string): Promise<Buffer> {
    const { transfer, status } = await this.prepare('download', path);
    if (status !== 200) throw new Error(`It was refused with ${status}.`);
    const socket = await this.socket(transfer);
    await socket.take();
    return Buffer.concat(socket.pieces);
  }

  /** Everything in the drive by name, unfinished uploads included. */
  names(directory = ''): Promise<string[]> {
    return readdir(join(this.drive, directory)).then((names) => names.sort());
  }

  /** The session works: what guacd draws still arrives. */
  async isAlive(): Promise<void> {
    const word = randomBytes(4).toString('hex');
    this.ends.guacd.send(`4.name,8.${word};`);
    await until(() => this.ends.browser.heard.includes(word));
  }
}

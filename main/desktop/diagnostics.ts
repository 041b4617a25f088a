import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { DiagnosticsEntry } from '../../preload/contract/types.ts';
import type { ControlClient } from '../control/client.ts';
import { readBoundedFile } from '../core/base/bounded-file.ts';
import { failureText, SallyportError } from '../core/errors.ts';
import type { OutpostStatus } from '../core/status.ts';
import { withoutSecrets } from './leftover-secrets.ts';
import { NameReplacer } from './replace-names.ts';

/** One file of the zip. */
export interface DiagnosticsFile extends DiagnosticsEntry {
  readonly text: string;
}

export interface DiagnosticsSources {
  /** Null where no outpost runs: then the files say so. */
  readonly control: ControlClient | null;
  readonly status: OutpostStatus | null;
  /** What the app knows about itself: versions, tray, how the outpost is held. */
  readonly app: unknown;
  /** Where log files are; null where they are not on this machine. */
  readonly logDir: string | null;
  /** The person's own folder, which names them. */
  readonly home: string;
  readonly userName: string;
  readonly machineName: string;
}

/** Of each log file, the end; and no more files than these. */
const MAX_LOG_FILE_BYTES = 4 * 1024 * 1024;
const MAX_LOG_FILES = 4;
/** A log file that is larger is left out: what it has last is in `log.jsonl`. */
const MAX_READ_BYTES = 64 * 1024 * 1024;
const LOG_LINES = 1000;
const DOCTOR_MS = 60_000;

/**
 * Everything that helps to find out what is wrong, as texts. Never rejects: what cannot be had is a sentence in
 * its place. With `replaceNames`, names and addresses are replaced, the same one by the same word everywhere.
 */
export async function collectDiagnostics(
  sources: DiagnosticsSources,
  replaceNames: boolean,
): Promise<readonly DiagnosticsFile[]> {
  const { control, status } = sources;
  const asked = (name: string, what: string, ask: (client: ControlClient) => Promise<unknown>) =>
    answer(control, ask).then((text) => ({ name, what, text }));
  const files = await Promise.all([
    Promise.resolve({ name: 'app.json', what: 'This app and this system', text: json(sources.app) }),
    Promise.resolve({ name: 'status.json', what: 'What the outpost says of itself', text: json(status) }),
    asked('versions.json', 'Versions', (client) => client.request('versions', {})),
    asked(
      'settings.json',
      'Effective settings and where they come from; no secret',
      async (client) => (await client.request('config/show', {})).rows,
    ),
    asked(
      'outpost-config.json',
      'The outpost’s options in authentik',
      async (client) => (await client.request('outpost/config', {})).rows,
    ),
    asked('doctor.json', 'The checks of the doctor, made just now', (client) =>
      client.request('doctor', {}, { timeoutMs: DOCTOR_MS }),
    ),
    asked('traffic.json', 'Bytes and sessions of the last hour', (client) => client.request('traffic', {})),
    asked('guacd-output.txt', 'What guacd said last', async (client) =>
      (await client.request('guacd/output', {})).lines.join('\n'),
    ),
    asked('log.jsonl', 'The newest lines of the log', async (client) =>
      (await client.request('log', { limit: LOG_LINES })).lines
        .map((line) => JSON.stringify(line))
        .join('\n'),
    ),
  ]);
  const all = [...files, ...(await logFiles(sources.logDir))];
  const replace = replaceNames ? replacerFor(sources) : (text: string) => text;
  return all.map(({ name, what, text }) => {
    const clean = replace(withoutSecrets(text));
    return { name, what, text: clean, bytes: Buffer.byteLength(clean) };
  });
}

/** The files as one zip. */
export function packDiagnostics(files: readonly DiagnosticsFile[]): Buffer {
  const entries = Object.fromEntries(files.map(({ name, text }) => [name, strToU8(text)]));
  return Buffer.from(zipSync(entries, { level: 6 }));
}

/** `sallyport-diagnostics-2026-02-03-1405.zip`. */
export function diagnosticsName(at: Date): string {
  const stamp = at.toISOString().slice(0, 16).replace('T', '-').replace(':', '');
  return `sallyport-diagnostics-${stamp}.zip`;
}

async function answer(
  control: ControlClient | null,
  ask: (client: ControlClient) => Promise<unknown>,
): Promise<string> {
  if (control === null) return 'No outpost was running.';
  try {
    const told = await ask(control);
    return typeof told === 'string' ? told : json(told);
  } catch (error) {
    return failureText(SallyportError.from(error, 'Asking the outpost').toFailure());
  }
}

async function logFiles(logDir: string | null): Promise<{ name: string; what: string; text: string }[]> {
  if (logDir === null) return [];
  const names = (await readdir(logDir).catch(() => [])).filter((name) =>
    /\.(?:log|jsonl)(?:\.\d+)?$/.test(name),
  );
  const dated = await Promise.all(
    names.map(async (name) => ({
      name,
      at: (await stat(join(logDir, name)).catch(() => null))?.mtimeMs ?? 0,
    })),
  );
  const newest = dated.sort((one, other) => other.at - one.at).slice(0, MAX_LOG_FILES);
  return Promise.all(
    newest.map(async ({ name }) => ({
      name: `log/${name}`,
      what: 'A log file',
      text: await endOf(join(logDir, name)),
    })),
  );
}

async function endOf(path: string): Promise<string> {
  try {
    const content = await readBoundedFile(path, MAX_READ_BYTES, path);
    return content.subarray(-MAX_LOG_FILE_BYTES).toString('utf8');
  } catch (error) {
    return failureText(SallyportError.from(error, path).toFailure());
  }
}

function replacerFor({ status, home, userName, machineName }: DiagnosticsSources): (text: string) => string {
  const replacer = new NameReplacer();
  if (status) replacer.knowStatus(status);
  replacer.know('name', machineName);
  if (userName !== 'root') replacer.know('user', userName);
  return (text) => replacer.replace(home.length > 1 ? text.split(home).join('~') : text);
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? 'null';
}

import { access, constants } from 'node:fs/promises';
import { SallyportError } from '../../errors.ts';
import { parseVersion } from '../version.ts';
import { versionArguments } from './arguments.ts';
import { type Engine, findEngine } from './engine.ts';
import { containerFailure, lastWords } from './failures.ts';
import { imageId } from './image.ts';

export interface ExamineOptions {
  readonly engine: string;
  readonly image: string;
  readonly imageFile: string | null;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

export interface Examined {
  /** Such as `Podman 4.3.1`. */
  readonly engine: string;
  /** Whether the image is on this host already. */
  readonly present: boolean;
  /** guacd's own, such as `1.6.0`; null where the image is not here, or guacd did not tell. */
  readonly version: string | null;
}

/** A container that does nothing but tell its version, engine's start and end included. */
const VERSION_MS = 30_000;

/**
 * Whether guacd could be run in a container here, without bringing anything here. Rejects with `guacd-container`, or
 * with `file-unreadable` where the image's file is needed and cannot be read.
 */
export async function examineContainer(options: ExamineOptions): Promise<Examined> {
  const { image, imageFile, environment, signal } = options;
  const engine = await findEngine({ engine: options.engine, environment, signal });
  const name = engine.version === null ? engine.name : `${engine.name} ${engine.version}`;
  const id = await imageId(engine, image, signal);
  if (id === null) {
    if (imageFile !== null) await readable(imageFile);
    return { engine: name, present: false, version: null };
  }
  return { engine: name, present: true, version: await versionOf(engine, id, options) };
}

async function versionOf(
  engine: Engine,
  id: string,
  { image, signal }: ExamineOptions,
): Promise<string | null> {
  const { code, stdout, stderr } = await engine.run(versionArguments(id), { signal, timeoutMs: VERSION_MS });
  if (code === 0) return parseVersion(`${stdout}\n${stderr}`);
  throw containerFailure(
    `${engine.name} could not run guacd out of ${image}: ${lastWords(stderr)}`,
    'The image needs /bin/sh and guacd; look whether another container runs here.',
  );
}

async function readable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw SallyportError.from(error, file, 'file-unreadable');
  }
}

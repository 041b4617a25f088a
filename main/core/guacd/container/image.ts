import type { Logger } from '../../base/logger.ts';
import { SallyportError } from '../../errors.ts';
import type { StartingStep } from '../../status.ts';
import type { Engine } from './engine.ts';
import { fetchEnvironment } from './environment.ts';
import { containerFailure, lastWords } from './failures.ts';

export interface ImageOptions {
  /** As the admin named it, such as `guacamole/guacd:1.6.0`. */
  readonly image: string;
  /** What `save` of an engine wrote, for sites that can fetch nothing; null fetches. */
  readonly imageFile: string | null;
  /** The outpost's own; only some of it is passed on. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onStep: (step: StartingStep | null) => void;
  readonly logger: Logger;
}

const INSPECT_MS = 20_000;
const LOAD_MS = 10 * 60_000;
const FETCH_MS = 30 * 60_000;

/** The identifier of an image that is on this host; null where it is not. Rejects as `runCommand` does. */
export async function imageId(engine: Engine, image: string, signal: AbortSignal): Promise<string | null> {
  const args = ['image', 'inspect', '--format', '{{.Id}}', image];
  const { code, stdout } = await engine.run(args, { signal, timeoutMs: INSPECT_MS });
  const id = stdout.trim().split('\n')[0] ?? '';
  return code === 0 && /^(sha256:)?[0-9a-f]{12,}$/.test(id) ? id : null;
}

/**
 * The identifier of the image, which is brought here where it is missing: out of its file where one is named, else from
 * where it is published. Rejects with `guacd-container`, which says how to get it here otherwise, or with `aborted`.
 */
export async function provideImage(engine: Engine, options: ImageOptions): Promise<string> {
  const { image, imageFile, signal, onStep } = options;
  const present = await imageId(engine, image, signal);
  if (present !== null) return present;
  onStep({ kind: imageFile === null ? 'fetching' : 'loading', image });
  try {
    if (imageFile === null) return await fetched(engine, options);
    return await loaded(engine, imageFile, options);
  } finally {
    onStep(null);
  }
}

async function loaded(engine: Engine, file: string, options: ImageOptions): Promise<string> {
  const { image, signal, logger } = options;
  logger.log('info', 'loading the image of guacd', { image, file });
  const args = ['load', '--input', file];
  const { code, stdout, stderr } = await attempt(engine.run(args, { signal, timeoutMs: LOAD_MS }), (why) =>
    notLoaded(engine, file, options, why),
  );
  if (code !== 0) throw notLoaded(engine, file, options, lastWords(stderr));
  const id = await imageId(engine, image, signal);
  if (id !== null) return id;
  const names = [...stdout.matchAll(/^Loaded image(?:\(s\)| ID)?: (.+)$/gm)].map(([, name = '']) => name);
  throw containerFailure(
    `${file} was loaded, but holds ${names.join(', ') || 'another image'} and not ${image}.`,
    'Set SALLYPORT_GUACD_IMAGE to the image that the file holds.',
  );
}

async function fetched(engine: Engine, options: ImageOptions): Promise<string> {
  const { image, environment, signal, logger } = options;
  logger.log('info', 'fetching the image of guacd', { image });
  const result = await attempt(
    engine.run(['pull', fetchName(engine, image)], {
      signal,
      timeoutMs: FETCH_MS,
      environment: {
        ...engine.environment,
        ...fetchEnvironment(environment),
        PATH: engine.environment['PATH'],
      },
      onLine: (line) => logger.log('debug', `${engine.name} printed`, { line }),
    }),
    (why) => notFetched(engine, image, why),
  );
  if (result.code !== 0) throw notFetched(engine, image, lastWords(result.stderr));
  const id = await imageId(engine, image, signal);
  if (id === null) throw notFetched(engine, image, 'it was fetched, but is not there.');
  return id;
}

/**
 * Docker completes a name without a registry with its own one. Podman asks its configuration, which on many systems
 * names none; with the transport before it, it completes the name as Docker does.
 */
function fetchName({ kind }: Engine, image: string): string {
  const [first = '', ...rest] = image.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return kind === 'podman' && !hasRegistry ? `docker://${image}` : image;
}

async function attempt<T>(running: Promise<T>, failure: (why: string) => SallyportError): Promise<T> {
  try {
    return await running;
  } catch (error) {
    const known = SallyportError.from(error);
    throw known.code === 'aborted' ? known : failure(known.message);
  }
}

function notFetched({ kind }: Engine, image: string, why: string): SallyportError {
  return containerFailure(
    `The image ${image} is not on this host and could not be fetched: ${why}`,
    `On a host that can fetch it: “${kind} pull ${image}” and “${kind} save --output guacd.tar ${image}”; bring the file here and set SALLYPORT_GUACD_IMAGE_FILE to its path.`,
  );
}

function notLoaded({ kind }: Engine, file: string, { image }: ImageOptions, why: string): SallyportError {
  return containerFailure(
    `The image ${image} could not be loaded from ${file}: ${why}`,
    `The file is what “${kind} save --output guacd.tar ${image}” writes; the outpost’s user must be able to read it.`,
  );
}

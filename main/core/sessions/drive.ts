import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../base/missing.ts';
import { Secret } from '../base/secret.ts';
import { type Failure, SallyportError } from '../errors.ts';
import type { SessionRequest } from './request.ts';

/** A folder of one session's own that guacd shows to the machine as a drive. */
export interface Drive {
  readonly path: string;
  remove(): Promise<void>;
}

/** Ours among what else may lie in a folder that an admin has chosen: only these are ever removed. */
const OWN_NAME = /^session-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Where sessions' drives lie while guacd runs on this machine: authentik asks for a place in `/tmp` that everyone
 * knows. Only this user may look inside, and nothing outlives its session.
 */
export class DriveFolder {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Removes what a killed outpost left behind. For the start, before any session. Resolves with why something
   * could not be removed; that is no reason not to start.
   */
  async sweep(): Promise<readonly Failure[]> {
    const failures: Failure[] = [];
    const note = (error: unknown, path: string) => {
      const { message } = SallyportError.from(error, path);
      failures.push({
        code: 'drive-failed',
        message: `A drive that was left behind could not be removed: ${message}`,
        advice: 'Files of an earlier session may lie there: remove it by hand.',
      });
    };
    let names: string[] = [];
    try {
      names = await readdir(this.#root);
    } catch (error) {
      if (!isMissing(error)) note(error, this.#root);
    }
    for (const name of names.filter((own) => OWN_NAME.test(own))) {
      const path = join(this.#root, name);
      await rm(path, { recursive: true, force: true }).catch((error: unknown) => note(error, path));
    }
    return failures;
  }

  /** Makes a new, empty drive. Rejects with `drive-failed`. */
  async create(): Promise<Drive> {
    const path = join(this.#root, `session-${randomUUID()}`);
    try {
      await mkdir(this.#root, { recursive: true, mode: 0o700 });
      await mkdir(path, { mode: 0o700 });
    } catch (error) {
      const { message } = SallyportError.from(error, `The folder ${path}`);
      throw new SallyportError('drive-failed', `The session’s drive could not be made: ${message}`, {
        cause: error,
      });
    }
    return { path, remove: () => rm(path, { recursive: true, force: true }) };
  }
}

/** Whether the session has a drive that guacd would look for on its own file system. */
export function wantsDrive(request: Pick<SessionRequest, 'protocol' | 'parameters'>): boolean {
  return request.parameters.has('drive-path') || showsEverything(request);
}

/** Whether guacd would show the machine its whole file system: that is what a drive without a path is to it. */
export function showsEverything({
  protocol,
  parameters,
}: Pick<SessionRequest, 'protocol' | 'parameters'>): boolean {
  const isEnabled = protocol === 'rdp' && parameters.get('enable-drive')?.reveal() === 'true';
  return isEnabled && (parameters.get('drive-path')?.reveal() ?? '') === '';
}

/** The parameters without a drive. */
export function withoutDrive(parameters: SessionRequest['parameters']): Map<string, Secret> {
  return new Map(parameters).set('enable-drive', new Secret('false'));
}

/** The parameters as guacd shall see them when its drive is `drive`. */
export function withDrive(parameters: SessionRequest['parameters'], drive: Drive): Map<string, Secret> {
  return new Map(parameters).set('drive-path', new Secret(drive.path));
}

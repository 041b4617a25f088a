import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MEMBERS_FOLDER, MEMBERS_METHODS, MEMBERS_SOCKET } from '../control/members.ts';
import { type ControlHandlers, ControlServer, type ControlServerOptions } from '../control/server.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import { groupId } from './system-group.ts';

export interface MembersDoorOptions extends Pick<ControlServerOptions, 'logger' | 'tickets'> {
  /** Of this system, by name. */
  readonly group: string;
  readonly handlers: ControlHandlers;
  /** A test brings its own; else the one place where clients look. */
  readonly path?: string;
}

/** A second control socket, for the members of a group: the system itself looks at who they are. */
export class MembersDoor {
  readonly #server: ControlServer | null;
  /** Why members cannot come in. */
  readonly problem: Failure | null;

  private constructor(server: ControlServer | null, problem: Failure | null) {
    this.#server = server;
    this.problem = problem;
  }

  /** Never rejects: an outpost without this door does everything else. */
  static async open({ group, path = MEMBERS_SOCKET, ...options }: MembersDoorOptions): Promise<MembersDoor> {
    const id = await groupId(group);
    if (id === null)
      return new MembersDoor(null, {
        code: 'settings-invalid',
        message: `The group “${group}” (offline.group) does not exist on this system: nobody but the admin of this outpost may open sessions here.`,
        advice: `Make it with \`groupadd ${group}\` and restart the outpost, or name another one.`,
      });
    try {
      // systemd makes it for a service; root makes it itself, and who is neither has no door.
      if (process.getuid?.() === 0) await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      const server = await ControlServer.listen({
        ...options,
        path,
        groupId: id,
        methods: MEMBERS_METHODS,
      });
      return new MembersDoor(server, null);
    } catch (error) {
      const { message } = SallyportError.from(error, path);
      return new MembersDoor(null, {
        code: 'listen-failed',
        message: `Members of the group “${group}” cannot open sessions here: ${message}`,
        advice: `Give the service \`RuntimeDirectory=${MEMBERS_FOLDER.slice('/run/'.length)}\`, \`RuntimeDirectoryMode=0755\` and \`SupplementaryGroups=${group}\`, and restart it.`,
      });
    }
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }
}

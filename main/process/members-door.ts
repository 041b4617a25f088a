import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  MEMBERS_FOLDER,
  MEMBERS_METHODS,
  MEMBERS_SOCKET,
  type Member,
  proofFolder,
} from '../control/members.ts';
import { Proofs } from '../control/proofs.ts';
import { type ControlHandlers, ControlServer, type ControlServerOptions } from '../control/server.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import { groupId, memberOf } from './system-group.ts';

export interface MembersDoorOptions extends Pick<ControlServerOptions, 'logger' | 'tickets'> {
  /** Of this system, by name. */
  readonly group: string;
  readonly handlers: ControlHandlers;
  /** A test brings its own; else the one place where clients look. */
  readonly path?: string;
  /** Who a user of this system is, and whether they may come in; as `memberOf`, where a test brings no other. */
  readonly member?: (uid: number) => Promise<Member>;
}

/**
 * A second control socket, for the members of a group: the system itself looks at who may connect, and each shows who
 * they are by a file that nobody else can have made.
 */
export class MembersDoor {
  readonly #server: ControlServer | null;
  /** Why members cannot come in. */
  readonly problem: Failure | null;

  private constructor(server: ControlServer | null, problem: Failure | null) {
    this.#server = server;
    this.problem = problem;
  }

  /** Never rejects: an outpost without this door does everything else. */
  static async open({
    group,
    path = MEMBERS_SOCKET,
    member = (uid) => memberOf(group, uid),
    ...options
  }: MembersDoorOptions): Promise<MembersDoor> {
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
      const proofs = new Proofs(proofFolder(path));
      const server = await ControlServer.listen({
        ...options,
        path,
        methods: MEMBERS_METHODS,
        gate: { groupId: id, identify: async (ask) => member(await proofs.uidOf(ask)) },
      });
      try {
        // Not before it is sure that no other outpost has the door.
        await proofs.begin(id);
      } catch (error) {
        await server.close();
        throw error;
      }
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

import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  MEMBERS_FOLDER,
  MEMBERS_METHODS,
  MEMBERS_SOCKET,
  type Member,
  proofFolder,
} from '../control/members.ts';
import { Proofs } from '../control/proofs.ts';
import type { ControlHandlers } from '../control/requests.ts';
import { type ControlLimits, ControlServer, type ControlServerOptions } from '../control/server.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import type { MembersSessions } from './members-sessions.ts';
import { MembersWatch } from './members-watch.ts';
import { groupId, memberOf, wasTakenOut } from './system-group.ts';

/** How often it is looked whether those who are in still belong there, in milliseconds. */
const LOOK_MS = 60_000;

/** Less than the admin may leave unread, for they are many. A page of machines fits twice. */
const LIMITS: Partial<ControlLimits> = { queuedBytes: 8 * 1024 * 1024 };

export interface MembersDoorOptions extends Pick<ControlServerOptions, 'logger' | 'tickets'> {
  /** Of this system, by name. */
  readonly group: string;
  readonly handlers: ControlHandlers;
  /** A test brings its own; else the one place where clients look. */
  readonly path?: string;
  readonly sessions: MembersSessions;
  /** Who a user of this system is, and whether they may come in; as `memberOf`, where a test brings no other. */
  readonly member?: (uid: number) => Promise<Member>;
  /** Whether a member has been taken out of the group; as `wasTakenOut`, where a test brings no other. */
  readonly isOut?: (uid: number) => Promise<boolean>;
  readonly lookMs?: number;
}

/**
 * A second control socket, for the members of a group: the system itself looks at who may connect, and each shows who
 * they are by a file that nobody else can have made.
 */
export class MembersDoor {
  readonly #end: () => Promise<void>;
  /** Why members cannot come in. */
  readonly problem: Failure | null;

  private constructor(problem: Failure | null, end: () => Promise<void> = async () => {}) {
    this.problem = problem;
    this.#end = end;
  }

  /** Never rejects: an outpost without this door does everything else. */
  static async open({
    group,
    path = MEMBERS_SOCKET,
    member = (uid) => memberOf(group, uid),
    isOut = (uid) => wasTakenOut(group, uid),
    lookMs = LOOK_MS,
    sessions,
    ...options
  }: MembersDoorOptions): Promise<MembersDoor> {
    const id = await groupId(group);
    if (id === null)
      return new MembersDoor({
        code: 'settings-invalid',
        message: `The group “${group}” (offline.group) does not exist on this system: nobody but the admin of this outpost may open sessions here.`,
        advice: `Make it with \`groupadd ${group}\` and restart the outpost, or name another one.`,
      });
    try {
      // systemd makes it for a service; root makes it itself, and who is neither has no door.
      if (process.getuid?.() === 0) await makeOpenFolder(dirname(path));
      const proofs = new Proofs(proofFolder(path));
      const server = await ControlServer.listen({
        ...options,
        path,
        methods: MEMBERS_METHODS,
        limits: LIMITS,
        gate: { groupId: id, uidOf: (ask) => proofs.uidOf(ask), member },
      });
      try {
        // Not before it is sure that no other outpost has the door.
        await proofs.begin(id);
      } catch (error) {
        await server.close();
        throw error;
      }
      const watch = new MembersWatch({
        connected: () => server.members,
        dismiss: (uid) => server.dismiss(uid),
        sessions,
        isOut,
        everyMs: lookMs,
        logger: options.logger.child('members'),
      });
      return new MembersDoor(null, async () => {
        watch.end();
        await server.close();
        await proofs.end();
      });
    } catch (error) {
      const { message } = SallyportError.from(error, path);
      return new MembersDoor({
        code: 'listen-failed',
        message: `Members of the group “${group}” cannot open sessions here: ${message}`,
        advice: `Give the service \`RuntimeDirectory=${MEMBERS_FOLDER.slice('/run/'.length)}\`, \`RuntimeDirectoryMode=0755\` and \`SupplementaryGroups=${group}\`, and restart it.`,
      });
    }
  }

  async close(): Promise<void> {
    await this.#end();
  }
}

/** That everybody may enter, whatever the umask; one that is there stays as it is. */
async function makeOpenFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made !== undefined) await chmod(path, 0o755);
}

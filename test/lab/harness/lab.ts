import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lifetime } from '../../../main/core/base/lifetime.ts';
import { Ring } from '../../../main/core/base/ring.ts';
import type { EndedSession, OutpostStatus } from '../../../main/core/status.ts';
import type { PracticeBrowser } from '../../../practice/authentik/browser.ts';
import type { OpenSessionOptions, PracticeAuthentik } from '../../../practice/authentik/server.ts';
import { type UntilOptions, until } from '../../../practice/authentik/until.ts';
import type { Machine, MachineProtocol } from '../../../practice/machines/machine.ts';
import { eventually } from '../../../practice/run/eventually.ts';
import type { RunningOutpost } from '../../../practice/run/outpost.ts';
import { untilOnline } from '../../../practice/run/outpost-online.ts';
import { Practice, type PracticeOptions } from '../../../practice/run/practice.ts';

export { eventually };

export const DIST = join(import.meta.dirname, '..', '..', '..', 'dist');

export interface LabOptions extends Pick<PracticeOptions, 'authentik' | 'machines'> {
  /** What runs the outpost's bundle: Node unless told. Variables that it needs go into `environment`. */
  readonly runtime?: string;
  /** Variables of the outpost, such as `SALLYPORT_SESSIONS`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether an outpost is started; one unless told. Without, somebody else brings one. */
  readonly outpost?: boolean;
}

export interface LabSessionOptions extends OpenSessionOptions {
  /** Which of the machine's ways in, such as `key`; the usual one unless told. */
  readonly login?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Real machines, a practice authentik and the built outpost as a process of its own, for tests.
 *
 *     const lab = await Lab.start({ authentik: { generation: 'older' } });
 *     const browser = await lab.open('ssh');
 *     browser.type('echo hello > file\n');
 *     await lab.stop();
 */
export class Lab {
  readonly practice: Practice;
  readonly #lifetime: Lifetime;
  readonly #log: Ring<string>;
  #outpost: RunningOutpost | undefined;
  readonly #browsers = new Set<PracticeBrowser>();

  private constructor(practice: Practice, lifetime: Lifetime, log: Ring<string>) {
    this.practice = practice;
    this.#lifetime = lifetime;
    this.#log = log;
  }

  /** Resolves when sessions can go through. Rejects in words, and with nothing left, where that does not happen. */
  static async start({ runtime, environment, outpost = true, ...options }: LabOptions = {}): Promise<Lab> {
    const bundle = join(DIST, 'outpost.cjs');
    if (!existsSync(bundle)) throw new Error('The outpost is not built. Build it first: npm run build');
    const lifetime = new Lifetime();
    try {
      const base = await mkdtemp(join(tmpdir(), 'sallyport-lab-'));
      lifetime.add(() => rm(base, { recursive: true, force: true }));
      const log = new Ring<string>(10_000);
      const practice = await Practice.start({
        ...options,
        base,
        authentik: { pageDirectory: join(DIST, 'practice-page'), ...options.authentik },
        outpost: {
          command: [runtime ?? process.execPath, bundle],
          log: (line) => log.push(line),
          // Who leaves has left: a session that waits for somebody is another test's business.
          environment: { SALLYPORT_HOLD_SECONDS: '0', ...environment },
        },
      });
      lifetime.add(() => practice.stop());
      const lab = new Lab(practice, lifetime, log);
      lifetime.add(() => lab.stopOutpost());
      if (outpost) await lab.startOutpost();
      return lab;
    } catch (error) {
      await lifetime.end();
      throw error;
    }
  }

  get authentik(): PracticeAuthentik {
    return this.practice.authentik;
  }

  get isRunning(): boolean {
    return this.#outpost !== undefined;
  }

  /** The outpost process that runs now. */
  get outpost(): RunningOutpost {
    if (!this.#outpost) throw new Error('The outpost does not run.');
    return this.#outpost;
  }

  /** What all outpost processes have written, as JSON, the newest 10 000 lines. */
  get log(): readonly string[] {
    return this.#log.toArray();
  }

  /** Throws with what to install where the machine could not be started. */
  machine(protocol: MachineProtocol): Machine {
    const { machines, missing } = this.practice.machines;
    const found = machines.find((machine) => machine.protocol === protocol);
    if (found) return found;
    const reason = missing.find((machine) => machine.protocol === protocol)?.reason;
    throw new Error(reason ?? `This lab was started without ${protocol}.`);
  }

  /** A browser with a session on a machine; `parameters` are beside, or instead of, those of the way in. */
  async open(
    protocol: MachineProtocol,
    { login, parameters, ...options }: LabSessionOptions = {},
  ): Promise<PracticeBrowser> {
    const { name, parameters: usual, logins } = this.machine(protocol);
    const own = login === undefined ? usual : logins[login];
    if (own === undefined) throw new Error(`${name} has no way in that is called “${login}”.`);
    const machine = { name, protocol, parameters: { ...own, ...parameters } };
    const browser = await this.authentik.openSession(machine, options);
    this.#browsers.add(browser);
    void browser.ended.then(() => this.#browsers.delete(browser));
    return browser;
  }

  /** Closes every browser that is still open, so that a test leaves none to the next. */
  closeBrowsers(): void {
    for (const browser of this.#browsers) browser.kill();
  }

  status(): Promise<OutpostStatus> {
    return this.outpost.control.request('status', {});
  }

  /** Resolves with the first status that `look` is content with. */
  async untilStatus(
    look: (status: OutpostStatus) => boolean,
    options?: UntilOptions,
  ): Promise<OutpostStatus> {
    const { control } = this.outpost;
    let latest: OutpostStatus | undefined;
    const changed = (hear: () => void) =>
      control.on('status/changed', (status) => {
        latest = status;
        hear();
      });
    const [found] = await Promise.all([
      until(() => latest !== undefined && look(latest) && latest, changed, options),
      control.request('status/subscribe', {}).then((status) => {
        latest ??= status;
      }),
    ]);
    return found;
  }

  /** Resolves with how the newest session of `user` ended, when nothing of it is left. */
  async untilEnded(user: string): Promise<EndedSession> {
    const ended = ({ sessions, history }: OutpostStatus) =>
      sessions.some((session) => session.user === user)
        ? undefined
        : history.find((session) => session.user === user);
    const status = await this.untilStatus((latest) => ended(latest) !== undefined);
    const found = ended(status);
    if (!found) throw new Error(`${user} has no session that ended.`);
    return found;
  }

  /** Resolves when the outpost has written a line with `text` in it, behind the first `from` lines of the log. */
  untilLog(text: string, from = 0): Promise<void> {
    return eventually(() => this.log.slice(from).some((line) => line.includes(text)));
  }

  /** Starts an outpost with the state of the one before, and waits until sessions can go through, unless told. */
  async startOutpost({ online = true }: { readonly online?: boolean } = {}): Promise<RunningOutpost> {
    this.#outpost = await this.practice.startOutpost();
    if (online) await untilOnline(this.#outpost);
    return this.#outpost;
  }

  /** Ends the outpost as a service manager does; nothing where it does not run. */
  async stopOutpost(): Promise<void> {
    const outpost = this.#outpost;
    this.#outpost = undefined;
    await outpost?.stop();
  }

  /** Ends everything and removes every folder. */
  stop(): Promise<void> {
    return this.#lifetime.end();
  }
}

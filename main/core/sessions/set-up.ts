import type { Logger } from '../base/logger.ts';
import type { Secret } from '../base/secret.ts';
import type { Failure } from '../errors.ts';
import { SallyportError } from '../errors.ts';
import type { HandshakeOptions, ProtocolVersion } from '../guacamole/handshake.ts';
import type { ConnectOptions, GuacdConnection } from '../guacd/guacd.ts';
import { CERTIFICATE_NEED, withCertificate } from '../ssh/agent-login.ts';
import type { Admission, Admit, OtherSessions } from './admission.ts';
import { type DriveFolder, showsEverything, wantsDrive, withDrive, withoutDrive } from './drive.ts';
import type { SessionRequest } from './request.ts';
import { harmless, type OpenTap, type Tap } from './tap.ts';
import type { Ending } from './words.ts';

/** Dials guacd; see `Guacd.connect`. */
export type Connect = (
  handshake: HandshakeOptions,
  signal: AbortSignal,
  options?: ConnectOptions,
) => Promise<GuacdConnection>;

/** A connection that guacd holds already. */
export interface RunningConnection {
  readonly id: string;
  /** The guacd that holds it, `host:port`. */
  readonly address: string;
}

export interface SetUpOptions {
  readonly request: SessionRequest;
  /** Joins this one instead of making a new one. */
  readonly join: RunningConnection | null;
  readonly admit: Admit;
  readonly sessions: OtherSessions;
  readonly openTap: OpenTap;
  readonly connect: Connect;
  /** Where the session's drive goes; null where guacd has a file system of its own. */
  readonly drives: DriveFolder | null;
  readonly version: ProtocolVersion;
  readonly timezone: string;
  readonly logger: Logger;
  readonly conceal: (secret: Secret) => () => void;
  /** Told before guacd is dialled. */
  readonly onAdmitted: (admission: Admission) => void;
  readonly onDrive: (path: string) => void;
  readonly onTapFailed: (failure: Failure) => void;
}

/** Guacamole's parameters that hold a secret, and what an admin would call one of his own. */
const SECRET_NAME = /pass|private-key|public-key|secret|token|credential/i;

/** guacd's side of a session, from the request to `ready`; and what of it must be tidied up at the end. */
export class SetUp {
  readonly #options: SetUpOptions;
  /** What takes the session's secrets off the log's list again. */
  readonly #concealed: (() => void)[] = [];
  #removeDrive: () => Promise<void> = async () => {};
  #tap: Tap | null = null;

  constructor(options: SetUpOptions) {
    this.#options = options;
    this.#conceal(options.request.parameters);
  }

  /** Null where nobody listens, or nobody yet. */
  get tap(): Tap | null {
    return this.#tap;
  }

  /** Rejects with `Refused` where the session is not let in, else with whatever failed. */
  async run(signal: AbortSignal): Promise<GuacdConnection> {
    const { connect, join, onDrive, onAdmitted, openTap, drives, onTapFailed } = this.#options;
    const admission = await this.#admit(signal);
    onAdmitted(admission);
    refuseAborted(signal);
    const { request } = admission;
    let { parameters } = request;
    if (parameters !== this.#options.request.parameters) this.#conceal(parameters);
    if (request.agentLogin) {
      this.#conceal(new Map([['token', request.agentLogin.token]]));
      parameters = await withCertificate(parameters, request.agentLogin);
      this.#conceal(parameters);
    }
    if (drives && !join && wantsDrive(request)) {
      const drive = await drives.create();
      this.#removeDrive = drive.remove;
      parameters = withDrive(parameters, drive);
      onDrive(drive.path);
    } else if (!join && showsEverything(request)) parameters = withoutDrive(parameters);
    const tap = join ? null : await openTap(request, admission, onTapFailed);
    if (tap) this.#tap = harmless(tap, onTapFailed);
    const handshake = this.#handshake(request, parameters);
    refuseAborted(signal);
    const address = join?.address ?? request.guacd;
    return connect(handshake, signal, address === undefined ? {} : { address });
  }

  /** Ends the tap and removes the drive; resolves with the recording's id. */
  async tidy(how: Ending): Promise<string | null> {
    const { logger } = this.#options;
    const recording = await this.#tap?.end(how).catch((error: unknown) => {
      logger.log('warning', 'A session’s recording could not be finished', { error });
      return null;
    });
    await this.#removeDrive().catch((error: unknown) =>
      logger.log('warning', 'A session’s drive could not be removed', { error }),
    );
    for (const reveal of this.#concealed) reveal();
    return recording ?? null;
  }

  async #admit(signal: AbortSignal): Promise<Admission> {
    const { admit, request, sessions } = this.#options;
    try {
      return await admit(request, sessions, signal);
    } catch (error) {
      throw signal.aborted ? error : new Refused(error);
    }
  }

  #handshake(request: SessionRequest, parameters: SessionRequest['parameters']): HandshakeOptions {
    const { join, version, timezone } = this.#options;
    return {
      select: join?.id ?? request.protocol,
      display: request.display,
      parameters: new Map([...parameters].map(([name, value]) => [name, value.reveal()])),
      version,
      timezone,
      name: request.user,
      ...(request.agentLogin && { need: CERTIFICATE_NEED }),
    };
  }

  #conceal(parameters: SessionRequest['parameters']): void {
    for (const [name, secret] of parameters)
      if (SECRET_NAME.test(name)) this.#concealed.push(this.#options.conceal(secret));
  }
}

/** Deciding and making ready take turns of the loop, in which the session may have ended. */
function refuseAborted({ aborted }: AbortSignal): void {
  if (aborted) throw new SallyportError('aborted', 'The session was ended.');
}

/** What says no to a session is not what fails in it. */
export class Refused extends Error {
  constructor(cause: unknown) {
    super('The session was refused.', { cause });
  }
}

import { randomUUID } from 'node:crypto';
import { Secret } from '../base/secret.ts';
import { SallyportError } from '../errors.ts';
import type { Display } from '../guacamole/handshake.ts';
import { GuacamoleStatus } from '../guacamole/status.ts';
import { type AgentLogin, takeAgentLogin } from '../ssh/agent-login.ts';
import type { SessionStatus } from '../status.ts';

/** What was asked for, decoded. Values of parameters are secrets, all of them: nobody knows which an admin made up. */
export interface SessionRequest {
  /** Our own; authentik sends none. */
  readonly id: string;
  /** What else authentik has called it, for when it says that this has ended. */
  readonly names: readonly string[];
  readonly source: SessionStatus['source'];
  readonly protocol: string;
  readonly parameters: ReadonlyMap<string, Secret>;
  /** Where authentik's agent on the machine decides who logs in; it is not among the parameters. */
  readonly agentLogin: AgentLogin | null;
  readonly display: Display;
  readonly user: string | null;
  /** Who came in by the door for members: their number among this system's users. */
  readonly member?: number;
  readonly machine: string;
  /** The machine of this host's address book; left out where it is none of those. */
  readonly machineId?: string;
  /** With the source `watch`: the id of the session that is watched. */
  readonly watching?: string;
  /** The guacd that a machine of this host asks for, `host:port`. */
  readonly guacd?: string;
  /** The id of the request by which somebody came back to it last. */
  readonly resumedAs?: string;
}

/** A session that is asked for. */
export interface Opening {
  readonly request: SessionRequest;
  /**
   * Where `request` may only go on with a session, and open none: asked for one that may, where there is nothing to go
   * on with any more. A rejection is told to the person.
   */
  readonly anew?: () => Promise<SessionRequest>;
}

/** What a person at this host wants to open. */
export interface LocalWish {
  /** The session's; a new one where left out. */
  readonly id?: string;
  readonly protocol: string;
  readonly parameters: SessionRequest['parameters'];
  readonly display: Display;
  /** Who it is, as far as this host knows. */
  readonly user: string | null;
  readonly member?: number;
  /** What it is called in lists; null: where the parameters say that it is. */
  readonly machine: string | null;
  readonly machineId: string | null;
  /** The guacd to go through, `host:port`; left out: whichever is best. */
  readonly guacd?: string | undefined;
}

export const UNNAMED_MACHINE = 'unnamed machine';

const MAX_PARAMETERS = 512;
const MAX_NAME_LENGTH = 256;
const MAX_VALUE_BYTES = 32_768;
const DEFAULT_AUDIO = ['audio/L8', 'audio/L16'];

/** The parts of instruction 3's `args` that say what to open. Everything may be missing or of any type. */
export interface RawRequest {
  readonly protocol?: unknown;
  readonly params?: unknown;
  readonly screen_width?: unknown;
  readonly screen_height?: unknown;
  readonly screen_dpi?: unknown;
  readonly audio?: unknown;
  readonly conn_id?: unknown;
  readonly session_id?: unknown;
}

/** Throws `request-invalid` with a sentence for the person in the browser. */
export function decodeRequest(raw: RawRequest): SessionRequest {
  const protocol = decodeProtocol(
    raw.protocol,
    'authentik did not say which protocol to use',
    'Check the endpoint in authentik.',
  );
  const { parameters, login } = takeAgentLogin(protocol, decodeParameters(raw.params));
  return {
    id: randomUUID(),
    names: [raw.conn_id, raw.session_id].filter(isUsableName),
    source: 'authentik',
    protocol,
    parameters,
    agentLogin: login,
    display: {
      width: pixels(raw.screen_width, 1024, 16_384),
      height: pixels(raw.screen_height, 768, 16_384),
      dpi: pixels(raw.screen_dpi, 96, 2_400),
      audio: audioTypes(raw.audio),
    },
    user: userOf(parameters),
    machine: machineOf(parameters),
  };
}

/** A session that is opened at this host. Throws `request-invalid` as `decodeRequest` does. */
export function localRequest({ protocol, parameters, display, ...who }: LocalWish): SessionRequest {
  const { width, height, dpi, audio } = display;
  return {
    id: who.id ?? randomUUID(),
    names: [],
    source: 'local',
    protocol: decodeProtocol(protocol, 'its protocol has no usable name', 'Check the machine’s protocol.'),
    parameters: decodeParameters(
      Object.fromEntries([...parameters].map(([name, value]) => [name, value.reveal()])),
    ),
    agentLogin: null,
    display: {
      width: pixels(width, 1024, 16_384),
      height: pixels(height, 768, 16_384),
      dpi: pixels(dpi, 96, 2_400),
      audio: audioTypes(audio),
    },
    user: who.user === null ? null : printable(who.user),
    machine: who.machine === null ? machineOf(parameters) : printable(who.machine),
    ...(who.member !== undefined && { member: who.member }),
    ...(who.machineId !== null && { machineId: who.machineId }),
    ...(who.guacd !== undefined && { guacd: who.guacd }),
  };
}

/** A view of the session `watched`, which goes on as it is. */
export function watchRequest(
  watched: SessionRequest,
  { user, display }: Pick<SessionRequest, 'user' | 'display'>,
): SessionRequest {
  // Theirs is the session, not the view of it.
  const { member: _, ...shown } = watched;
  return {
    ...shown,
    id: randomUUID(),
    names: [],
    source: 'watch',
    watching: watched.id,
    // What guacd still takes of them when somebody joins.
    parameters: new Map([['read-only', new Secret('true')]]),
    agentLogin: null,
    display,
    user: user === null ? null : printable(user),
  };
}

function decodeProtocol(protocol: unknown, why: string, advice: string): string {
  if (typeof protocol === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(protocol)) return protocol;
  throw invalid(why, advice);
}

function isUsableName(raw: unknown): raw is string {
  return typeof raw === 'string' && raw !== '' && raw.length <= MAX_NAME_LENGTH;
}

function decodeParameters(raw: unknown): Map<string, Secret> {
  const parameters = new Map<string, Secret>();
  if (raw === undefined || raw === null) return parameters;
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    throw invalid('the connection parameters are not a table of names and values');
  }
  const entries = Object.entries(raw);
  if (entries.length > MAX_PARAMETERS) {
    throw invalid(`there are ${entries.length} connection parameters, more than ${MAX_PARAMETERS}`);
  }
  for (const [name, value] of entries) {
    if (name === '' || name.length > MAX_NAME_LENGTH) {
      throw invalid(`a connection parameter’s name is empty or longer than ${MAX_NAME_LENGTH} characters`);
    }
    const text = parameterText(value);
    if (text === undefined) continue;
    if (Buffer.byteLength(text) > MAX_VALUE_BYTES) {
      throw invalid(`the connection parameter “${printable(name)}” is longer than ${MAX_VALUE_BYTES} bytes`);
    }
    parameters.set(name, new Secret(text));
  }
  return parameters;
}

/** Admins write `port: 22` and `ignore-cert: true` into property mappings; guacd wants text. */
function parameterText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** A whole number of pixels from what a browser measured, which may be fractional, missing or nonsense. */
function pixels(raw: unknown, fallback: number, most: number): number {
  const number =
    typeof raw === 'number'
      ? raw
      : typeof raw === 'string' && raw.length < 32
        ? Number.parseFloat(raw)
        : Number.NaN;
  if (!Number.isFinite(number) || number < 1) return fallback;
  return Math.min(most, Math.round(number));
}

function audioTypes(raw: unknown): readonly string[] {
  const listed = (Array.isArray(raw) ? raw : typeof raw === 'string' ? raw.split(/[\s,]+/) : [])
    .filter((type): type is string => typeof type === 'string' && /^audio\/[\w.+;=-]{1,64}$/.test(type))
    .slice(0, 16);
  return listed.length > 0 ? listed : DEFAULT_AUDIO;
}

/** authentik puts `authentik - <user name>` into `client-name`: the only hint of who it is. */
function userOf(parameters: ReadonlyMap<string, Secret>): string | null {
  const name = /^authentik - (.+)$/s.exec(parameters.get('client-name')?.reveal() ?? '')?.[1];
  return name === undefined ? null : printable(name);
}

function machineOf(parameters: ReadonlyMap<string, Secret>): string {
  const host = parameters.get('hostname')?.reveal() ?? '';
  const port = parameters.get('port')?.reveal() ?? '';
  if (host === '') return UNNAMED_MACHINE;
  return printable(port === '' ? host : host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
}

/** Fit for a list, a menu and a log line. */
/** Safe to be shown, in one line. */
export function printable(text: string): string {
  // Cut first: half a surrogate pair at the cut is replaced as well.
  return text.slice(0, 256).replace(/\p{C}/gu, '\uFFFD');
}

function invalid(why: string, advice?: string): SallyportError {
  return new SallyportError('request-invalid', `The session cannot be opened: ${why}.`, {
    advice,
    status: GuacamoleStatus.badRequest,
  });
}

import { SallyportError } from '../errors.ts';
import { isVersion } from '../guacamole/handshake.ts';
import { addressText, type GuacdAddress } from './address.ts';
import { Conversation } from './conversation.ts';
import { pause } from './pause.ts';
import { cancelled, openSocket } from './socket.ts';

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** How long all of it may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Asked for in turn: a guacd need not have every plugin. */
const PROTOCOLS = ['ssh', 'vnc', 'rdp'] as const;
/** The answer to `select` is a list of names: far below this. */
const MAX_ANSWER_BYTES = 32_768;
/** How long guacd's end of a probe is waited for, in milliseconds. */
const TIDY_MS = 500;

/**
 * The first half of a handshake: whether guacd answers, and the version of Guacamole's protocol that it names
 * (`VERSION_1_0_0` where it names none, as guacd did before 1.1).
 *
 * Rejects with what `openSocket` gives, `guacd-timeout`, `guacd-protocol` or `aborted`. Leaves nothing open.
 */
export async function probeGuacd(
  address: GuacdAddress,
  { signal, timeoutMs }: ProbeOptions,
): Promise<string> {
  const until = Date.now() + timeoutMs;
  for (const protocol of PROTOCOLS) {
    const version = await ask(address, protocol, { signal, timeoutMs: Math.max(1, until - Date.now()) });
    if (version !== null) return version;
  }
  throw new SallyportError(
    'guacd-protocol',
    `What listens at ${addressText(address)} closes without an answer.`,
    {
      advice: 'Is it guacd, with a plugin for SSH, VNC or RDP, and do both sides agree on TLS?',
    },
  );
}

/** The version; null where guacd closed instead of answering. */
async function ask(address: GuacdAddress, protocol: string, options: ProbeOptions): Promise<string | null> {
  const { signal, timeoutMs } = options;
  const place = addressText(address);
  const begun = Date.now();
  const socket = await openSocket(address, options);
  const talk = new Conversation(socket, MAX_ANSWER_BYTES);
  const onAbort = () => talk.fail(cancelled(place));
  const timer = setTimeout(
    () => {
      const message = `guacd at ${place} accepts connections, but did not answer within ${timeoutMs / 1000} s.`;
      talk.fail(new SallyportError('guacd-timeout', message));
    },
    Math.max(0, timeoutMs - (Date.now() - begun)),
  );
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) throw cancelled(place);
    talk.say(['select', protocol]);
    const instruction = await talk.next();
    if (instruction === null) return null;
    const [opcode, first] = instruction;
    if (opcode !== 'args')
      throw new SallyportError('guacd-protocol', `What listens at ${place} is not guacd.`);
    // guacd's process for this connection would wait 15 s for the rest; what it cannot read ends it at once.
    socket.end(';');
    // A session that begins while guacd tidies up behind another may be cut off; see `managed.ts`.
    await closed(talk);
    return isVersion(first) ? first : 'VERSION_1_0_0';
  } catch (error) {
    const failure = SallyportError.from(error);
    if (!failure.code.startsWith('instruction-')) throw failure;
    throw new SallyportError('guacd-protocol', `What listens at ${place} does not speak like guacd.`, {
      advice: 'Check the address and port of guacd.',
      cause: failure,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    talk.letGo();
    // A farewell has been handed to the system by now, or waits for a peer that does not read.
    if (socket.writableLength === 0) socket.destroySoon();
    else socket.destroy();
  }
}

/** Resolves when the other end has closed, or after a while. */
async function closed(talk: Conversation): Promise<void> {
  const heard = new AbortController();
  const hear = () => heard.abort();
  talk.next().then(hear, hear);
  await pause(TIDY_MS, heard.signal);
}

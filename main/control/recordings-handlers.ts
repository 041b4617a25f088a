import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Logger } from '../core/base/logger.ts';
import { type Failure, SallyportError } from '../core/errors.ts';
import type { OpenedRecording, RECORDINGS_REQUESTS, RecordingsDesk } from './recordings-schema.ts';
import type { ControlHandlers } from './requests.ts';
import { TICKET_LIMITS, type Tickets } from './tickets.ts';

/** Streams whose outcome nobody has asked for yet. */
const MAX_OUTCOMES = 64;

/** The contract's requests about recordings; they are read over streams of their own. */
export function recordingsHandlers(
  desk: RecordingsDesk,
  tickets: Tickets,
  logger: Logger,
): Pick<ControlHandlers, keyof typeof RECORDINGS_REQUESTS> {
  const outcomes = new Map<string, Promise<Failure | null>>();
  return {
    'recordings/list': (filter) => desk.list(filter),
    'recordings/open': async ({ id, purpose }) => {
      const opened = await desk.open(id, purpose);
      // A ticket that nobody brings must not keep the file open.
      const unused = setTimeout(() => void opened.close(), TICKET_LIMITS.validMs + 1_000);
      unused.unref();
      try {
        const ticket = tickets.issue('recording', null, (socket) => {
          clearTimeout(unused);
          const [oldest] = outcomes.keys();
          if (oldest !== undefined && outcomes.size >= MAX_OUTCOMES) outcomes.delete(oldest);
          outcomes.set(ticket, send(opened, socket, logger));
        });
        return { recording: opened.recording, ticket };
      } catch (error) {
        clearTimeout(unused);
        await opened.close();
        throw error;
      }
    },
    'recordings/outcome': async ({ ticket }) => {
      const outcome = outcomes.get(ticket);
      outcomes.delete(ticket);
      if (outcome === undefined)
        throw new SallyportError('ticket-invalid', 'Nothing is read with that ticket.');
      return { failure: await outcome };
    },
    'recordings/remove': async ({ id }) => {
      await desk.remove(id);
      return {};
    },
  };
}

/** As fast as the other end takes it; ends where it goes away. Resolves with why it ended early. Never rejects. */
async function send(opened: OpenedRecording, socket: Socket, logger: Logger): Promise<Failure | null> {
  const gone = new AbortController();
  socket.on('error', () => {}); // `close` follows and says it.
  socket.once('close', () => gone.abort());
  socket.resume();
  try {
    for await (const bytes of opened.read()) {
      if (gone.signal.aborted) return null;
      if (!socket.write(bytes)) await once(socket, 'drain', { signal: gone.signal });
    }
    return null;
  } catch (error) {
    if (gone.signal.aborted) return null;
    logger.log('warning', 'A recording could not be read to its end', {
      recording: opened.recording.id,
      error,
    });
    return SallyportError.from(error, 'The recording', 'recording-unreadable').toFailure();
  } finally {
    socket.end();
    await opened.close();
  }
}

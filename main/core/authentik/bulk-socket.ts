import { setTimeout as delay } from 'node:timers/promises';
import { SallyportError } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';
import { openWebSocket, type WebSocketOptions } from './websocket.ts';
import type { AuthentikSocket } from './websocket-socket.ts';

export interface BulkDialOptions extends WebSocketOptions {
  readonly signal: AbortSignal;
  /** How often it is tried, and the pause between, in milliseconds. */
  readonly retry?: { readonly attempts: number; readonly pauseMs: number };
}

/**
 * authentik refuses the websocket until it has noted our answer to the request for the transfer, so the first
 * attempts may fail. Source: the reference outpost.
 */
export const BULK_RETRY = { attempts: 20, pauseMs: 250 } as const;
/** Longest piece of a file in one message, in bytes. */
export const BULK_MESSAGE_BYTES = 256 * 1024;
const HANDSHAKE_MS = 10_000;

/**
 * Opens the websocket that a transfer's bytes go over. Rejects with the last attempt's failure, or with `aborted`
 * as soon as the signal is; nothing stays open then.
 */
export async function openBulkSocket(
  endpoint: Endpoint,
  id: string,
  tenant: string,
  { retry = BULK_RETRY, ...options }: BulkDialOptions,
): Promise<AuthentikSocket> {
  const url = endpoint.websocketUrl(['rac', 'bulk', id]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openWebSocket(endpoint, url, {
        handshakeTimeoutMs: HANDSHAKE_MS,
        maxPayload: BULK_MESSAGE_BYTES,
        ...options,
        headers: { 'X-RAC-Tenant': tenant },
      });
    } catch (error) {
      if (attempt >= retry.attempts || options.signal.aborted) throw error;
    }
    await pause(retry.pauseMs, options.signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    throw new SallyportError('aborted', 'Opening the transfer’s websocket was cancelled.');
  }
}

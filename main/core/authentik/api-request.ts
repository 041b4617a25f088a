import http from 'node:http';
import https from 'node:https';
import { SallyportError } from '../errors.ts';
import { type ApiAnswer, apiRefusal } from './api-failure.ts';
import type { Endpoint } from './endpoint.ts';
import { Deadline } from './endpoint-deadline.ts';

export interface ApiRequest {
  readonly method: string;
  /** Below `/api/v3`, such as `/outposts/instances/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface ApiLimits {
  /** For the whole request, from name resolution to the last byte of the answer; milliseconds. */
  readonly timeoutMs: number;
  /** Of an answer's body. */
  readonly maxBytes: number;
}

export const API_LIMITS: ApiLimits = { timeoutMs: 30_000, maxBytes: 8 * 1024 * 1024 };

/**
 * One request to authentik's REST API; resolves with the parsed JSON of a 2xx answer (null for an empty one).
 * Redirects are not followed. Rejects with `SallyportError` for everything else: see `apiRefusal` for answers,
 * `Endpoint.failure` for the way there; `connect-timeout` when the time is up, `aborted` when `signal` aborts.
 */
export async function requestJson(
  endpoint: Endpoint,
  request: ApiRequest,
  { timeoutMs, maxBytes }: ApiLimits = API_LIMITS,
  signal?: AbortSignal,
): Promise<unknown> {
  const deadline = new Deadline(timeoutMs, signal);
  try {
    const answer = await exchange(endpoint, request, maxBytes, deadline.signal);
    const refusal = apiRefusal(endpoint, answer);
    if (refusal) throw refusal;
    return parse(answer.body, endpoint);
  } catch (error) {
    if (deadline.expired) throw tooSlow(endpoint, timeoutMs);
    if (signal?.aborted) throw new SallyportError('aborted', 'The request to authentik was cancelled.');
    throw endpoint.failure(error);
  } finally {
    deadline.clear();
  }
}

function exchange(
  endpoint: Endpoint,
  { method, path, query, body }: ApiRequest,
  maxBytes: number,
  signal: AbortSignal,
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const url = endpoint.restUrl(path, query);
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const send = url.protocol === 'https:' ? https.request : http.request;
    const request = send(url, {
      method,
      agent: endpoint.agent('rest', signal),
      signal,
      headers: {
        ...endpoint.headers(),
        Accept: 'application/json',
        ...(payload && { 'Content-Type': 'application/json', 'Content-Length': payload.length }),
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxBytes) {
          chunks.push(chunk);
        } else {
          reject(tooLong(endpoint, maxBytes));
          request.destroy();
        }
      });
      response.on('error', () => reject(cutOff(endpoint)));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.end(payload);
  });
}

function parse(body: string, { display }: Endpoint): unknown {
  if (body.trim() === '') return null;
  try {
    return JSON.parse(body);
  } catch {
    throw new SallyportError('bad-answer', `authentik at ${display} gave an answer that is not whole JSON.`, {
      advice:
        'It may be restarting; if it stays so, look into the log of authentik and of the proxy before it.',
    });
  }
}

function tooSlow({ display }: Endpoint, timeoutMs: number): SallyportError {
  return new SallyportError(
    'connect-timeout',
    `authentik at ${display} did not answer within ${timeoutMs / 1000} seconds.`,
    { advice: 'Is it overloaded, or does a firewall drop the packets on the way?' },
  );
}

function tooLong({ display }: Endpoint, maxBytes: number): SallyportError {
  return new SallyportError(
    'bad-answer',
    `authentik at ${display} gave an answer of more than ${maxBytes} bytes.`,
    { advice: 'Does this address really lead to authentik?' },
  );
}

function cutOff({ display }: Endpoint): SallyportError {
  return new SallyportError(
    'connection-lost',
    `authentik at ${display} cut the connection in the middle of an answer.`,
    { advice: 'It may be restarting.' },
  );
}

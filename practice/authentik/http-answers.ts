import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from './faults.ts';

/** An answer that fits in memory. */
export interface PlainAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export function jsonAnswer(status: number, body: object): PlainAnswer {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}

export function textAnswer(status: number, sentence: string): PlainAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${sentence}\n` };
}

/** What a request gets under a fault, where that is a plain answer. */
export function faultAnswer(answer: Answer): PlainAnswer | undefined {
  switch (answer) {
    case 'http502':
      return htmlAnswer(502, 'Bad Gateway');
    case 'http503':
      return htmlAnswer(503, 'Service Unavailable');
    case 'html200':
      return htmlAnswer(200, 'Welcome');
    case 'revoked401':
      return jsonAnswer(401, { detail: 'Token invalid/expired' });
    case 'revoked403':
      return jsonAnswer(403, { detail: 'Token invalid/expired' });
    default:
      return undefined;
  }
}

export function sendAnswer(
  response: ServerResponse,
  { status, type, body, headers = {} }: PlainAnswer,
): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}

/** A JSON body that announces more than it sends, and then the connection's end. */
export function sendHalfJson(response: ServerResponse): void {
  const half = '{"pagination": {"next": 0, "previ';
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': half.length * 2 });
  response.write(half, () => response.destroy());
}

/** A JSON body that goes on until the client has had enough; slowed down by TCP like any other. */
export function sendEndless(response: ServerResponse): void {
  const piece = Buffer.alloc(65_536, 0x20);
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"results": [');
  response.on('drain', more);
  more();
}

/** Answers a request for a websocket as a plain one, and closes. */
export function refuseUpgrade(stream: Duplex, { status, type, body }: PlainAnswer): void {
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: ${type}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body.toString()}`,
  );
}

function htmlAnswer(status: number, title: string): PlainAnswer {
  const body = `<!doctype html>\n<html><head><title>${status} ${title}</title></head>\n<body><h1>${title}</h1><hr>nginx</body></html>\n`;
  return { status, type: 'text/html', body };
}

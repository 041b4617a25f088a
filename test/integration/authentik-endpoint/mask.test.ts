import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Endpoint } from '../../../main/core/authentik/endpoint.ts';
import { SYSTEM_TRUST } from '../../../main/core/authentik/trust.ts';
import { openWebSocket } from '../../../main/core/authentik/websocket.ts';
import { Secret } from '../../../main/core/base/secret.ts';

const TEXT = 'a frame that can be recognised';
/** Text and final; masked, with its length. */
const HEAD = [0x81, 0x80 | TEXT.length];

let port = 0;
let server = createServer();
let streams: Duplex[] = [];

beforeEach(async () => {
  streams = [];
  server = createServer();
  // Its own proxy as well: what is tunnelled comes back in as a new connection.
  server.on('connect', (_, stream: Duplex) => {
    streams.push(stream);
    stream.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.emit('connection', stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterEach(() => {
  for (const stream of streams) stream.destroy();
  server.close();
});

/** The first bytes that come after the upgrade. */
async function firstFrame(host: string, proxy: string): Promise<Buffer> {
  const frame = new Promise<Buffer>((resolve) => {
    server.once('upgrade', (request, stream) => {
      streams.push(stream);
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      stream.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      stream.once('data', resolve);
    });
  });
  const token = new Secret('token');
  const endpoint = await Endpoint.open({ host, token, trust: SYSTEM_TRUST, proxy });
  const socket = await openWebSocket(endpoint, endpoint.websocketUrl(['outpost_rac', 'channel']));
  socket.send(TEXT);
  const bytes = await frame;
  socket.terminate();
  return bytes;
}

describe('the mask of a frame', () => {
  it('is there, but of zeros, where nothing leaves this machine', async () => {
    const frame = await firstFrame(`http://127.0.0.1:${port}/`, 'none');
    expect([...frame.subarray(0, 6)]).toEqual([...HEAD, 0, 0, 0, 0]);
    expect(frame.subarray(6).toString()).toBe(TEXT);
  });

  it('hides the text where it crosses a network in clear', async () => {
    const frame = await firstFrame('http://sso.example/', `http://127.0.0.1:${port}`);
    expect([...frame.subarray(0, 2)]).toEqual(HEAD);
    expect(frame.toString('latin1')).not.toContain(TEXT);
    const key = frame.subarray(2, 6);
    const text = frame.subarray(6).map((byte, at) => byte ^ (key[at % 4] ?? 0));
    expect(text.toString()).toBe(TEXT);
  });
});

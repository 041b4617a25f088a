import { connect } from 'node:net';
import WebSocket from 'ws';
import { Framer } from '../../main/core/guacamole/framer.ts';
import { encode } from '../../main/core/guacamole/instruction.ts';

const HIGH = 1024 * 1024;

/**
 * The yardstick: the same sockets as the outpost's, the same back-pressure, and nothing is looked at after the
 * handshake. A process of its own; each line on standard input is a channel to open.
 */
export function runRelay(authentik: string, guacdPort: number): void {
  process.stdin.on('data', (lines: Buffer) => {
    for (const channel of lines.toString().split('\n').filter(Boolean)) relay(authentik, guacdPort, channel);
  });
  process.stdin.on('end', () => process.exit(0));
}

function relay(authentik: string, guacdPort: number, channel: string): void {
  const guacd = connect({ host: '127.0.0.1', port: guacdPort, noDelay: true });
  const websocket = new WebSocket(`ws://${authentik}/ws/outpost_rac/${channel}/`, {
    perMessageDeflate: false,
    // As the outpost does where nobody can read along: the yardstick pays for nothing that the outpost does not.
    generateMask: (mask) => mask.fill(0),
  });
  guacd.write(encode('select', 'ssh'));
  const framer = new Framer({
    maxInstructionBytes: 1 << 20,
    maxMessageBytes: 1,
    forward: (instruction) => {
      if (instruction.includes('4.args')) guacd.write(encode('connect', 'VERSION_1_5_0', channel));
      if (instruction.includes('5.ready')) join();
    },
  });
  const shake = (chunk: Buffer) => framer.push(chunk);
  guacd.on('data', shake);

  function join(): void {
    guacd.off('data', shake);
    guacd.pause();
    if (websocket.readyState === WebSocket.OPEN) return mirror();
    websocket.once('open', mirror);
  }

  function mirror(): void {
    let queued = 0;
    guacd.on('data', (chunk: Buffer) => {
      queued += chunk.length;
      websocket.send(chunk, { binary: false }, () => {
        queued -= chunk.length;
        if (queued < HIGH / 4) guacd.resume();
      });
      if (queued > HIGH) guacd.pause();
    });
    websocket.on('message', (data: Buffer) => guacd.write(data));
    guacd.on('close', () => websocket.terminate());
    websocket.on('close', () => guacd.destroy());
    guacd.resume();
  }
  guacd.on('error', () => {});
  websocket.on('error', () => {});
}

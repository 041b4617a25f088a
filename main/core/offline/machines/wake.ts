import { createSocket } from 'node:dgram';
import { SallyportError } from '../../errors.ts';
import { parseWakeAddress, type WakeTarget } from './wake-address.ts';

/** A packet may be lost, and nobody answers: it is sent a few times. */
const TIMES = 3;

/** Six bytes of ones, then the card's address sixteen times. */
export function magicPacket(mac: Uint8Array): Buffer {
  return Buffer.concat([Buffer.alloc(6, 0xff), ...Array.from({ length: 16 }, () => mac)]);
}

/**
 * Sends magic packets to the address that was kept for the machine, and to no other. Resolves when they are on
 * their way: whether the machine wakes cannot be known. Rejects with `request-invalid` where there is no address,
 * else with the system's error in words.
 */
export async function wake(machine: {
  readonly name: string;
  readonly wakeAddress: string;
}): Promise<WakeTarget> {
  if (machine.wakeAddress === '')
    throw new SallyportError('request-invalid', `No wake-on-LAN address is kept for “${machine.name}”.`, {
      advice: 'Add the address of its network card to the machine.',
    });
  const target = parseWakeAddress(machine.wakeAddress);
  if (target === null)
    throw new SallyportError(
      'request-invalid',
      `The wake-on-LAN address of “${machine.name}” cannot be read.`,
    );
  await send(target);
  return target;
}

async function send({ mac, host, port }: WakeTarget): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, () => {
        if (!host.includes(':')) socket.setBroadcast(true);
        resolve();
      });
    });
    const packet = magicPacket(mac);
    for (let sent = 0; sent < TIMES; sent += 1)
      await new Promise<void>((resolve, reject) => {
        socket.send(packet, port, host, (error) => (error ? reject(error) : resolve()));
      });
  } catch (error) {
    throw SallyportError.from(error, `The magic packet to ${host}`, 'connection-lost');
  } finally {
    socket.close();
  }
}

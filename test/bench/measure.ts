import type { BenchAuthentik, Sink } from './authentik.ts';
import type { BenchGuacd } from './guacd.ts';
import { type Subject, until } from './subject.ts';

export interface Bench {
  readonly authentik: BenchAuthentik;
  readonly guacd: BenchGuacd;
}

let opened = 0;

/** Opens `count` sessions and waits until both ends of each are there; returns their channels. */
export async function openSessions(
  bench: Bench,
  subject: Subject,
  kind: 'sink' | 'echo',
  count: number,
): Promise<string[]> {
  const { authentik, guacd } = bench;
  const channels = Array.from({ length: count }, () => `${kind}-${subject.name}-${++opened}`);
  for (const channel of channels) subject.open(channel);
  const there = (channel: string) =>
    guacd.has(channel) && (kind === 'sink' ? authentik.sinks.has(channel) : authentik.tunnels.has(channel));
  await until(() => channels.every(there), `${count} sessions through the ${subject.name}`);
  return channels;
}

export interface Throughput {
  /** Megabytes (10^6) a second, all sessions together. */
  readonly rate: number;
  /** CPU seconds of the process for 10^9 bytes. */
  readonly cpu: number;
}

/** Streams the same bytes through every channel at once. */
export async function throughput(
  bench: Bench,
  subject: Subject,
  channels: readonly string[],
  stream: Buffer,
  times: number,
): Promise<Throughput> {
  const sinks = channels
    .map((channel) => bench.authentik.sinks.get(channel))
    .filter((sink): sink is Sink => sink !== undefined);
  const each = stream.length * times;
  const cpuBefore = subject.cpuSeconds();
  const began = performance.now();
  const all = sinks.map((sink) => arrived(sink, sink.bytes + each));
  for (const channel of channels) void bench.guacd.flood(channel, stream, times);
  await Promise.all(all);
  const seconds = (performance.now() - began) / 1000;
  const bytes = each * channels.length;
  return { rate: bytes / 1e6 / seconds, cpu: (subject.cpuSeconds() - cpuBefore) / (bytes / 1e9) };
}

function arrived(sink: Sink, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    sink.onBytes = () => {
      if (sink.bytes < bytes) return;
      sink.onBytes = undefined;
      resolve();
    };
  });
}

/** Milliseconds from a key to what it draws, `count` times, one after the other. */
export async function roundTrips(bench: Bench, channel: string, count: number): Promise<number[]> {
  const websocket = bench.authentik.tunnels.get(channel);
  if (!websocket) throw new Error(`No tunnel for ${channel}.`);
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const began = performance.now();
    await new Promise<void>((resolve) => {
      const hear = (data: Buffer) => {
        if (!data.includes('4.rect')) return;
        websocket.off('message', hear);
        resolve();
      };
      websocket.on('message', hear);
      websocket.send('3.key,5.65307,1.1;');
    });
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return times;
}

/** Milliseconds until `count` sessions that are asked for at once are all there. */
export async function setUpTime(bench: Bench, subject: Subject, count: number): Promise<number> {
  const { authentik } = bench;
  const began = performance.now();
  let missing = count;
  const all = new Promise<void>((resolve) => {
    authentik.onTunnel = () => {
      missing -= 1;
      if (missing === 0) resolve();
    };
  });
  const channels = openSessions(bench, subject, 'echo', count);
  await all;
  const ms = performance.now() - began;
  await channels;
  authentik.onTunnel = () => {};
  return ms;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

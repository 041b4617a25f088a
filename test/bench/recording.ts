import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { connectControl } from '../../main/control/client.ts';
import { encode } from '../../main/core/guacamole/instruction.ts';
import { statePaths, thisHost } from '../../main/core/settings/paths.ts';
import { type Bench, median, openSessions } from './measure.ts';
import type { Subject } from './subject.ts';

/** CPU time of one session, as a part of one core. */
export interface Cost {
  /** Of the whole process. */
  readonly all: number;
  /** Of the thread alone that relays all sessions: what is spent here, every one of them waits for. */
  readonly relay: number;
}

/** What a session costs at one rate, with a recording and without. */
export interface RecordingCost {
  /** Bytes a second. */
  readonly rate: number;
  readonly without: Cost;
  readonly with: Cost;
}

const STEP_MS = 50;
const RUN_MS = 3_000;
/** Until a recording's last block is on the disk. */
const AFTER_MS = 1_500;
const ROUNDS = 5;

/**
 * Sends pictures at each rate into sessions of the same outpost, of which every other one is recorded, and reads
 * what CPU time went by; medians. Pictures have nothing in common, as those of a desktop in motion: nothing packs worse.
 */
export async function recordingCost(
  bench: Bench,
  outpost: Subject,
  rates: readonly number[],
): Promise<readonly RecordingCost[]> {
  const control = await connectControl(statePaths(outpost.stateDir, thisHost(process.env)).control.path);
  /** A new session each time: the end that only counts bytes answers no pings, and is taken for gone after a while. */
  const measure = async (mode: 'never' | 'always', pieces: readonly Buffer[]) => {
    await control.request('config/set', { key: 'recording.mode', value: mode });
    const [channel = ''] = await openSessions(bench, outpost, 'sink', 1);
    return share(bench, outpost, channel, pieces);
  };
  const costs: RecordingCost[] = [];
  for (const rate of rates) {
    const pieces = Array.from({ length: 64 }, () => pictures((rate * STEP_MS) / 1000));
    const all = { without: [] as Cost[], with: [] as Cost[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      all.without.push(await measure('never', pieces));
      all.with.push(await measure('always', pieces));
    }
    costs.push({ rate, without: medianCost(all.without), with: medianCost(all.with) });
  }
  const { recordings } = await control.request('recordings/list', { limit: 100 });
  control.close();
  if (recordings.length !== rates.length * ROUNDS)
    throw new Error('Not every session was recorded that should be.');
  return costs;
}

async function share(
  { authentik, guacd }: Bench,
  outpost: Subject,
  channel: string,
  pieces: readonly Buffer[],
): Promise<Cost> {
  const { bytes: sunk = 0 } = authentik.sinks.get(channel) ?? {};
  const before = { all: outpost.cpuSeconds(), relay: outpost.relaySeconds() };
  const began = performance.now();
  for (let step = 0; step * STEP_MS < RUN_MS; step += 1) {
    await guacd.flood(channel, pieces[step % pieces.length] ?? Buffer.alloc(0), 1);
    await delay(Math.max(0, began + (step + 1) * STEP_MS - performance.now()));
  }
  await delay(AFTER_MS);
  if ((authentik.sinks.get(channel)?.bytes ?? 0) <= sunk) throw new Error('Nothing has arrived.');
  const part = (now: number, then: number) => (now - then) / (RUN_MS / 1000);
  return {
    all: part(outpost.cpuSeconds(), before.all),
    relay: part(outpost.relaySeconds(), before.relay),
  };
}

function medianCost(costs: readonly Cost[]): Cost {
  return { all: median(costs.map(({ all }) => all)), relay: median(costs.map(({ relay }) => relay)) };
}

function pictures(bytes: number): Buffer {
  const parts: string[] = [];
  for (let length = 0; length < bytes; length += parts[parts.length - 1]?.length ?? 0)
    parts.push(encode('blob', '1', randomBytes(6048).toString('base64')));
  return Buffer.from(parts.join('') + encode('sync', String(Date.now())));
}

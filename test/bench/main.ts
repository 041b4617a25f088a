import { arch, cpus, totalmem } from 'node:os';
import { BenchAuthentik } from './authentik.ts';
import { startDownloads } from './files.ts';
import { BenchGuacd } from './guacd.ts';
import {
  type Bench,
  median,
  openSessions,
  roundTrips,
  setUpTime,
  type Throughput,
  throughput,
} from './measure.ts';
import { recordingCost } from './recording.ts';
import { runRelay } from './relay.ts';
import { makeStream, type StreamKind } from './streams.ts';
import { type Subject, startOutpost, startRelay } from './subject.ts';

/** A bar of the project: what was measured, what it must be, and whether it is. */
interface Bar {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: string;
  readonly met: boolean;
}

const ROUNDS = 5;
const bars: Bar[] = [];

if (process.argv[2] === 'relay') runRelay(process.argv[3] ?? '', Number(process.argv[4]));
else void bench();

async function bench(): Promise<void> {
  const [cpu] = cpus();
  console.log(
    `Node ${process.versions.node}, ${arch()}, ${cpus().length} × ${cpu?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  );
  console.log('The outpost against a relay that parses nothing; rounds alternate, medians are shown.\n');
  const ends = { authentik: await BenchAuthentik.listen(), guacd: await BenchGuacd.listen() };
  const outpost = await startOutpost(ends.authentik, ends.guacd);
  const relay = startRelay(ends.authentik, ends.guacd);
  const only = process.argv[2];
  try {
    if (only !== 'recording') {
      await memory(ends, outpost);
      await setUp(ends, outpost);
      for (const kind of ['image', 'tiny', 'mixed', 'image'] as const)
        await streams(ends, outpost, relay, kind);
      await latency(ends, outpost);
    }
    await recording(ends, outpost);
  } finally {
    await outpost.stop();
    await relay.stop();
  }
  if (only !== 'recording') await transfers(ends);
  ends.authentik.close();
  ends.guacd.close();
  report();
}

async function transfers(ends: Bench): Promise<void> {
  ends.authentik.forget();
  const withDrives = await startOutpost(ends.authentik, ends.guacd, true);
  try {
    await besideTransfers(ends, withDrives);
  } finally {
    await withDrives.stop();
  }
}

function report(): void {
  console.log('\nBars');
  for (const { what, value, unit, bar, met } of bars) {
    console.log(`  ${met ? 'met   ' : 'MISSED'}  ${what}: ${value.toFixed(2)}${unit} (bar: ${bar})`);
  }
  process.exitCode = bars.every(({ met }) => met) ? 0 : 1;
}

function bar(what: string, value: number, unit: string, text: string, met: boolean): void {
  bars.push({ what, value, unit, bar: text, met });
}

async function memory(ends: Bench, outpost: Subject): Promise<void> {
  const none = await settled(outpost);
  await openSessions(ends, outpost, 'echo', 16);
  const sixteen = await settled(outpost);
  await openSessions(ends, outpost, 'echo', 84);
  const hundred = await settled(outpost);
  const each = (hundred - none) / 100 / 1000;
  console.log(
    `memory          none ${mb(none)}, 16 idle sessions ${mb(sixteen)}, 100 idle ${mb(hundred)}: ${each.toFixed(0)} KB each`,
  );
  bar('memory with no session', none / 1e6, ' MB', 'under 90 MB', none < 90e6);
  bar('memory of an idle session', each, ' KB', 'under 100 KB', each < 100);
}

/** Memory after a few seconds in which nothing happens but hellos. */
async function settled(subject: Subject): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  return subject.memory();
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function setUp(ends: Bench, outpost: Subject): Promise<void> {
  const one: number[] = [];
  const fifty: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // What the fifty before have left to do is not the set-up of the next one.
    await settled(outpost);
    one.push(await setUpTime(ends, outpost, 1));
    fifty.push(await setUpTime(ends, outpost, 50));
  }
  const ratio = median(fifty) / median(one);
  console.log(
    `set-up          one ${median(one).toFixed(1)} ms, fifty at once ${median(fifty).toFixed(1)} ms: × ${ratio.toFixed(1)}`,
  );
  bar('fifty set-ups at once against one', ratio, ' ×', 'under 50 ×', ratio < 50);
}

async function streams(ends: Bench, outpost: Subject, relay: Subject, kind: StreamKind): Promise<void> {
  const stream = makeStream(kind);
  for (const sessions of [1, 4, 16]) {
    // Enough for the kernel's hundredths of CPU seconds to tell, and little enough for the whole to take minutes.
    const times = Math.max(1, Math.round((kind === 'tiny' ? 24 : 64) / sessions));
    const ours: Throughput[] = [];
    const theirs: Throughput[] = [];
    const ourChannels = await openSessions(ends, outpost, 'sink', sessions);
    const theirChannels = await openSessions(ends, relay, 'sink', sessions);
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await throughput(ends, outpost, ourChannels, stream, times));
      theirs.push(await throughput(ends, relay, theirChannels, stream, times));
    }
    const rate = median(ours.map((one, round) => one.rate / (theirs[round]?.rate ?? Number.NaN)));
    const cpu = median(ours.map((one, round) => one.cpu / (theirs[round]?.cpu ?? Number.NaN)));
    const [a, b] = [ours, theirs].map((all) => ({
      rate: median(all.map((one) => one.rate)),
      cpu: median(all.map((one) => one.cpu)),
    }));
    console.log(
      `${kind.padEnd(6)} × ${String(sessions).padEnd(2)}     outpost ${a?.rate.toFixed(0)} MB/s ${a?.cpu.toFixed(2)} s/GB, ` +
        `relay ${b?.rate.toFixed(0)} MB/s ${b?.cpu.toFixed(2)} s/GB: ${(rate * 100).toFixed(0)} % rate, × ${cpu.toFixed(2)} CPU`,
    );
    if (kind === 'image') {
      bar(`image stream, ${sessions} sessions, throughput`, rate * 100, ' %', 'at least 80 %', rate >= 0.8);
      bar(`image stream, ${sessions} sessions, CPU`, cpu, ' ×', 'at most 1.3 ×', cpu <= 1.3);
    }
    if (kind === 'tiny')
      bar(
        `tiny instructions, ${sessions} sessions, throughput`,
        rate * 100,
        ' %',
        'at least 50 %',
        rate >= 0.5,
      );
  }
}

async function latency(ends: Bench, outpost: Subject): Promise<void> {
  const [channel = ''] = await openSessions(ends, outpost, 'echo', 1);
  const [neighbour = ''] = await openSessions(ends, outpost, 'sink', 1);
  await roundTrips(ends, channel, 50);
  const alone = median(await roundTrips(ends, channel, 300));
  const stop = new AbortController();
  const flood = ends.guacd.flood(neighbour, makeStream('image'), Number.POSITIVE_INFINITY, stop.signal);
  const beside = median(await roundTrips(ends, channel, 300));
  stop.abort();
  await flood;
  const added = beside - alone;
  console.log(
    `round trip      alone ${alone.toFixed(2)} ms, beside a session at full speed ${beside.toFixed(2)} ms: + ${added.toFixed(2)} ms`,
  );
  bar('what a busy neighbour adds to the median round trip', added, ' ms', 'under 3 ms', added < 3);
}

async function recording(ends: Bench, outpost: Subject): Promise<void> {
  for (const cost of await recordingCost(ends, outpost, [5e6, 20e6])) {
    const at = `${cost.rate / 1e6} MB/s`;
    const added = {
      all: (cost.with.all - cost.without.all) * 100,
      relay: (cost.with.relay - cost.without.relay) * 100,
    };
    const part = (value: number) => `${(value * 100).toFixed(1)} %`;
    console.log(
      `recording       pictures at ${at}, parts of a core: the thread that relays ${part(cost.without.relay)} without, ` +
        `${part(cost.with.relay)} with; the whole process ${part(cost.without.all)} and ${part(cost.with.all)}`,
    );
    const what = `what recording adds at ${at} of pictures`;
    bar(`${what}, to the thread that relays`, added.relay, ' % of a core', 'under 10 %', added.relay < 10);
    const most = cost.rate > 5e6 ? 20 : 10;
    bar(`${what}, in all`, added.all, ' % of a core', `under ${most} %`, added.all < most);
  }
}

async function besideTransfers(ends: Bench, outpost: Subject): Promise<void> {
  const [channel = ''] = await openSessions(ends, outpost, 'echo', 1);
  await roundTrips(ends, channel, 50);
  const alone = median(await roundTrips(ends, channel, 300));
  const downloads = await startDownloads(ends, outpost, 16);
  const began = performance.now();
  const beside = median(await roundTrips(ends, channel, 300));
  const rate = downloads.bytes() / 1e3 / (performance.now() - began);
  downloads.stop();
  const added = beside - alone;
  console.log(
    `16 transfers    a neighbour’s round trip alone ${alone.toFixed(2)} ms, beside them ${beside.toFixed(2)} ms: + ${added.toFixed(2)} ms (${rate.toFixed(0)} MB/s of files)`,
  );
  bar('what 16 transfers add to a neighbour’s round trip', added, ' ms', 'under 5 ms', added < 5);
}

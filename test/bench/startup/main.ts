import { mkdtemp, rm } from 'node:fs/promises';
import { arch, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { styleOf } from '../../../main/cli/io.ts';
import { type Column, table } from '../../../main/cli/view/table.ts';
import { Practice } from '../../../practice/run/practice.ts';
import { median } from '../measure.ts';
import { launch } from './launch.ts';
import { packageSizes } from './sizes.ts';

/*
 * `npm run bench -- startup`: how soon the app is there, what it costs while nothing happens, and how large it is. Its
 * arguments are the command that starts the app.
 */

interface Row {
  readonly what: string;
  readonly typical: string;
  readonly range: string;
}

const RUNS = 10;
/** What begins with a start, such as the first compilation of everything, is over by then. */
const SETTLE_MS = 20_000;
const IDLE_MS = 90_000;

void bench(process.argv.slice(2));

async function bench(command: readonly string[]): Promise<void> {
  const [cpu] = cpus();
  console.log(`${arch()}, ${cpus().length} × ${cpu?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`);
  console.log(`${command[0]}: ${RUNS} starts, then ${IDLE_MS / 1000} s of nothing with the console closed\n`);
  const base = await mkdtemp(join(tmpdir(), 'sallyport-startup-'));
  const practice = await Practice.start({
    base,
    machines: ['ssh'],
    outpost: { command: [process.execPath] },
  });
  const rows: Row[] = [];
  try {
    rows.push(...(await starts(command, practice)), ...(await idle(command, practice)), ...sizes());
  } finally {
    await practice.stop();
    await rm(base, { recursive: true, force: true });
  }
  const columns: readonly Column<Row>[] = [
    { title: 'WHAT', text: ({ what }) => what },
    { title: 'MEDIAN', text: ({ typical }) => typical, align: 'right' },
    { title: 'RANGE', text: ({ range }) => range },
  ];
  const style = styleOf({ env: process.env }, process.stdout);
  for (const line of table(style, columns, rows)) console.log(line);
}

async function starts(command: readonly string[], practice: Practice): Promise<readonly Row[]> {
  const tray: number[] = [];
  const online: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const app = await launch(command, practice);
    tray.push(app.trayMs);
    online.push(app.onlineMs);
    await app.stop();
    await practice.authentik.until(() => !practice.authentik.online, { timeoutMs: 30_000 });
  }
  return [inMilliseconds('start to tray icon', tray), inMilliseconds('start to online', online)];
}

async function idle(command: readonly string[], practice: Practice): Promise<readonly Row[]> {
  const app = await launch(command, practice);
  try {
    await delay(SETTLE_MS);
    const before = app.families();
    await delay(IDLE_MS);
    const after = app.families();
    return (['app', 'outpost'] as const).map((who) => {
      const seconds = after[who].cpuSeconds - before[who].cpuSeconds;
      const wakeups = (after[who].wakeups - before[who].wakeups) / (IDLE_MS / 1000);
      return {
        what: who === 'app' ? 'idle CPU, app' : 'idle CPU, outpost with guacd',
        typical: `${((seconds / (IDLE_MS / 1000)) * 100).toFixed(2)} %`,
        range: `${(seconds * 1000).toFixed(0)} ms in ${IDLE_MS / 1000} s, ${wakeups.toFixed(1)} wake-ups a second`,
      };
    });
  } finally {
    await app.stop();
  }
}

function sizes(): readonly Row[] {
  const found = packageSizes(join(__dirname, 'package'));
  if (found === undefined)
    return [{ what: 'installed size', typical: '-', range: 'npm run package builds it' }];
  const { folder, debian } = found;
  return [
    { what: 'installed size', typical: megabytes(folder), range: '' },
    ...(debian === undefined ? [] : [{ what: 'Debian’s package', typical: megabytes(debian), range: '' }]),
  ];
}

function inMilliseconds(what: string, values: readonly number[]): Row {
  const shown = (value: number) => `${Math.round(value)} ms`;
  return {
    what,
    typical: shown(median(values)),
    range: `${shown(Math.min(...values))} to ${shown(Math.max(...values))}`,
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

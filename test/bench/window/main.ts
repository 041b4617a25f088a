import { arch, cpus, totalmem } from 'node:os';
import { styleOf } from '../../../main/cli/io.ts';
import { type Column, table } from '../../../main/cli/view/table.ts';
import type { ControlClient } from '../../../main/control/client.ts';
import { Lifetime } from '../../../main/core/base/lifetime.ts';
import { EMPTY_DRAFT } from '../../../main/core/offline/machines/machine.ts';
import { ask, untilState } from '../../../practice/desktop/app-state.ts';
import { launchApp, makePlace, removePlace } from '../../../practice/desktop/desktop-app.ts';
import { startSession } from '../../../practice/desktop/session.ts';
import { median } from '../measure.ts';
import { drawFrames, FRAME } from './frames.ts';
import { type Played, Player } from './player.ts';

/*
 * `npm run bench -- window`: whether a window that shows a session keeps up with pictures that change all of it. Its
 * arguments are the command that starts the app.
 */

const PICTURES = 30;
const PER_SECOND = 30;
const SECONDS = 20;
const FIRST_PICTURES = 7;

interface Row {
  readonly what: string;
  readonly value: string;
}

void bench(process.argv.slice(2));

async function bench([program = '', ...args]: readonly string[]): Promise<void> {
  const [cpu] = cpus();
  console.log(`${arch()}, ${cpus().length} × ${cpu?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`);
  console.log(`${FRAME.width} × ${FRAME.height}, ${PER_SECOND} whole pictures a second for ${SECONDS} s\n`);
  const lifetime = new Lifetime();
  try {
    const player = await Player.listen();
    lifetime.add(async () => player.close());
    const session = await startSession();
    lifetime.add(() => session.end());
    const place = await makePlace(session, {
      SALLYPORT_GUACD: player.address,
      SALLYPORT_PROXY: 'none',
      SALLYPORT_OFFLINE_MODE: 'always',
    });
    lifetime.add(() => removePlace(place));
    const app = await launchApp([program, ...args], place);
    lifetime.add(() => app.stop());
    await untilState(app, ({ outpost, status }) => outpost.kind === 'own' && status !== null);
    const control = await app.control();
    lifetime.add(async () => control.close());
    await control.request('start', {}).catch(() => {});
    await untilState(app, ({ status }) => status?.guacd.kind === 'up');
    const { id } = await control.request('machines/put', {
      id: null,
      machine: { ...EMPTY_DRAFT, name: 'film', host: '127.0.0.1' },
    });
    const pictures = await drawFrames(await app.window(), PICTURES);
    const firsts: number[] = [];
    for (let time = 0; time < FIRST_PICTURES; time += 1) {
      const first = player.firstPicture(pictures[time] ?? Buffer.alloc(0));
      await ask(app, 'viewer/open', { machine: id });
      firsts.push(await first);
      if (time + 1 < FIRST_PICTURES) await endSessions(control);
    }
    const played = await player.play(pictures, PER_SECOND, SECONDS);
    show([...rowsOf(played, pictures), firstRow(firsts)]);
  } finally {
    await lifetime.end();
  }
}

async function endSessions(control: ControlClient): Promise<void> {
  for (const { id } of (await control.request('sessions', {})).sessions) await control.request('end', { id });
}

function rowsOf({ sent, drawn, held, lags }: Played, pictures: readonly Buffer[]): readonly Row[] {
  const third = Math.floor(lags.length / 3);
  const early = median(lags.slice(0, third));
  const late = median(lags.slice(-third));
  const bytes = pictures.reduce((sum, one) => sum + one.length, 0) / pictures.length;
  const sorted = [...lags].sort((left, right) => left - right);
  return [
    { what: 'size of a picture', value: `${Math.round(bytes / 1000)} KB` },
    { what: 'pictures drawn of those sent', value: `${drawn} of ${sent}` },
    { what: 'held back by the window', value: `${held} of ${sent + held}` },
    { what: 'sent to drawn, median', value: ms(median(lags)) },
    { what: 'sent to drawn, 95 of 100', value: ms(sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN) },
    { what: 'last third against first third', value: `× ${(late / early).toFixed(2)}` },
  ];
}

function firstRow(firsts: readonly number[]): Row {
  const sorted = [...firsts].sort((left, right) => left - right);
  return {
    what: 'first instruction to first picture',
    value: `${ms(median(firsts))} (${ms(sorted[0] ?? Number.NaN)} to ${ms(sorted.at(-1) ?? Number.NaN)})`,
  };
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function show(rows: readonly Row[]): void {
  const columns: readonly Column<Row>[] = [
    { title: 'WHAT', text: ({ what }) => what },
    { title: 'VALUE', text: ({ value }) => value },
  ];
  for (const line of table(styleOf({ env: process.env }, process.stdout), columns, rows)) console.log(line);
}

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../main/cli/program.ts';
import { connectControl } from '../../../main/control/client.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { HEAD_BYTES } from '../../../main/core/sessions/recording/format.ts';
import { ending } from '../../../main/core/sessions/words.ts';
import { Bench } from '../control/outpost-fixture.ts';
import { type TerminalOptions, terminal } from './terminal.ts';

const DRAWN = encode('name', 'héllo 🚪') + encode('sync', '4711');

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().listen();
});
afterEach(() => bench.end());

async function run(argv: readonly string[], options: TerminalOptions = {}) {
  const io = terminal(options);
  const code = await runCli(['recordings', ...argv], io, {
    connect: () => connectControl(bench.path),
    local: () => Promise.reject(new Error('nothing local here')),
    run: async () => 0,
  });
  return { code, out: io.out(), err: io.err() };
}

async function recorded(): Promise<string> {
  const tap = await bench.recorded.tap();
  tap?.fromGuacd(Buffer.from(DRAWN));
  return (await tap?.end(ending('user-left'))) ?? '';
}

describe('sallyport recordings', () => {
  it('lists, exports as Guacamole reads it, and removes', async () => {
    expect((await run(['list'])).out).toBe('No recordings.\n');
    const id = await recorded();
    const short = id.slice(0, 8);
    const listed = await run(['list', '--search', 'ALICE']);
    expect(listed.out).toMatch(new RegExp(`0:00:00 +alice +SSH +web-01:22 .*${short}`));
    expect(JSON.parse((await run(['list', '--json'])).out)).toMatchObject([{ id, state: 'whole' }]);

    expect(await run(['export', short])).toMatchObject({ code: 0, out: DRAWN });
    const file = join(bench.dir, 'session.guac');
    const written = await run(['export', short, file]);
    expect(written.out).toMatch(/ written to .*session\.guac\.$/m);
    expect(readFileSync(file, 'utf8')).toBe(DRAWN);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    expect(await run(['remove', short])).toMatchObject({ code: 0, out: `Recording ${short} removed.\n` });
    expect((await run(['list'])).out).toBe('No recordings.\n');
  });

  it('says that a recording was changed, and keeps no part of it as if it were all', async () => {
    const id = await recorded();
    const path = join(bench.dir, 'recordings', `${id}.recording`);
    const bytes = readFileSync(path);
    // The first byte of the first block's payload: no deflated block begins so.
    bytes[bytes.indexOf(0x0a) + 1 + HEAD_BYTES] = 0xff;
    writeFileSync(path, bytes);
    const file = join(bench.dir, 'changed.guac');
    for (const to of [[], [file]]) {
      const { code, err } = await run(['export', id, ...to]);
      expect(code).not.toBe(0);
      expect(err).toContain('The recording was changed after it was written.');
    }
    expect(existsSync(file)).toBe(false);
  });

  it('of a sealed one whose block was changed exports nothing, says it, and what came before it still plays', async () => {
    bench.recorded.settings['recording.sealed'] = true;
    const control = await connectControl(bench.path);
    await control.request('vault/create', { protection: { kind: 'key-file' } });
    const tap = await bench.recorded.tap();
    // Each is a block of its own.
    const drawn = ['one', 'two', 'three'].map((name) => encode('name', name.repeat(100_000)) + DRAWN);
    for (const frame of drawn) tap?.fromGuacd(Buffer.from(frame));
    const id = (await tap?.end(ending('user-left'))) ?? '';
    const path = join(bench.dir, 'recordings', `${id}.recording`);
    const bytes = readFileSync(path);
    const first = bytes.indexOf(0x0a) + 1;
    const second = first + HEAD_BYTES + bytes.readUInt32BE(first);
    const inSecond = second + HEAD_BYTES + 40;
    bytes[inSecond] = (bytes[inSecond] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(JSON.parse((await run(['list', '--json'])).out)).toMatchObject([
      { id, sealed: true, state: 'whole' },
    ]);
    const file = join(bench.dir, 'changed.guac');
    const { code, err } = await run(['export', id, file]);
    expect(code).not.toBe(0);
    expect(err).toContain('The recording was changed after it was written.');
    expect(err).toContain('What comes before the change can be played.');
    expect(existsSync(file)).toBe(false);

    const { ticket } = await control.request('recordings/open', { id, purpose: 'play' });
    const parts: Buffer[] = [];
    for await (const part of await control.openStream('recording', ticket)) parts.push(part);
    expect(Buffer.concat(parts).toString() === drawn[0]).toBe(true);
    expect((await control.request('recordings/outcome', { ticket })).failure).toMatchObject({
      code: 'recording-unreadable',
    });
    await control.request('vault/lock', {});
    expect((await run(['export', id, file])).err).toContain('locked');
    control.close();
  });

  it('writes over no file, into no terminal, and knows no id that is none', async () => {
    const id = await recorded();
    const file = join(bench.dir, 'mine.txt');
    writeFileSync(file, 'mine');
    expect((await run(['export', id, file])).code).not.toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await run(['export', id], { tty: true })).err).toContain('nothing that a terminal can show');
    expect((await run(['export', 'ffffffff'])).err).toContain('There is no such recording.');
    expect((await run(['remove', '../../x'])).err).toContain('There is no such recording.');
  });
});

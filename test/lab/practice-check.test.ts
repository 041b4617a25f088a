import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { findProgram } from '../../practice/machines/programs.ts';
import { eventually } from './harness/lab.ts';
import { PracticeRun, type PracticeRunOptions } from './harness/practice-run.ts';

const NOTHING = { folders: [], processes: [] };
/** The kernel ends what a killed process started only where there is setpriv. */
const BOUND = process.platform === 'linux' && findProgram('setpriv') !== undefined;

/** Somebody else may have the port of the metrics, which is told and does not matter. */
const ONLINE = /(online|degraded): Online/;

const runs: PracticeRun[] = [];

afterEach(async () => {
  for (const run of runs.splice(0)) await run.clear();
});

async function start(options: PracticeRunOptions): Promise<PracticeRun> {
  const run = await PracticeRun.start(options);
  runs.push(run);
  return run;
}

/** The rows of the table: protocol → what stands behind it. */
function rows(output: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, protocol = '', rest = ''] of output.matchAll(/^(SSH|VNC|RDP) {2,}(.*)$/gm))
    found[protocol] = rest;
  return found;
}

describe('npm start -- --check', () => {
  it.each(['newest', 'older'])(
    'opens SSH, VNC and RDP through the whole path, types into each, and leaves nothing (%s)',
    async (generation) => {
      const run = await start({ args: ['--check', generation] });
      expect({ code: await run.ended, output: run.output }).toMatchObject({ code: 0 });
      const table = rows(run.output);
      expect(Object.keys(table)).toEqual(['SSH', 'VNC', 'RDP']);
      for (const row of Object.values(table))
        expect(row).toMatch(/^Practice \w+ +\d+ ms +\d+ ms {2}seen +good$/);
      expect(run.output).toContain(`Practice authentik (${generation})`);
      expect(await run.left()).toEqual(NOTHING);
    },
  );

  it('fails for a machine whose programs are not there, says what to install, and does the rest', async () => {
    const path = await mkdtemp(join(tmpdir(), 'sallyport-path-'));
    // Servers such as sshd are found beside PATH; Xvnc and xterm are not.
    for (const name of ['ssh-keygen', 'setpriv', 'env'])
      await symlink(findProgram(name) ?? '/nowhere', join(path, name));
    const run = await start({ args: ['--check'], path });
    expect({ code: await run.ended, output: run.output }).toMatchObject({ code: 1 });
    const table = rows(run.output);
    expect(table['SSH']).toMatch(/seen +good$/);
    for (const protocol of ['VNC', 'RDP']) expect(table[protocol]).toMatch(/^not there .* not seen +failed$/);
    expect(run.output).toMatch(/^VNC: .* Install the packages tigervnc-standalone-server/m);
    expect(await run.left()).toEqual(NOTHING);
    await rm(path, { recursive: true });
  });

  it.each([
    ['while machines start', 0],
    ['while the outpost starts', /authentik \(newest\) answers/],
    ['while a session is open', /The outpost is online/],
  ])('leaves nothing when it is ended %s', async (_, moment) => {
    const run = await start({ args: ['--check'] });
    if (moment instanceof RegExp) await run.said(moment);
    else await eventually(async () => (await run.left()).processes.length > 0);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(143);
    expect(run.output).toContain('The check was ended before it was done');
    expect(await run.left()).toEqual(NOTHING);
  });

  it('refuses what it does not know with a sentence, before it starts anything', async () => {
    const run = await start({ args: ['--check', 'printers'] });
    expect(await run.ended).toBe(2);
    expect(run.output).toBe(
      'There is no check called “printers”. Known are newest, older, files, desktop and offline.\nSee --help.\n',
    );
    expect(await run.left()).toEqual(NOTHING);
  });
});

describe('npm start, where no authentik is configured', () => {
  it('says that this is practice, what to open, and that the outpost is online; ends with everything', async () => {
    const run = await start({ args: ['--headless'] });
    await run.said(/^No authentik is configured, so this is practice/);
    const [, url = ''] = await run.said(/Open in a browser: +(\S+)/);
    await run.said(ONLINE);
    expect(await (await fetch(url)).text()).toContain('<title>Sallyport practice</title>');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(run.output).toContain('Practice has ended, with everything it started.');
    expect(await run.left()).toEqual(NOTHING);
  });

  it('starts an outpost that was killed again, and says so', async () => {
    const run = await start({ args: [] });
    await run.said(ONLINE);
    const outpost = await outpostOf(run);
    process.kill(outpost, 'SIGKILL');
    await run.said(/The outpost is gone: it got SIGKILL\. It is started again in \d+ s\./);
    await run.said(/started again[\s\S]*(online|degraded): Online/);
    expect(await outpostOf(run)).not.toBe(outpost);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
    expect(await run.left()).toEqual(NOTHING);
  });

  it.runIf(BOUND)(
    'ends at once at a second signal; what is left goes by itself or with the next run',
    async () => {
      const run = await start({ args: [] });
      await run.said(ONLINE);
      // Signals of the same moment reach a process as one, and a busy machine has long moments.
      while (run.child.exitCode === null && run.child.signalCode === null) {
        run.child.kill('SIGINT');
        await delay(20);
      }
      expect(await run.ended).toBe(130);
      expect(run.output).not.toContain('Practice has ended');
      await eventually(async () => (await run.left()).processes.length === 0);
      const next = await start({ args: ['--check'], after: run });
      expect({ code: await next.ended, output: next.output }).toMatchObject({ code: 0 });
      expect(await next.left()).toEqual(NOTHING);
    },
  );

  it.runIf(BOUND)('takes everything with it when it is killed', async () => {
    const run = await start({ args: [] });
    await run.said(ONLINE);
    expect((await run.left()).processes.length).toBeGreaterThan(5);
    run.child.kill('SIGKILL');
    await run.ended;
    await eventually(async () => (await run.left()).processes.length === 0);
  });
});

/** The pid of the outpost that `run` has started. */
async function outpostOf(run: PracticeRun): Promise<number> {
  for (const pid of (await run.left()).processes) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('outpost.cjs')) return pid;
  }
  throw new Error('No outpost runs.');
}

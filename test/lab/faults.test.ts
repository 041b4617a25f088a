import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Lab } from './harness/lab.ts';
import { sample, scrape } from './harness/metrics.ts';
import { Person } from './harness/person.ts';
import { drives, endOf, guacdPid, guacdPids, runs, untilGone } from './harness/processes.ts';

const STOPPED = {
  sentence: 'The outpost was stopped, so this session was ended. Open it again when the outpost is back.',
  status: 0x020b,
};

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start({ machines: ['ssh'] });
});

afterAll(() => lab?.stop());

/** Each test begins with an outpost that knows nothing of the one before. */
afterEach(async () => {
  lab.closeBrowsers();
  await lab.stopOutpost();
  await lab.startOutpost();
});

const two = () => Promise.all(['alice', 'bob'].map((user) => Person.atWork(lab, 'ssh', { user })));

/** The outposts of earlier tests are still in authentik's list, until their hellos are too old. */
const untilAuthentikCounts = (count: number) =>
  lab.authentik.until(() =>
    lab.authentik.instances().some((found) => found.connected && found.activeConnections === count),
  );

describe('a guacd that is killed', () => {
  it('costs its sessions, each with a word; the next one finds a new guacd', async () => {
    const people = await two();
    const before = await guacdPids(lab);
    process.kill(-(await guacdPid(lab)), 'SIGKILL');
    for (const person of people) {
      const { sentence, status } = await person.hearsLastWord();
      expect(sentence).toContain('guacd closed the session without saying why. Open the session again');
      expect(status).toBe(0x0208);
    }
    // Right away: whoever comes while it is started again waits for it.
    const carol = await Person.atWork(lab, 'ssh', { user: 'carol' });
    expect(await carol.runs('echo back')).toBe('back\n');
    await untilGone(before);
    expect(await guacdPids(lab)).not.toContain(before[0]);
    expect(sample(await scrape(lab), 'sallyport_guacd_restarts_total')).toBe(1);
    expect((await lab.untilEnded('alice')).reason).toBe('guacd-lost');
  });
});

describe('an outpost that is killed', () => {
  it('leaves nothing that the next start does not clear', async () => {
    await two();
    const { pid, stateDir } = lab.outpost;
    const guacd = await guacdPids(lab);
    const left = await drives(lab);
    expect(left).toHaveLength(2);
    process.kill(pid, 'SIGKILL');
    await untilGone([pid]);
    // What there is to clear: a guacd that nobody owns, drives, and a socket that nobody answers on.
    expect(await runs(guacd[0] ?? 0)).toBe(true);
    expect(await drives(lab)).toEqual(left);

    const next = await lab.startOutpost();
    expect(next).toMatchObject({ stateDir });
    expect(next.pid).not.toBe(pid);
    await untilGone(guacd);
    expect(await drives(lab)).toEqual([]);
    expect(await lab.status()).toMatchObject({ pid: next.pid, sessions: [], phase: 'running' });
    const carol = await Person.atWork(lab, 'ssh', { user: 'carol' });
    expect(await carol.runs('echo back')).toBe('back\n');
    // authentik still believes in the one that is gone, until its hello is too old.
    await untilAuthentikCounts(1);
  });
});

describe('a signal', () => {
  it('ends sessions with a word, guacd and the process, in order', async () => {
    const people = await two();
    const { outpost } = lab;
    const guacd = await guacdPids(lab);
    process.kill(outpost.pid, 'SIGTERM');
    for (const person of people) {
      expect(await person.hearsLastWord()).toEqual(STOPPED);
      await person.browser.ended;
    }
    expect(await endOf(outpost)).toContain('it ended with code 0');
    await untilGone(guacd);
    expect(await drives(lab)).toEqual([]);
    expect(lab.log.at(-1)).toContain('"event":"Ended"');
    expect(lab.log.join()).not.toContain('Ending took too long');
  });

  it('that comes a second time ends everything at once', async () => {
    await two();
    const { outpost } = lab;
    const guacd = await guacdPids(lab);
    const said = lab.log.length;
    // It hangs, so that its end takes all the time that it is given: the second signal comes into that.
    for (const pid of guacd) process.kill(pid, 'SIGSTOP');
    process.kill(outpost.pid, 'SIGINT');
    await lab.untilLog('"event":"Ending"', said);
    process.kill(outpost.pid, 'SIGTERM');
    expect(await endOf(outpost)).toContain('it ended with code 143');
    await untilGone(guacd);
  });
});

describe('a lost link', () => {
  it('leaves open sessions alone, and is found again', async () => {
    const alice = await Person.atWork(lab, 'ssh', { user: 'alice' });
    await lab.authentik.setFaults({ answer: 'http502', parts: ['api', 'events'] });
    lab.authentik.closeSockets(1012, ['events']);
    const { link } = await lab.untilStatus(
      (status) => status.link.kind === 'waiting' && status.link.attempt > 1,
    );
    expect(link.kind === 'waiting' && link.reason.message).toContain('502');
    expect(await alice.runs('echo no matter')).toBe('no matter\n');
    await lab.authentik.clearFaults();
    await lab.outpost.control.request('retry', {});
    await lab.untilStatus((status) => status.link.kind === 'online');
    await untilAuthentikCounts(1);
    expect(await alice.runs('echo still here')).toBe('still here\n');
    const bob = await Person.atWork(lab, 'ssh', { user: 'bob' });
    expect(await bob.runs('echo new')).toBe('new\n');
  });
});

describe('a stop', () => {
  it('with a drain lets a session finish, and is remembered over a restart until a start', async () => {
    const alice = await Person.atWork(lab, 'ssh', { user: 'alice' });
    await lab.outpost.control.request('stop', { drain: true });
    expect(await lab.status()).toMatchObject({ phase: 'draining', wish: 'stop', link: { kind: 'stopped' } });
    await lab.authentik.until(() => lab.authentik.instances().every(({ connected }) => !connected));
    expect(await alice.runs('echo finishing')).toBe('finishing\n');
    const guacd = await guacdPids(lab);
    await alice.browser.close();
    await lab.untilStatus(({ phase }) => phase === 'stopped');
    await untilGone(guacd);
    expect((await lab.untilEnded('alice')).reason).toBe('user-left');

    await lab.stopOutpost();
    await lab.startOutpost({ online: false });
    expect(await lab.status()).toMatchObject({
      phase: 'stopped',
      wish: 'stop',
      link: { kind: 'stopped' },
      guacd: { kind: 'stopped' },
    });
    expect(await guacdPids(lab)).toEqual([]);

    await lab.outpost.control.request('start', {});
    await lab.untilStatus(({ link, guacd: state }) => link.kind === 'online' && state.kind === 'up');
    const bob = await Person.atWork(lab, 'ssh', { user: 'bob' });
    expect(await bob.runs('echo again')).toBe('again\n');
  });
});

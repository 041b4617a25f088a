import { setTimeout as later } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MachineProtocol } from '../../practice/machines/machine.ts';
import { eventually, Lab } from './harness/lab.ts';
import { sample, scrape } from './harness/metrics.ts';
import { Person } from './harness/person.ts';
import { Shown } from './harness/shown.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start({ machines: ['ssh', 'vnc', 'rdp'], environment: { SALLYPORT_HOLD_SECONDS: '60' } });
});

afterAll(() => lab?.stop());

afterEach(async () => {
  lab.closeBrowsers();
  for (const { id } of (await lab.status()).sessions) await lab.outpost.control.request('end', { id });
  await lab.untilStatus(({ sessions }) => sessions.length === 0);
});

/** A page with a connection token in its address, which a reload does not change. */
function page(protocol: MachineProtocol, user = 'alice') {
  const { name, parameters } = lab.machine(protocol);
  const token = lab.authentik.createToken({ machine: { name, protocol, parameters }, user });
  return { load: () => Person.atWork(lab, protocol, { token }) };
}

const held = () => lab.untilStatus(({ sessions }) => sessions.some(({ state }) => state === 'held'));
const online = () => lab.untilStatus(({ link }) => link.kind === 'online');
const only = async () => {
  const { sessions } = await lab.status();
  expect(sessions).toHaveLength(1);
  return sessions[0];
};

/** Ways to lose the person’s end; each resolves when a page can be loaded again. */
const LOSSES: Readonly<Record<string, (person: Person) => Promise<unknown>>> = {
  'the page is reloaded': async (person) => {
    person.browser.kill();
    await held();
  },
  'authentik is restarted': async () => {
    await lab.authentik.setFaults({ down: true });
    await held();
    await lab.authentik.clearFaults();
    await online();
  },
  'the websocket is cut': async () => {
    lab.authentik.resetSockets(['sessions']);
    await held();
  },
};

describe('a session outlives its viewer: the same shell by SSH', () => {
  it('whatever the person’s end is lost by, again and again; what was typed meanwhile is there', async () => {
    const alice = page('ssh');
    let person = await alice.load();
    const shell = await person.runs('echo $$');
    const before = await only();
    for (const [at, lose] of Object.values(LOSSES).entries()) {
      // Something that goes on, and a key that is never released.
      await person.runs(`(sleep 1; touch went-on-${at}) > /dev/null 2>&1 & echo started`);
      person.browser.send('key', String(0xffe3), '1');
      await lose(person);
      person = await alice.load();
      await eventually(async () => (await person.runs(`ls went-on-${at}`)) === `went-on-${at}\n`);
      expect(await person.runs('echo $$')).toBe(shell);
      expect(await only()).toMatchObject({ id: before?.id, state: 'live', guacd: before?.guacd });
    }
    // All that a first user has: clipboards both ways, and the size.
    const text = 'emoji 👋🏽 Größe € 漢';
    expect(await person.pastes(text)).toBe(text);
    expect(await person.marks('marked 👋 Größe')).toBe('marked 👋 Größe');
    const columns = async () => Number((await person.runs('stty size < $(tty)')).split(' ')[1]);
    const wide = await columns();
    person.browser.send('size', '500', '400');
    await eventually(async () => (await columns()) < wide);
    const metrics = await scrape(lab);
    expect(sample(metrics, 'sallyport_session_holds_total{event="resumed"}')).toBe(3);
    expect(sample(metrics, 'sallyport_sessions_held')).toBe(0);
  });

  it('for nobody else: another token, and the same person with another', async () => {
    const alice = await page('ssh').load();
    const shell = await alice.runs('echo $$');
    alice.browser.kill();
    await held();
    for (const user of ['alice', 'mallory']) {
      const other = await page('ssh', user).load();
      expect(await other.runs('echo $$')).not.toBe(shell);
    }
    expect((await lab.status()).sessions.map(({ state }) => state).sort()).toEqual(['held', 'live', 'live']);
  });
});

describe.each(['vnc', 'rdp'] as const)(
  'a session outlives its viewer: the same desktop by %s',
  (protocol) => {
    it('for nobody else, with another token: theirs is a session of its own', async () => {
      const alice = page(protocol);
      const first = await alice.load();
      const before = await only();
      first.browser.kill();
      await held();
      for (const user of ['alice', 'mallory']) await page(protocol, user).load();
      const { sessions } = await lab.status();
      expect(sessions.map(({ state }) => state).sort()).toEqual(['held', 'live', 'live']);
      expect(sessions.find(({ state }) => state === 'held')).toMatchObject({ id: before?.id });
      // What is left is still there for whom it is.
      await alice.load();
      expect((await lab.status()).sessions.find(({ id }) => id === before?.id)).toMatchObject({
        state: 'live',
      });
    });

    it.each(Object.keys(LOSSES))('when %s', async (loss) => {
      const alice = page(protocol);
      const first = await alice.load();
      const shell = await first.runs('echo $$');
      const before = await only();
      await LOSSES[loss]?.(first);
      const again = await alice.load();
      expect(await again.runs('echo $$')).toBe(shell);
      // guacd has no second connection to the machine: it is the one that ran.
      expect(await only()).toMatchObject({ id: before?.id, state: 'live' });
      again.browser.send('size', '900', '700');
      // An RDP machine that is just changing its size swallows a key now and then.
      await eventually(async () => (await again.runs('echo still here')) === 'still here\n');
    });
  },
);

describe('somebody who watches', () => {
  it.each(['ssh', 'vnc', 'rdp'] as const)(
    'sees, cannot do anything, and disturbs nobody: %s',
    async (protocol) => {
      const alice = page(protocol);
      let person = await alice.load();
      expect(await person.runs('echo before')).toBe('before\n');
      const id = (await only())?.id ?? '';
      const view = await Shown.watching(lab.outpost, id);
      await view.picture();
      view.type('touch watched\n');
      expect(await person.runs('ls watched 2>/dev/null; echo nothing')).toBe('nothing\n');
      expect((await lab.status()).sessions.find((session) => session.id === id)).toMatchObject({
        watchers: 1,
      });
      // Also when the person leaves and comes back meanwhile.
      person.browser.kill();
      await held();
      person = await alice.load();
      const seen = view.seen.length;
      expect(await person.runs('echo after')).toBe('after\n');
      await eventually(() => view.seen.length > seen);
      view.close();
      await lab.untilStatus(({ sessions }) => sessions.length === 1);
      expect(await person.runs('echo still')).toBe('still\n');
    },
  );

  it('slows nobody down, however slowly its window draws', { timeout: 180_000 }, async () => {
    const person = await page('vnc').load();
    expect(await person.runs('echo there')).toBe('there\n');
    const id = (await only())?.id ?? '';
    // Pictures without an end; guacd sends those of a desktop as fast as the slowest of its users answers.
    person.starts('while :; do echo $RANDOM$RANDOM; sleep 0.02; done');
    const frames = async () => {
      const { mark } = person.browser;
      await later(3_000);
      const { instructions } = person.browser;
      return instructions.slice(mark - person.browser.mark).filter(([opcode]) => opcode === 'sync').length;
    };
    let [alone, watched] = [0, 0];
    // In turns: what else the machine has to do concerns both.
    for (let round = 0; round < 3; round += 1) {
      alone += await frames();
      const view = await Shown.watching(lab.outpost, id, { frameMs: 400 });
      try {
        // For guacd only a delay that grows is slowness; a steady one is a long way.
        await eventually(() => view.drawn > 4, 60_000);
        watched += await frames();
      } finally {
        view.close();
      }
      await lab.untilStatus(({ sessions }) => sessions.length === 1);
    }
    expect(watched).toBeGreaterThan(alone / 3);
  });

  it('does not keep a session alive that has ended', async () => {
    const person = await page('ssh').load();
    const id = (await only())?.id ?? '';
    const view = await Shown.watching(lab.outpost, id);
    await view.picture();
    person.starts('exit');
    await eventually(() => view.isClosed);
    await lab.untilStatus(({ sessions }) => sessions.length === 0);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lab } from './harness/lab.ts';
import { sample, scrape } from './harness/metrics.ts';
import { Person } from './harness/person.ts';

const COUNT = 20;
const SSH = 'sallyport_sessions{protocol="ssh"}';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start({ machines: ['ssh'], environment: { SALLYPORT_SESSIONS: String(COUNT) } });
});

afterAll(() => lab?.stop());

const countInAuthentik = () => lab.authentik.instances().map(({ activeConnections }) => activeConnections);

const untilAuthentikCounts = (count: number) =>
  lab.authentik.until(() => countInAuthentik()[0] === count, { what: `authentik counts ${count}` });

describe(`${COUNT} SSH sessions at once`, () => {
  it('are all shown, typed into and counted the same by everyone; one more is refused, and one ended leaves the rest', async () => {
    const names = Array.from({ length: COUNT }, (_, index) => `person ${index}`);
    const people = await Promise.all(names.map((user) => Person.atWork(lab, 'ssh', { user })));

    await untilAuthentikCounts(COUNT);
    const status = await lab.status();
    expect(status.sessions.map(({ user, state }) => `${user} ${state}`).sort()).toEqual(
      names.map((user) => `${user} live`).sort(),
    );
    expect(sample(await scrape(lab), SSH)).toBe(COUNT);
    expect(sample(await scrape(lab), 'sallyport_session_setup_seconds_count{protocol="ssh"}')).toBe(COUNT);

    // Each in a shell of its own: what one types no other gets.
    const shells = await Promise.all(people.map((person) => person.runs('echo $$')));
    expect(new Set(shells).size).toBe(COUNT);

    const late = await Person.arrive(lab, 'ssh', { user: 'late' });
    const refusal = await late.hearsLastWord();
    expect(refusal).toEqual({
      sentence: `This outpost has reached its limit of sessions at once: ${COUNT}. Try again later, or ask the admin to raise the limit.`,
      status: 0x0201,
    });
    expect(countInAuthentik()).toEqual([COUNT]);

    const [first, ...others] = people;
    const id = status.sessions.find(({ user }) => user === 'person 0')?.id ?? '';
    await lab.outpost.control.request('end', { id });
    expect(await first?.hearsLastWord()).toEqual({
      sentence: 'The admin of the jump host ended this session.',
      status: 0x020b,
    });
    await untilAuthentikCounts(COUNT - 1);
    expect((await lab.untilEnded('person 0')).reason).toBe('ended-by-admin');
    expect(sample(await scrape(lab), SSH)).toBe(COUNT - 1);
    expect(
      sample(await scrape(lab), 'sallyport_session_ends_total{protocol="ssh",reason="ended-by-admin"}'),
    ).toBe(1);
    await Promise.all(
      others.map(async (person, index) => {
        expect(await person.runs(`echo ${index}`)).toBe(`${index}\n`);
      }),
    );

    await Promise.all(others.map(({ browser }) => browser.close()));
    await untilAuthentikCounts(0);
    const { history } = await lab.untilStatus(({ sessions }) => sessions.length === 0);
    expect(history.filter(({ reason }) => reason === 'user-left')).toHaveLength(COUNT - 1);
    expect(sample(await scrape(lab), SSH)).toBe(0);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';

let newest: Lab;
let older: Lab;

beforeAll(async () => {
  newest = await Lab.start({ machines: ['ssh'] });
  older = await Lab.start({
    machines: newest.practice.machines,
    authentik: { generation: 'older' },
  });
});

afterAll(async () => {
  await older?.stop();
  await newest?.stop();
});

afterEach(() => {
  older.closeBrowsers();
  newest.closeBrowsers();
});

describe('an SSH session through a real guacd and sshd', () => {
  it.each(['key', 'password', 'known-host'])(
    'shows its picture and takes what is typed: %s',
    async (login) => {
      const machine = newest.machine('ssh');
      const { username = '' } = machine.logins[login] ?? {};
      const user = `alice with ${login}`;
      const alice = await Person.atWork(newest, 'ssh', { login, user });
      expect(await alice.runs('whoami; pwd')).toBe(`${username}\n${machine.home}\n`);
      const { sessions } = await newest.status();
      expect(sessions.find((session) => session.user === user)).toMatchObject({
        protocol: 'ssh',
        state: 'live',
        machine: `127.0.0.1:${machine.port}`,
      });
    },
  );

  it.each([
    ['older', () => older],
    ['newest', () => newest],
  ])('carries what is not ASCII both ways, as keys and as clipboards: %s authentik', async (_, lab) => {
    const bob = await Person.atWork(lab(), 'ssh');
    // guacd 1.3 types what Unicode's first plane has; emoji come by the clipboard.
    expect(await bob.runs("printf 'Grüße € Ω щ 漢'")).toBe('Grüße € Ω щ 漢');
    const text = 'emoji 👋🏽 Größe € 漢 "quoted" ;,.';
    expect(await bob.pastes(text)).toBe(text);
    expect(await bob.marks('marked 👋 Größe € 漢')).toBe('marked 👋 Größe € 漢');
    expect(bob.browser.failure).toBeUndefined();
  });

  it('ends when the person leaves, and when the machine does', async () => {
    const erin = await Person.atWork(newest, 'ssh', { user: 'erin' });
    await erin.browser.close();
    const frank = await Person.atWork(newest, 'ssh', { user: 'frank' });
    frank.starts('exit');
    await frank.browser.waitFor('disconnect');
    expect((await newest.untilEnded('erin')).reason).toBe('user-left');
    expect((await newest.untilEnded('frank')).reason).toBe('machine-ended');
  });

  it('follows the size of the browser', async () => {
    const carol = await Person.atWork(newest, 'ssh', { screenWidth: 800.5, screenHeight: '600.25' });
    const rowsAndColumns = async () => (await carol.runs('stty size < $(tty)')).split(' ').map(Number);
    const [rows = 0, columns = 0] = await rowsAndColumns();
    expect(rows).toBeGreaterThan(10);
    carol.browser.send('size', '1200', '300');
    const size = await carol.browser.waitFor(
      ([opcode, , width]) => opcode === 'size' && Number(width) > 1100,
    );
    expect(size[1]).toBe('0');
    const [lessRows, moreColumns] = await rowsAndColumns();
    expect(lessRows).toBeLessThan(rows);
    expect(moreColumns).toBeGreaterThan(columns);
  });
});

describe('an SSH session that cannot be', () => {
  const CHANGED_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
  const here = () => `127.0.0.1:${newest.machine('ssh').port}`;

  it.each([
    {
      what: 'a wrong password',
      parameters: () => ({ password: 'not the password' }),
      status: 0x0301,
      machine: here,
      words: 'the machine refused the user name or the password',
      advice: 'Check the user name and the password or key in authentik.',
    },
    {
      what: 'a key of somebody else',
      login: 'key',
      parameters: () => ({ username: 'nobody-of-that-name' }),
      status: 0x0301,
      machine: here,
      words: 'the machine refused the user name or the password',
      advice: 'Check the user name and the password or key in authentik.',
    },
    {
      what: 'a host key that has changed',
      login: 'known-host',
      parameters: () => ({ 'host-key': `[127.0.0.1]:${newest.machine('ssh').port} ${CHANGED_KEY}` }),
      status: 0x0200,
      machine: here,
      words: 'guacd failed inside',
      advice: 'Check the machine’s name and host key in authentik.',
    },
    {
      what: 'a name that nobody knows',
      parameters: () => ({ hostname: 'no-such-machine.invalid', port: '22' }),
      status: 0x0200,
      machine: () => 'no-such-machine.invalid:22',
      words: 'guacd failed inside',
      advice: 'Check the machine’s name and host key in authentik.',
    },
    {
      what: 'a port where nothing listens',
      parameters: () => ({ port: '1' }),
      status: 0x0207,
      machine: () => '127.0.0.1:1',
      words: 'the machine was not found, or nothing listens there',
      advice: 'Check its address and port in authentik',
    },
  ])('ends with a word to the browser, in both generations: $what', async (wish) => {
    const { what, login = 'password', parameters, status, machine, words, advice } = wish;
    for (const lab of [newest, older]) {
      const dave = await Person.arrive(lab, 'ssh', { login, parameters: parameters(), user: what });
      const word = await dave.hearsLastWord();
      expect(word.sentence).toContain(`The session on ${machine()} ended: ${words}`);
      expect(word.sentence).toContain(advice);
      expect(word.status).toBe(status);
      expect(await lab.untilEnded(what)).toMatchObject({ reason: 'failed', machine: machine() });
    }
  });
});

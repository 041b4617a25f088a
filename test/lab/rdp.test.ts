import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { marked } from '../../practice/machines/leftovers.ts';
import { eventually, Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';

let lab: Lab;

beforeAll(async () => {
  // Older authentik needs Guacamole's own file streams, so the drive can be seen from both sides.
  lab = await Lab.start({ machines: ['rdp'], authentik: { generation: 'older' } });
});

afterAll(() => lab?.stop());

afterEach(() => lab.closeBrowsers());

/**
 * Somebody to whom guacd has offered the drive. guacd 1.3 offers it to nobody where it is quicker at that than at
 * letting the person in: then another session has to be opened.
 */
async function withDrive(user: string, parameters: Record<string, string>) {
  for (let tries = 1; ; tries += 1) {
    const person = await Person.atWork(lab, 'rdp', { user, parameters });
    try {
      const [, object = ''] = await person.browser.waitFor('filesystem', { timeoutMs: 3_000 });
      return { person, object };
    } catch (error) {
      if (tries === 5) throw error;
      await person.browser.close();
      await lab.untilEnded(user);
    }
  }
}

describe('an RDP session through a real guacd and xrdp', () => {
  it('shows its picture, takes what is typed, and follows the size of the browser', async () => {
    const alice = await Person.atWork(lab, 'rdp');
    expect(await alice.runs('echo hello; pwd')).toBe(`hello\n${lab.machine('rdp').home}\n`);
    const { mark } = alice.browser;
    alice.browser.send('size', '800', '600');
    // guacd tells a size only when the machine has taken it.
    await alice.browser.waitFor(
      ([opcode, layer, ...size]) => opcode === 'size' && layer === '0' && size.join() === '800,600',
      { from: mark },
    );
    const { mark: resized } = alice.browser;
    expect(await alice.runs('echo smaller')).toBe('smaller\n');
    // Only what is drawn anew: this xrdp does not always repaint its screen by itself.
    await alice.seesPicture(resized);
  });

  it('carries clipboards both ways, as far as this xrdp goes: Latin 1', async () => {
    const bob = await Person.atWork(lab, 'rdp');
    // xrdp leaves out what its VNC side has no letter for; guacd itself has none for emoji on RDP's clipboard.
    expect(await bob.pastes('Größe "quoted" ;,. 👋€')).toBe('Größe "quoted" ;,.');
    expect(await bob.marks('marked Größe')).toBe('marked Größe');
    expect(bob.browser.failure).toBeUndefined();
  });

  it('keeps the drive in a private folder of its own, which is gone when the session is', async () => {
    const drives = join(lab.outpost.stateDir, 'drives');
    const parameters = { 'enable-drive': 'true', 'drive-name': 'files' };
    const { person: carol, object } = await withDrive('carol', parameters);
    const text = 'Größe 👋\n';
    carol.browser.send('put', object, '7', 'text/plain', '/hello.txt');
    await carol.browser.waitFor(([opcode, stream]) => opcode === 'ack' && stream === '7');
    carol.browser.send('blob', '7', Buffer.from(text).toString('base64'));
    carol.browser.send('end', '7');
    const [name = ''] = await readdir(drives);
    const file = join(drives, name, 'hello.txt');
    await eventually(async () => (await readFile(file, 'utf8').catch(() => '')) === text);
    expect((await stat(join(drives, name))).mode & 0o777).toBe(0o700);
    // Where authentik asks for it, in a place that everyone knows, there is nothing.
    expect(existsSync('/tmp/connection')).toBe(false);
    await carol.browser.close();
    await lab.untilEnded('carol');
    expect(await readdir(drives)).toEqual([]);
  });

  it('leaves a wrong password to the machine, whose own window the person sees', async () => {
    const dave = await Person.atWork(lab, 'rdp', { user: 'dave', parameters: { password: 'wrong' } });
    await dave.browser.close();
    expect((await lab.untilEnded('dave')).reason).toBe('user-left');
  });
});

describe('an RDP session that cannot be', () => {
  it.each([
    {
      what: 'a port where nothing listens',
      parameters: { port: '1' },
      machine: (): string => '127.0.0.1:1',
      advice: ' Check ',
    },
    {
      what: 'a name that nobody knows',
      parameters: { hostname: 'no-such-machine.invalid', port: '3389' },
      machine: (): string => 'no-such-machine.invalid:3389',
      advice: ' Check ',
    },
    {
      what: 'a kind of security that the machine does not have',
      parameters: { security: 'nla' },
      machine: (): string => `127.0.0.1:${lab.machine('rdp').port}`,
      advice: ' Set “security” ',
    },
  ])('ends with a word to the browser: $what', async ({ what, parameters, machine, advice }) => {
    const erin = await Person.arrive(lab, 'rdp', { user: what, parameters });
    const { sentence, status } = await erin.hearsLastWord();
    expect(sentence).toContain(`The session on ${machine()} ended: `);
    expect(sentence).toContain(advice);
    expect(status).toBeGreaterThan(0);
    expect((await lab.untilEnded(what)).reason).toBe('failed');
  });

  it('ends with a word to the browser when the machine dies under it', async () => {
    const { port, home } = lab.machine('rdp');
    const frank = await Person.atWork(lab, 'rdp', { user: 'frank' });
    // Held first, all of it: xrdp would log off as a person does if it saw its screen go.
    const all = await marked(dirname(home));
    for (const signal of ['SIGSTOP', 'SIGKILL']) for (const pid of all) process.kill(pid, signal);
    const { sentence, status } = await frank.hearsLastWord();
    expect(sentence).toContain(`The session on 127.0.0.1:${port} ended: `);
    expect(status).toBeGreaterThan(0);
    expect((await lab.untilEnded('frank')).reason).toBe('failed');
  });
});

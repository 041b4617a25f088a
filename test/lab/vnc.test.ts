import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start({ machines: ['vnc'] });
});

afterAll(() => lab?.stop());

afterEach(() => lab.closeBrowsers());

describe('a VNC session through a real guacd and Xvnc', () => {
  it('shows its picture and takes what is typed, emoji as well', async () => {
    const alice = await Person.atWork(lab, 'vnc');
    expect(await alice.runs("printf 'Grüße € 漢 👋'; pwd")).toBe(`Grüße € 漢 👋${lab.machine('vnc').home}\n`);
    // What was typed is drawn as well.
    const { mark } = alice.browser;
    alice.starts('clear');
    await alice.seesPicture(mark);
  });

  it('carries clipboards both ways, as far as VNC’s Latin 1 goes', async () => {
    const bob = await Person.atWork(lab, 'vnc');
    expect(await bob.pastes('Größe "quoted" ;,. 👋 €')).toBe('Größe "quoted" ;,. ? ?');
    expect(await bob.marks('marked Größe')).toBe('marked Größe');
    expect(bob.browser.failure).toBeUndefined();
  });

  it('goes on where the browser changes its size, which VNC cannot follow', async () => {
    const carol = await Person.atWork(lab, 'vnc');
    carol.browser.send('size', '640', '480');
    expect(await carol.runs('echo still here')).toBe('still here\n');
  });
});

describe('a VNC session that cannot be', () => {
  it.each([
    { what: 'a wrong password', parameters: { password: 'wrong' } },
    { what: 'a port where nothing listens', parameters: { port: '1' } },
    { what: 'a name that nobody knows', parameters: { hostname: 'no-such-machine.invalid' } },
  ])('ends with a word to the browser: $what', async ({ parameters }) => {
    const { port } = lab.machine('vnc');
    const { hostname, port: askedPort } = { hostname: '127.0.0.1', port, ...parameters };
    const dave = await Person.arrive(lab, 'vnc', { parameters });
    const { sentence, status } = await dave.hearsLastWord();
    expect(sentence).toContain(`The session on ${hostname}:${askedPort} ended`);
    // guacd 1.3 says the same of all of them, or nothing at all where it is quick: the sentence names them all.
    expect(sentence).toMatch(/was not found.* or it refused/);
    expect(sentence).toContain('Check its address and port in authentik');
    expect([0x0203, 0x0207]).toContain(status);
  });

  it('ends with a word to the browser when the machine dies under it', async () => {
    const { port, stop } = lab.machine('vnc');
    const erin = await Person.atWork(lab, 'vnc', { user: 'erin' });
    await stop();
    const { sentence, status } = await erin.hearsLastWord();
    expect(sentence).toContain(`The session on 127.0.0.1:${port} ended: `);
    expect(status).toBeGreaterThan(0);
    expect((await lab.untilEnded('erin')).reason).toBe('failed');
  });
});

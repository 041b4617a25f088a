import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from './harness/command.ts';
import { Lab } from './harness/lab.ts';
import { Person } from './harness/person.ts';
import { guacdPids } from './harness/processes.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start({ environment: { AUTHENTIK_LOG_LEVEL: 'trace' } });
});

afterAll(() => lab?.stop());

const wrong = `wrong-${randomBytes(8).toString('hex')}`;
const typed = `typed-${randomBytes(8).toString('hex')}`;
const pasted = `pasted-${randomBytes(8).toString('hex')}`;

/** Everything that only authentik, the outpost, guacd and the machine may know, by what it is. */
function secrets(): Map<string, string> {
  const { logins } = lab.machine('ssh');
  const key = (logins['key']?.['private-key'] ?? '')
    .split('\n')
    .filter((line) => /^[\w+/=]{40,}$/.test(line));
  const passwords = (['ssh', 'vnc', 'rdp'] as const).map(
    (protocol) =>
      [`password of ${protocol}`, lab.machine(protocol).logins['password']?.['password']] as const,
  );
  const all: (readonly [string, string | undefined])[] = [
    ['token', lab.authentik.token],
    ...passwords,
    ...key.map((line, index) => [`line ${index} of the private key`, line] as const),
    ['a wrong password', wrong],
    ['what was typed', typed],
    ['what was pasted', pasted],
    ['the connection token, in the path of the drive', '/tmp/connection/'],
  ];
  return new Map(all.map(([name, secret]) => [name, secret ?? '']));
}

/** The names of the secrets in `text`. */
const found = (text: string) =>
  [...secrets()].flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));

async function filesBelow(dir: string): Promise<Map<string, string>> {
  const names = await readdir(dir, { recursive: true });
  const files = new Map<string, string>();
  for (const name of names) {
    const path = join(dir, name);
    if ((await stat(path).catch(() => undefined))?.isFile()) files.set(name, await readFile(path, 'latin1'));
  }
  return files;
}

describe('what an outpost knows of its sessions, at the level trace', () => {
  it('is in no log, no state, no file, no command line, and no environment of guacd', async () => {
    const people = [
      await Person.atWork(lab, 'ssh', { user: 'alice', login: 'key' }),
      await Person.atWork(lab, 'ssh', { user: 'bob', login: 'password' }),
      await Person.atWork(lab, 'vnc', { user: 'carol' }),
      await Person.atWork(lab, 'rdp', { user: 'dave', parameters: { 'enable-drive': 'true' } }),
    ];
    await people[0]?.runs(`echo ${typed}`);
    await people[1]?.pastes(pasted);
    for (const protocol of ['ssh', 'vnc'] as const) {
      const erin = await Person.arrive(lab, protocol, { user: 'erin', parameters: { password: wrong } });
      await erin.hearsLastWord();
    }

    const { pid, stateDir } = lab.outpost;
    const places = new Map<string, string>();
    places.set('output', lab.log.join('\n'));
    for (const [name, text] of await filesBelow(stateDir)) places.set(`file ${name}`, text);
    for (const args of [
      'log -n 1000 --json',
      'status --json',
      'sessions --json',
      'config show --json',
      'doctor --json',
    ]) {
      const { code, out, err } = await command(args.split(' '), { stateDir });
      expect({ args, code }).toEqual({ args, code: 0 });
      places.set(`sallyport ${args}`, out + err);
    }
    const guacd = await guacdPids(lab);
    for (const process of guacd) {
      places.set(`command line of guacd ${process}`, await readFile(`/proc/${process}/cmdline`, 'latin1'));
      places.set(`environment of guacd ${process}`, await readFile(`/proc/${process}/environ`, 'latin1'));
    }
    places.set('command line of the outpost', await readFile(`/proc/${pid}/cmdline`, 'latin1'));

    const leaks = [...places].flatMap(([place, text]) => found(text).map((name) => `${name} in ${place}`));
    expect(leaks).toEqual([]);

    // That this could have failed: the places are full, the secrets real, and a look finds them.
    expect(guacd.length).toBeGreaterThanOrEqual(5);
    for (const place of ['output', 'file log/sallyport.log', 'sallyport log -n 1000 --json']) {
      expect(places.get(place)).toMatch(/"level":"trace"/);
      for (const user of ['alice', 'bob', 'carol', 'dave', 'erin']) expect(places.get(place)).toContain(user);
    }
    for (const [name, secret] of secrets()) {
      expect(secret.length, name).toBeGreaterThanOrEqual(8);
      expect(found(`before ${secret} after`)).toContain(name);
    }
    expect(found(await readFile(`/proc/${pid}/environ`, 'latin1'))).toEqual(['token']);
    expect(await people[0]?.runs('echo done')).toBe('done\n');
  });
});

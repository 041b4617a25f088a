import { describe, expect, it } from 'vitest';
import { planImport } from '../../../main/core/offline/machines/import-plan.ts';
import { readImport } from '../../../main/core/offline/machines/import-read.ts';
import type { ImportFormat, Reading } from '../../../main/core/offline/machines/import-types.ts';
import { turnsDuring } from '../../integration/turns.ts';

const MIB = 1024 * 1024;
/** Nearly all that an .rdp file may have. */
const LONG = 250 * 1024;

/** Reads and plans, and counts how often everything else of the process had its turn meanwhile. */
async function read(name: string, content: string | Buffer, format: ImportFormat | null = null) {
  const { turns, value } = await turnsDuring(async () => {
    const reading: Reading = await readImport({ name, format, bytes: Buffer.from(content) });
    return { ...reading, rows: (await planImport([reading], [], false)).rows };
  });
  return { ...value, turns, whys: value.skipped.map(({ why }) => why).join(' ') };
}

/** What is written to slow a reader down or to break it is read in the time that its length takes, or refused. */
describe('a file that was made to do harm', () => {
  it.each([
    ['a line of blanks', ' '.repeat(LONG)],
    ['a name of blanks', `full address${' '.repeat(LONG)}`],
    ['colons', ':'.repeat(LONG)],
  ])('is no .rdp file for long: %s', async (_, line) => {
    const { candidates } = await read('x.rdp', `full address:s:h\n${line}\nusername:s:u\n`);
    expect(candidates).toMatchObject([{ draft: { host: 'h', user: 'u' } }]);
  });

  it.each([
    ['a million values', `${','.repeat(MIB)}\nh,ssh`],
    ['quotes that are never closed', `host,protocol\n"${'""'.repeat(MIB)}`],
    ['a title without end', `host,${'x'.repeat(MIB)}\nh,ssh`],
    ['empty lines', `host,protocol\n${'\n'.repeat(MIB)}h,ssh`],
    ['a value without end', `host,protocol,notes\nh,ssh,${'x'.repeat(MIB)}`],
  ])('is a table of which the rest is read: %s', async (_, text) => {
    const { candidates, skipped } = await read('x.csv', text, 'csv');
    expect(candidates.length + skipped.length).toBeGreaterThan(0);
    expect(candidates.length).toBeLessThanOrEqual(1);
    for (const { name, why } of skipped) {
      expect(name.length).toBeLessThan(100);
      expect(why.length).toBeLessThan(400);
    }
  });

  it('says which value is too long', async () => {
    const { whys } = await read('x.csv', `host,protocol,notes\nh,ssh,${'x'.repeat(MIB)}`);
    expect(whys).toContain('“notes” is longer than a machine may be');
  });

  it('names columns and parameters like parts of every object', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const csv = `host,protocol,${names.map((name) => `${name} (parameter)`).join(',')}\nh,ssh,1,2,3,4\n`;
    const json = `[{"host":"h","protocol":"ssh","__proto__":{"user":"root"},"parameters":{"__proto__":"x","constructor":"y"}}]`;
    for (const [name, text] of [
      ['x.csv', csv],
      ['x.json', json],
    ] as const) {
      const { candidates, rows } = await read(name, text);
      expect(rows.length).toBeGreaterThan(0);
      for (const { draft } of candidates) expect(draft.user ?? '').toBe('');
      expect(Object.prototype).not.toHaveProperty('user');
    }
    const { candidates } = await read('x.rdp', 'full address:s:h\naudiomode:s:constructor\n');
    expect(JSON.stringify(candidates)).not.toContain('function');
  });

  it('is nested a million times, or has as many names', async () => {
    expect((await read('x.json', '[{"a":'.repeat(MIB))).whys).toContain('nested deeper');
    const names = Array.from({ length: 100_000 }, (_, at) => `"n${at}":1`).join(',');
    expect((await read('x.json', `[{"host":"h","protocol":"ssh",${names}}]`)).candidates).toHaveLength(1);
    // What is nested in a text is a text.
    const text = JSON.stringify([{ host: 'h', protocol: 'ssh', notes: '\\"[{'.repeat(100) }]);
    expect((await read('x.json', text)).candidates).toHaveLength(1);
  });

  it('has names and patterns without end', async () => {
    const key = `ssh-ed25519 ${Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.alloc(40)]).toString('base64')}`;
    expect((await read('known_hosts', `${'a*,'.repeat(MIB)} ${key}\n`)).whys).toContain('more names');
    expect((await read('config', `Host ${'a?b* '.repeat(2_000)}\n  User u\n`, 'ssh-config')).whys).toContain(
      'patterns',
    );
    const deep = await read(
      'config',
      `Host ${'a'.repeat(MIB)}\n  HostName ${'%h'.repeat(MIB)}\n`,
      'ssh-config',
    );
    expect(deep.candidates).toEqual([]);
    expect(deep.whys).toContain('so long a name');
  });

  it.each(['x.csv', 'x.json', 'x.rdp', 'known_hosts', 'config'])('is made of anything: %s', async (name) => {
    const bytes = Buffer.from(Array.from({ length: 64 * 1024 }, (_, at) => (at * 7919) % 256));
    for (const content of [
      bytes,
      Buffer.alloc(4096),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from('\u2028,\u0000"'),
    ])
      expect((await read(name, content)).candidates).toEqual([]);
  });

  it('lets everything else have its turn', async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `h${at},ssh,${'x'.repeat(200)}`).join('\n');
    const { candidates, turns } = await read('x.csv', `host,protocol,notes\n${many}`);
    expect(candidates).toHaveLength(20_000);
    expect(turns).toBeGreaterThan(5);
  });
});

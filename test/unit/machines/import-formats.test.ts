import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { formatOf, readImport } from '../../../main/core/offline/machines/import-read.ts';
import { textOf } from '../../../main/core/offline/machines/import-text.ts';
import type { ImportFormat, Reading } from '../../../main/core/offline/machines/import-types.ts';

const read = (name: string, content: string | Buffer, format: ImportFormat | null = null): Promise<Reading> =>
  readImport({ name, format, bytes: Buffer.from(content) });

/** The one machine in a file, with the secrets of its login made visible. */
async function only(name: string, content: string | Buffer) {
  const { candidates, skipped } = await read(name, content);
  expect(candidates, JSON.stringify(skipped)).toHaveLength(1);
  const [candidate] = candidates;
  if (!candidate) throw new Error('nothing was read');
  const secrets = Object.fromEntries(
    Object.entries(candidate.credentials.credential?.fields ?? {}).map(([key, value]) => [
      key,
      value instanceof Secret ? value.reveal() : value,
    ]),
  );
  return { ...candidate, secrets };
}

const utf16 = (text: string, bigEndian = false, mark = true): Buffer => {
  const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

describe('.rdp files', () => {
  const MSTSC = [
    'screen mode id:i:2',
    'use multimon:i:0',
    'session bpp:i:32',
    'full address:s:srv-büro.example.org:3390',
    'audiomode:i:2',
    'redirectclipboard:i:0',
    'authentication level:i:0',
    'prompt for credentials:i:0',
    'username:s:EXAMPLE\\Jörg',
    'password 51:b:01000000D08C9DDF0115D1118C7A00C04FC297EB',
    'gatewayhostname:s:gw.example.org',
    'gatewayusagemethod:i:1',
    'allow font smoothing:i:1',
    'disable wallpaper:i:1',
    '',
  ].join('\r\n');

  it.each([
    ['UTF-16 LE, as mstsc writes it', utf16(MSTSC)],
    ['UTF-16 BE', utf16(MSTSC, true)],
    ['UTF-16 without a mark', utf16(MSTSC, false, false)],
    ['UTF-8', Buffer.from(MSTSC)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${MSTSC}`)],
    ['Latin-1', Buffer.from(MSTSC, 'latin1')],
  ])('of mstsc are read in %s', async (_, bytes) => {
    const { draft, notes, secrets } = await only('Büro.rdp', bytes);
    expect(draft).toEqual({
      name: 'Büro',
      protocol: 'rdp',
      host: 'srv-büro.example.org',
      port: 3390,
      user: 'Jörg',
      parameters: {
        domain: 'EXAMPLE',
        'color-depth': '32',
        'disable-audio': 'true',
        'disable-copy': 'true',
        'disable-paste': 'true',
        'enable-font-smoothing': 'true',
        'gateway-hostname': 'gw.example.org',
      },
    });
    expect(secrets).toEqual({});
    expect(notes.join(' ')).toContain('password was left out');
    expect(notes.join(' ')).toContain('any certificate');
    expect(JSON.stringify(notes)).not.toContain('01000000D08C');
  });

  it('of RemoteApp and brokers say what they start and where', async () => {
    const { draft } = await only(
      'Excel.rdp',
      'full address:s:[2001:db8::7]:3389\nremoteapplicationmode:i:1\nremoteapplicationprogram:s:||EXCEL\nremoteapplicationcmdline:s:/e "a b"\nloadbalanceinfo:s:tsv://MS Terminal Services Plugin.1.Farm\nalternate shell:s:rdpinit.exe\nusername:s:ann@example.org',
    );
    expect(draft).toMatchObject({ host: '2001:db8::7', port: 3389, user: 'ann@example.org' });
    expect(draft.parameters).toEqual({
      'remote-app': '||EXCEL',
      'remote-app-args': '/e "a b"',
      'load-balance-info': 'tsv://MS Terminal Services Plugin.1.Farm',
      'initial-program': 'rdpinit.exe',
    });
  });

  it('of other clients are read as well: odd case, blanks, a port of its own, a gateway that is not used', async () => {
    const { draft, notes } = await only(
      'mac.RDP',
      'Full Address : s : 10.0.0.7 \nServer Port:i:3391\nUSERNAME:s:.\\admin\ngatewayhostname:s:gw\ngatewayusagemethod:i:4\nnonsense\nscreen mode id:i:full\n',
    );
    expect(draft).toMatchObject({ name: 'mac', host: '10.0.0.7', port: 3391, user: 'admin', parameters: {} });
    expect(notes).toEqual(['2 lines could not be read and were left out.']);
  });

  it.each([
    ['without an address', 'screen mode id:i:2\nusername:s:x', 'names no machine'],
    ['with an empty address', 'full address:s:\n', 'names no machine'],
    ['that is something else', 'MZ\u0000\u0001', 'no .rdp file'],
    ['that is empty', '', 'no .rdp file'],
    ['that is far too long', `full address:s:${'x'.repeat(300_000)}`, 'so long'],
  ])('%s are skipped with a reason', async (_, content, why) => {
    const { candidates, skipped } = await read('x.rdp', content);
    expect(candidates).toEqual([]);
    expect(skipped[0]?.why).toContain(why);
  });
});

describe('CSV', () => {
  it('is read with any of the usual separators, marks and quotes', async () => {
    for (const separator of [',', ';', '\t', '|'])
      for (const begin of ['', '\uFEFF', `sep=${separator}\r\n`]) {
        const rows = [
          ['Name', 'Hostname', 'Port', 'Protocol', 'Username', 'Notes'],
          [`"web ${separator} one"`, '10.0.0.7', '2222', 'SSH', 'ops', '"says ""hello""\r\non two lines"'],
          [],
          ['db', 'db.example.org', '', 'rdp', '', ''],
        ];
        const text = begin + rows.map((row) => row.join(separator)).join('\r\n');
        const { candidates, skipped } = await read('list.csv', text);
        expect(skipped).toEqual([]);
        expect(candidates.map(({ draft }) => draft)).toEqual([
          {
            name: `web ${separator} one`,
            protocol: 'SSH'.toLowerCase(),
            host: '10.0.0.7',
            port: 2222,
            user: 'ops',
            notes: 'says "hello"\non two lines',
          },
          { name: 'db', protocol: 'rdp', host: 'db.example.org', port: null },
        ]);
        const line = begin.startsWith('sep') ? 6 : 5;
        expect(candidates[1]?.origin).toBe(`list.csv, line ${line}`);
      }
  });

  it('is understood with columns as Guacamole, Excel and Germans write them', async () => {
    const guacamole = await only(
      'g.csv',
      'name,protocol,hostname,port,username,password,group,ignore-cert (parameter),font-size (parameter)\na,rdp,h,3389,u,p w,ROOT/x,true,',
    );
    expect(guacamole.draft).toEqual({
      name: 'a',
      protocol: 'rdp',
      host: 'h',
      port: 3389,
      user: 'u',
      group: 'ROOT/x',
      parameters: { 'ignore-cert': 'true' },
    });
    expect(guacamole.secrets).toEqual({ password: 'p w' });
    const german = await only(
      'd.csv',
      'Bezeichnung;IP-Adresse;Protokoll;Benutzername;Kennwort;Ordner;Bemerkung;MAC-Adresse\nFräse;10.1.1.1;vnc;;geheim;Halle 2;alt;aa:bb:cc:dd:ee:ff',
    );
    expect(german.draft).toMatchObject({
      name: 'Fräse',
      host: '10.1.1.1',
      group: 'Halle 2',
      notes: 'alt',
      wakeAddress: 'aa:bb:cc:dd:ee:ff',
    });
    expect(german.secrets).toEqual({ password: 'geheim' });
  });

  it('guesses the protocol from a port that tells, and from nothing else', async () => {
    const { candidates, skipped } = await read(
      'p.csv',
      'host,port\na,22\nb,3389\nc,5901\nd,23\ne,8443\nf,\n',
    );
    expect(candidates.map(({ draft }) => draft.protocol)).toEqual(['ssh', 'rdp', 'vnc', 'telnet']);
    expect(skipped.map(({ origin, why }) => [origin, why])).toEqual([
      ['p.csv, line 6', 'No protocol is given, and the port does not tell.'],
      ['p.csv, line 7', 'No protocol is given, and the port does not tell.'],
    ]);
  });

  it('says which lines and columns it cannot use', async () => {
    const { candidates, skipped } = await read(
      'x.csv',
      'host,protocol,Colour\n,ssh,red\nh,gopher,\nrdp://h2:3390,,\n',
    );
    expect(candidates.map(({ draft }) => draft)).toEqual([
      { name: 'rdp://h2:3390', protocol: 'rdp', host: 'h2', port: 3390 },
    ]);
    expect(skipped.map(({ why }) => why)).toEqual([
      'The column Colour means nothing here and was left out.',
      'It has no host.',
      '“gopher” is no protocol that guacd speaks.',
    ]);
  });

  it.each([
    ['empty', '', 'empty'],
    ['without a column for the host', 'a,b\n1,2', 'names no column for the host'],
    ['with a quote that is never closed', 'host,protocol\n"h,ssh\nx,ssh', 'no protocol'],
  ])('%s is skipped with a reason', async (_, content, why) => {
    const { candidates, skipped } = await read('x.csv', content);
    expect(candidates).toEqual([]);
    expect(skipped.map((one) => one.why.toLowerCase()).join()).toContain(why.toLowerCase());
  });
});

describe('JSON', () => {
  it('is read from lists and from Guacamole’s own form, with secrets apart and the rest of one session left out', async () => {
    const { draft, secrets, notes } = await only(
      'x.json',
      JSON.stringify([
        {
          name: 'g',
          protocol: 'ssh',
          parameters: {
            hostname: 'h',
            port: 2222,
            username: 'u',
            'private-key': 'KEY\nKEY',
            passphrase: 'pp',
            'font-size': 14,
            'drive-path': '/tmp/x',
            'some-token': 'no',
          },
        },
      ]),
    );
    expect(draft).toEqual({
      name: 'g',
      protocol: 'ssh',
      host: 'h',
      port: 2222,
      user: 'u',
      parameters: { 'font-size': '14' },
    });
    expect(secrets).toEqual({ privateKey: 'KEY\nKEY', passphrase: 'pp' });
    expect(notes).toHaveLength(2);
    expect(JSON.stringify(notes)).not.toContain('"no"');
  });

  it.each([
    '[{"host":"h","protocol":"ssh","tags":["a","b"]}]',
    '{"machines":[{"host":"h","protocol":"ssh","tags":"a;b"}]}',
    '{"connections":[{"hostname":"h","type":"SSH2","labels":"a,b"}]}',
    '\uFEFF{"host":"h","protocol":"ssh","tags":"a|b"}',
  ])('is read as %s', async (text) => {
    expect((await only('x.json', text)).draft).toMatchObject({
      host: 'h',
      protocol: 'ssh',
      tags: ['a', 'b'],
    });
  });

  it.each([
    ['torn', '[{"host":"h"', 'no JSON'],
    ['a number', '7', 'no list'],
    ['of nonsense', '[1,null,[],{"x":1}]', 'no object'],
    ['very deep', '['.repeat(100_000), 'nested deeper'],
  ])('%s is skipped with a reason', async (_, content, why) => {
    const { candidates, skipped } = await read('x.json', content);
    expect(candidates).toEqual([]);
    expect(skipped[0]?.why).toContain(why);
  });
});

describe('an SSH configuration', () => {
  const CONFIG = `
# everything
ServerAliveInterval 30
Include ~/.ssh/config.d/*

Host web1 web2 !web3
  HostName=%h.example.org
  Port 2222
  IdentityFile "~/.ssh/id web"
Host bastion
  User root
  User ignored
  ProxyJump none
Host inner
\tHostName 10.9.9.9
\tProxyJump bastion
Host *.lab !secret.lab
  User lab
Host a.lab secret.lab
Match host x exec "rm -rf /"
  User matched
Host last # a comment
  ProxyCommand nc %h %p
garbage
Host *
  User everyone
`;

  it('gives each name the options that count for it', async () => {
    const { candidates } = await read('config', CONFIG);
    const drafts = Object.fromEntries(candidates.map(({ draft }) => [draft.name, draft]));
    expect(Object.keys(drafts)).toEqual(['web1', 'web2', 'bastion', 'inner', 'a.lab', 'secret.lab', 'last']);
    expect(drafts['web1']).toMatchObject({
      protocol: 'ssh',
      host: 'web1.example.org',
      port: 2222,
      user: 'everyone',
      notes: 'IdentityFile ~/.ssh/id web',
      parameters: { 'server-alive-interval': '30' },
    });
    expect(drafts['bastion']).toMatchObject({ host: 'bastion', user: 'root' });
    expect(drafts['a.lab']?.user).toBe('lab');
    expect(drafts['secret.lab']?.user).toBe('everyone');
    expect(drafts['last']?.user).toBe('everyone');
  });

  it('says what cannot be taken over, and opens and runs nothing', async () => {
    const { candidates, skipped } = await read('config', CONFIG);
    const notes = Object.fromEntries(
      candidates.map(({ draft, notes: said }) => [draft.name, said.join(' ')]),
    );
    expect(notes['inner']).toContain('ProxyJump was left out');
    expect(notes['bastion']).toBe('');
    expect(notes['last']).toContain('ProxyCommand was left out');
    expect(notes['web1']).toContain('key file was not read');
    expect(skipped.map(({ name, why }) => `${name}: ${why}`).join('\n')).toMatch(
      /Include ~\/\.ssh\/config\.d\/\*: Other files are not opened[\s\S]*Match host x exec "rm -rf \/"[\s\S]*\*\.lab: A pattern[\s\S]*no option with a value/,
    );
  });

  it('with a pattern of many stars is compared in no time', async () => {
    const pattern = `${'*a'.repeat(60)}b`;
    const { candidates } = await read('config', `Host ${pattern}\n User x\nHost ${'a'.repeat(200)}\n`);
    expect(candidates[0]?.draft.user).toBeUndefined();
  });
});

describe('known_hosts', () => {
  const key = (type: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(type.length);
    return Buffer.concat([length, Buffer.from(type), Buffer.alloc(40, 7)]).toString('base64');
  };

  it('is read line by line; what is no key that guacd could use is skipped with a reason', async () => {
    const salt = Buffer.alloc(20, 1);
    const hash = createHmac('sha1', salt).update('web1').digest('base64');
    const { hostKeys, skipped } = await read(
      'known_hosts',
      [
        '# mine',
        `web1,10.0.0.7 ssh-ed25519 ${key('ssh-ed25519')} me@here`,
        `|1|${salt.toString('base64')}|${hash} ssh-rsa ${key('ssh-rsa')}`,
        `@revoked old ssh-rsa ${key('ssh-rsa')}`,
        `@cert-authority *.example.org ssh-rsa ${key('ssh-rsa')}`,
        'ancient 1024 35 123456789',
        `cut ssh-rsa ${key('ssh-ed25519')}`,
        'nothing',
      ].join('\n'),
    );
    expect(hostKeys.map(({ names, type }) => [names[0]?.slice(0, 4), type])).toEqual([
      ['web1', 'ssh-ed25519'],
      ['|1|A', 'ssh-rsa'],
    ]);
    expect(skipped.map(({ why }) => why)).toEqual([
      expect.stringContaining('revoked'),
      expect.stringContaining('authority'),
      expect.stringContaining('SSH 1'),
      expect.stringContaining('missing or damaged'),
      expect.stringContaining('missing or damaged'),
    ]);
  });
});

describe('a text', () => {
  // Nothing in it but its mark says how it is written.
  it.each([
    ['UTF-8', Buffer.from('\uFEFF漢字\r\n語')],
    ['UTF-16 LE', utf16('漢字\r\n語')],
    ['UTF-16 BE', utf16('漢字\r\n語', true)],
    ['UTF-8 without a mark', Buffer.from('漢字\r語')],
  ])('is read by its mark, without it and with one kind of line end: %s', (_, bytes) => {
    expect(textOf(bytes)).toBe('漢字\n語');
  });

  it('that is cut in the middle of a character is read all the same', () => {
    expect(textOf(utf16('ab', true).subarray(0, 5))).toBe('a');
    expect(textOf(Buffer.alloc(0))).toBe('');
  });
});

describe('a file’s format', () => {
  it.each([
    ['a.rdp', '', 'rdp'],
    ['A.CSV', '', 'csv'],
    ['x.json', '', 'json'],
    ['/home/x/.ssh/config', '', 'ssh-config'],
    ['known_hosts.old', '', 'known-hosts'],
    ['pasted', '  [{"host":1}]', 'json'],
    ['pasted', 'screen mode id:i:2\nfull address:s:x', 'rdp'],
    ['pasted', 'web1 ssh-ed25519 AAAAC3Nz', 'known-hosts'],
    ['pasted', '# mine\nHost web1\n  HostName x', 'ssh-config'],
    ['pasted', 'Host;Protocol\nx;ssh', 'csv'],
    ['pasted', 'name,host\n', 'csv'],
    ['pasted', 'Dear Sir', null],
    ['pasted', '', null],
  ])('%s with %j is %s', (name, text, format) => {
    expect(formatOf(name, text)).toBe(format);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { MAX_VALUE_LENGTH } from '../../../main/core/guacamole/handshake.ts';
import { cleanDraft, draftProblems } from '../../../main/core/offline/machines/check.ts';
import { EMPTY_DRAFT, MACHINE_LIMITS } from '../../../main/core/offline/machines/machine.ts';
import { PARAMETERS } from '../../../main/core/offline/machines/parameter-table.ts';
import { isSecretParameter } from '../../../main/core/offline/machines/secret-parameters.ts';
import { magicPacket } from '../../../main/core/offline/machines/wake.ts';
import { parseWakeAddress } from '../../../main/core/offline/machines/wake-address.ts';

const GOOD = { ...EMPTY_DRAFT, name: 'web', host: '10.0.0.7' };

describe('a machine', () => {
  it('is kept without blanks, brackets, empty parameters and doubled tags', () => {
    expect(
      cleanDraft({
        ...GOOD,
        name: ' ',
        host: ' [2001:db8::7] ',
        protocol: ' SSH ',
        tags: ['a', ' a ', ''],
        parameters: { ' font-size ': '14', x: '' },
        notes: 'a\r\nb\n\n',
      }),
    ).toEqual({
      ...GOOD,
      name: '2001:db8::7',
      host: '2001:db8::7',
      tags: ['a'],
      parameters: { 'font-size': '14' },
      notes: 'a\nb',
    });
  });

  it.each([
    ['host', { host: '' }, 'The machine has no host.'],
    ['host', { host: 'https://h' }, 'The host is a web address.'],
    ['host', { host: 'root@h' }, 'The host holds an “@”.'],
    ['host', { host: 'h:22' }, 'The host holds a port.'],
    ['host', { host: '[::1]:22' }, 'The host holds a port.'],
    ['host', { host: 'a b' }, 'The host holds a character that no name and no address has.'],
    ['host', { host: 'a/../b' }, 'The host holds a character that no name and no address has.'],
    ['host', { host: '=cmd|calc' }, 'The host holds a character that no name and no address has.'],
    ['host', { host: '$(id)' }, 'The host holds a character that no name and no address has.'],
    ['host', { host: 'web\u200d01' }, 'The host holds a character that no name and no address has.'],
    ['host', { host: 'x:y:z' }, '“x:y:z” is neither a name nor an IPv6 address.'],
    ['host', { host: 'h'.repeat(254) }, 'The host is longer than 253 characters.'],
    ['port', { port: 0 }, '0 is no port.'],
    ['port', { port: 65_536 }, '65536 is no port.'],
    ['port', { port: 22.5 }, '22.5 is no port.'],
    ['port', { port: Number('abc') }, 'The port is no number.'],
    ['protocol', { protocol: 'gopher' }, '“gopher” is no protocol that guacd speaks.'],
    ['protocol', { protocol: '' }, 'No protocol is given.'],
    ['name', { name: 'a\nb' }, 'The name holds a line break or a control character.'],
    ['name', { name: 'db\u202E10-gro.bd' }, 'The name holds a line break or a control character.'],
    ['name', { name: 'n'.repeat(201) }, 'The name is longer than 200 characters.'],
    [
      'parameters.password',
      { parameters: { password: 'x' } },
      '“password” is a secret, and the address book holds none.',
    ],
    [
      'parameters.my-secret',
      { parameters: { 'my-secret': 'x' } },
      '“my-secret” is a secret, and the address book holds none.',
    ],
    ['parameters.hostname', { parameters: { hostname: 'x' } }, '“hostname” is not a parameter here.'],
    ['parameters.font-size', { parameters: { 'font-size': 'big' } }, '“font-size” is no whole number.'],
    [
      'parameters.ignore-cert',
      { parameters: { 'ignore-cert': 'yes' } },
      '“ignore-cert” is neither true nor false.',
    ],
    ['parameters.a b', { parameters: { 'a b': 'x' } }, '“a b” cannot be the name of a parameter.'],
    ['wakeAddress', { wakeAddress: 'AA:BB' }, 'The wake-on-LAN address is no address of a network card.'],
    ['guacd', { guacd: 'somewhere' }, '“somewhere” is no address of a guacd.'],
    ['guacd', { guacd: 'h:0' }, '“h:0” is no address of a guacd.'],
    ['guacd', { guacd: '[::1]:65536' }, '“[::1]:65536” is no address of a guacd.'],
  ])('is refused at its %s where that is %j', (field, change, message) => {
    const problems = draftProblems({ ...GOOD, ...change });
    expect(problems[0]).toMatchObject({ field, failure: { code: 'request-invalid', message } });
    expect(() => cleanDraft({ ...GOOD, ...change })).toThrow(message);
  });

  it('is taken at its limits', () => {
    for (const change of [
      { port: 1 },
      { port: 65_535 },
      { name: 'n'.repeat(MACHINE_LIMITS.name) },
      { host: 'h'.repeat(MACHINE_LIMITS.host) },
      { host: 'fe80::1%eth0' },
      { host: 'münchen.example' },
      { guacd: 'h:1' },
      { guacd: '[::1]:65535' },
      { parameters: { anything: '💥'.repeat(MAX_VALUE_LENGTH - 500) } },
      { parameters: { anything: 'x'.repeat(MAX_VALUE_LENGTH) } },
      { protocol: 'rdp', gatewayCredential: 'g', sftpCredential: 's' },
      { protocol: 'vnc', sftpCredential: 's' },
    ])
      expect(draftProblems({ ...GOOD, ...change })).toEqual([]);
  });

  it('is refused where guacd would not read it, before it is kept', () => {
    const messages = (parameters: Record<string, string>) =>
      draftProblems({ ...GOOD, parameters }).map(({ failure }) => failure.message);
    expect(messages({ anything: 'x'.repeat(MAX_VALUE_LENGTH + 1) })).toEqual([
      'The value of “anything” has 8192 characters, and guacd reads no more than 8191.',
    ]);
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => [name, 'x'.repeat(MAX_VALUE_LENGTH)]);
    expect(messages(Object.fromEntries(many))).toEqual([
      expect.stringMatching(/^The parameters are \d+ bytes together, and guacd reads less than 32768\.$/),
    ]);
  });

  it('names credentials only for what its protocol needs some for, and says where a secret belongs', () => {
    expect(draftProblems({ ...GOOD, gatewayCredential: 'g', sftpCredential: 's' })).toMatchObject([
      {
        field: 'gatewayCredential',
        failure: { message: 'A credential for a gateway is of use for RDP alone.' },
      },
      { field: 'sftpCredential', failure: { advice: 'Leave it out.' } },
    ]);
    const advice = (name: string) =>
      draftProblems({ ...GOOD, protocol: 'rdp', parameters: { [name]: 'x' } })[0]?.failure.advice;
    expect(advice('password')).toContain('be asked for it');
    expect(advice('gateway-password')).toContain('choose that for the gateway');
    expect(advice('sftp-private-key')).toContain('choose that for SFTP');
    expect(advice('my-token')).toContain('leave it out');
  });

  it('is judged without any other failure, whatever it is made of', () => {
    const text = fc.string({ maxLength: 300, unit: 'binary' });
    const draft = fc.record({
      name: text,
      group: text,
      tags: fc.array(text, { maxLength: 40 }),
      protocol: fc.oneof(text, fc.constantFrom('ssh', 'rdp')),
      host: text,
      port: fc.oneof(fc.constant(null), fc.double()),
      user: text,
      credential: fc.constant(null),
      gatewayCredential: fc.constantFrom(null, 'g'),
      sftpCredential: fc.constantFrom(null, 's'),
      parameters: fc.dictionary(text, text),
      notes: text,
      wakeAddress: text,
      guacd: text,
    });
    fc.assert(
      fc.property(draft, (raw) => {
        try {
          const clean = cleanDraft(raw);
          expect(cleanDraft(clean)).toEqual(clean);
        } catch (error) {
          if (!(error instanceof SallyportError) || error.code !== 'request-invalid') throw error;
        }
      }),
    );
  });
});

describe('the table of parameters', () => {
  it('names each once, explains each, and holds no secret', () => {
    expect(PARAMETERS.size).toBeGreaterThan(80);
    for (const { name, meaning, kind, choices, default: fallback } of PARAMETERS.values()) {
      expect(isSecretParameter(name), name).toBe(false);
      expect(meaning.length, name).toBeGreaterThan(10);
      expect(kind === 'choice', name).toBe(choices.length > 0);
      if (kind === 'number' && fallback !== null) expect(fallback, name).toMatch(/^\d+$/);
    }
  });

  it.each([
    'password',
    'gateway-password',
    'sftp-private-key',
    'sftp-passphrase',
    'goauthentik.io/rac/ssh-token',
    'client-key',
    'API-TOKEN',
  ])('tells that %s is a secret', (name) => expect(isSecretParameter(name)).toBe(true));
});

describe('a wake-on-LAN address', () => {
  it.each([
    ['AA:BB:CC:DD:EE:FF', '255.255.255.255', 9],
    ['aa-bb-cc-dd-ee-ff@10.0.0.255', '10.0.0.255', 9],
    ['aabb.ccdd.eeff@10.0.0.255:7', '10.0.0.255', 7],
    ['aabbccddeeff@[ff02::1]:40000', 'ff02::1', 40_000],
  ])('%s is understood', (text, host, port) => {
    const target = parseWakeAddress(text);
    expect(target).toMatchObject({ host, port });
    expect(Buffer.from(target?.mac ?? []).toString('hex')).toBe('aabbccddeeff');
  });

  it.each([
    '',
    'AA:BB:CC:DD:EE',
    'AA:BB-CC:DD:EE:FF',
    'AA:BB:CC:DD:EE:FF@',
    'AA:BB:CC:DD:EE:FF@host',
    'AA:BB:CC:DD:EE:FF@10.0.0.256',
    'AA:BB:CC:DD:EE:FF@10.0.0.1:0',
    'AA:BB:CC:DD:EE:FF@10.0.0.1:65536',
    'a@b@c',
  ])('%j is refused', (text) => expect(parseWakeAddress(text)).toBeNull());

  it('is said sixteen times behind six bytes of ones', () => {
    const packet = magicPacket(Buffer.from('010203040506', 'hex'));
    expect(packet.toString('hex')).toBe('ff'.repeat(6) + '010203040506'.repeat(16));
  });
});

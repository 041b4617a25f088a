import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { decodeRequest, type RawRequest, type SessionRequest } from '../../../main/core/sessions/request.ts';

const GOOD = {
  type: 'event.provider.specific',
  sub_type: 'init_connection',
  dest_channel_id: 'specific.a!b.1',
  protocol: 'rdp',
  params: { hostname: '10.0.0.7', port: '3389', password: 'hunter2', 'client-name': 'authentik - ada' },
  screen_width: '1279.5',
  screen_height: '800',
  screen_dpi: '96',
  audio: 'audio/L8,audio/L16',
};

/** A table of one column; a bare list in it would be taken for a row. */
const eachOf = (values: readonly unknown[]) => values.map((value) => [value] as const);

const decoded = (change: RawRequest = {}): SessionRequest => decodeRequest({ ...GOOD, ...change });

function refused(change: RawRequest): SallyportError {
  try {
    decoded(change);
  } catch (error) {
    if (error instanceof SallyportError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

const values = ({ parameters }: SessionRequest) =>
  Object.fromEntries([...parameters].map(([name, secret]) => [name, secret.reveal()]));

test('a request as authentik sends it is taken whole', () => {
  const request = decoded();
  expect(request).toMatchObject({
    source: 'authentik',
    protocol: 'rdp',
    display: { width: 1280, height: 800, dpi: 96, audio: ['audio/L8', 'audio/L16'] },
    user: 'ada',
    machine: '10.0.0.7:3389',
  });
  expect(values(request)).toEqual(GOOD.params);
});

test('two requests for one channel have ids of their own', () => {
  expect(decoded().id).not.toBe(decoded().id);
});

test('no value of a parameter can be printed, whatever its name', () => {
  expect(JSON.stringify([...decoded().parameters])).not.toMatch(/hunter2|10\.0\.0\.7|ada/);
});

describe('the protocol', () => {
  it.each(['rdp', 'ssh', 'vnc', 'telnet', 'kubernetes', 'x', 'a'.repeat(32), 'my-plugin-2'])(
    '%s is taken',
    (protocol) => expect(decoded({ protocol }).protocol).toBe(protocol),
  );

  it.each(
    eachOf([
      undefined,
      null,
      7,
      [],
      {},
      '',
      'RDP',
      '2x',
      '-ssh',
      'ssh;',
      'ssh,3.foo',
      'ssh\u0000',
      'ssh\n',
      'sşh',
      '$some-connection-of-somebody-else',
      'a'.repeat(33),
    ]),
  )('%j is refused with a sentence for the person', (protocol) => {
    const failure = refused({ protocol });
    expect(failure).toMatchObject({
      code: 'request-invalid',
      status: 0x0300,
      message: 'The session cannot be opened: authentik did not say which protocol to use.',
    });
    expect(failure.advice).toBe('Check the endpoint in authentik.');
  });
});

describe('the parameters', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, '']));

  it.each([undefined, null, {}])('may be missing: %j', (params) => {
    expect(decoded({ params }).parameters.size).toBe(0);
  });

  it.each([
    ['a list', []],
    ['a text', 'hostname=x'],
    ['a number', 7],
    ['a truth', true],
  ])('are no %s', (_, params) =>
    expect(refused({ params }).message).toContain('not a table of names and values'),
  );

  it('may be numbers and truths, as admins write them', () => {
    const params = { port: 22, 'ignore-cert': true, 'enable-drive': false, rate: 1.5 };
    expect(values(decoded({ params }))).toEqual({
      port: '22',
      'ignore-cert': 'true',
      'enable-drive': 'false',
      rate: '1.5',
    });
  });

  it('lose what is no value, and nothing else', () => {
    const params = { a: null, b: undefined, c: {}, d: [], e: '', f: 'x' };
    expect(values(decoded({ params }))).toEqual({ e: '', f: 'x' });
  });

  it('keep every byte of a value', () => {
    const params = { 'private-key': '-----BEGIN\r\n\tä😀\u0000 \n' };
    expect(values(decoded({ params }))).toEqual(params);
  });

  it('are at most 512', () => {
    expect(decoded({ params: many(512) }).parameters.size).toBe(512);
    expect(refused({ params: many(513) }).message).toContain('513 connection parameters, more than 512');
  });

  it('have names of 1 to 256 characters', () => {
    const named = (name: string) => ({ params: { [name]: 'x' } });
    expect(decoded(named('n'.repeat(256))).parameters.size).toBe(1);
    for (const name of ['', 'n'.repeat(257)])
      expect(refused(named(name)).message).toContain('empty or longer than 256');
  });

  it('have values of at most 32768 bytes, which are not repeated', () => {
    const valued = (value: string) => ({ params: { password: value } });
    expect(decoded(valued('é'.repeat(16_384))).parameters.size).toBe(1);
    const { message } = refused(valued(`${'é'.repeat(16_384)}x`));
    expect(message).toContain('“password” is longer than 32768 bytes');
    expect(message).not.toContain('éé');
  });

  it('may be called like parts of every object', () => {
    const params = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}');
    expect(decoded({ params }).parameters.get('__proto__')?.reveal()).toBe('a');
    expect(decoded({ params }).parameters.size).toBe(3);
  });
});

describe('the size of the screen', () => {
  it.each([
    ['1279.4', 1279],
    ['1279.5', 1280],
    [1024.6, 1025],
    ['1', 1],
    ['16384', 16_384],
    ['16385', 16_384],
    ['1e9', 16_384],
    ['800px', 800],
  ])('%j is %i pixels', (given, pixels) => {
    const { display } = decoded({ screen_width: given, screen_height: given });
    expect([display.width, display.height]).toEqual([pixels, pixels]);
  });

  it.each(
    eachOf([
      undefined,
      null,
      '',
      'x',
      'NaN',
      '-5',
      '0',
      0.4,
      Number.NaN,
      Infinity,
      {},
      [],
      true,
      '9'.repeat(32),
    ]),
  )('%j is nonsense and gives the usual size', (nonsense) => {
    const { display } = decoded({
      screen_width: nonsense,
      screen_height: nonsense,
      screen_dpi: nonsense,
    });
    expect(display).toMatchObject({ width: 1024, height: 768, dpi: 96 });
  });

  it('has at most 2400 dots per inch', () => {
    expect(decoded({ screen_dpi: '2400' }).display.dpi).toBe(2400);
    expect(decoded({ screen_dpi: '2401' }).display.dpi).toBe(2400);
  });
});

describe('the audio types', () => {
  const of = (audio: unknown) => decoded({ audio }).display.audio;

  it('come as a list, or as a text with commas or blanks', () => {
    expect(of(['audio/L16'])).toEqual(['audio/L16']);
    expect(of('audio/L16')).toEqual(['audio/L16']);
    expect(of('audio/L8, audio/ogg;codecs=opus')).toEqual(['audio/L8', 'audio/ogg;codecs=opus']);
  });

  it.each(eachOf([undefined, null, '', 7, {}, [], ['video/mp4'], [7, null], 'audio/', 'audio/L8\u0000']))(
    '%j is none of them and gives what the reference offers',
    (nonsense) => expect(of(nonsense)).toEqual(['audio/L8', 'audio/L16']),
  );

  it('are at most 16, of at most 64 characters each', () => {
    const types = Array.from({ length: 17 }, (_, at) => `audio/x${at}`);
    expect(of(types)).toEqual(types.slice(0, 16));
    expect(of([`audio/${'x'.repeat(64)}`, `audio/${'x'.repeat(65)}`])).toEqual([`audio/${'x'.repeat(64)}`]);
  });
});

describe('what is shown of it', () => {
  const shown = (params: Record<string, unknown>) => {
    const { user, machine } = decoded({ params });
    return { user, machine };
  };

  it.each([
    [{ hostname: 'box', port: '22' }, 'box:22'],
    [{ hostname: 'box' }, 'box'],
    [{ hostname: 'fd00::7', port: 22 }, '[fd00::7]:22'],
    [{ hostname: 'a\nb\u202e', port: '1' }, 'a\uFFFDb\uFFFD:1'],
    [{ port: '22' }, 'unnamed machine'],
    [{}, 'unnamed machine'],
    [{ hostname: `${'h'.repeat(255)}😀` }, `${'h'.repeat(255)}\uFFFD`],
  ])('the machine of %j', (params, machine) => expect(shown(params).machine).toBe(machine));

  it.each([
    ['authentik - Åsa 😀', 'Åsa 😀'],
    ['authentik - a - b', 'a - b'],
    ['authentik - a\nb', 'a\uFFFDb'],
    ['authentik - ', null],
    ['guacamole', null],
    ['', null],
  ])('the user of %j', (name, user) => expect(shown({ 'client-name': name }).user).toBe(user));

  it('has no more than 256 characters', () => {
    const long = 'x'.repeat(32_000);
    expect(shown({ hostname: long, 'client-name': `authentik - ${long}` })).toEqual({
      machine: 'x'.repeat(256),
      user: 'x'.repeat(256),
    });
  });
});

test('whatever the request is, it is taken within its bounds or refused with our own error', () => {
  const anything = fc.option(fc.oneof(fc.jsonValue(), fc.string(), fc.double()), { nil: undefined });
  const raw = fc.record({
    protocol: fc.oneof(fc.constantFrom('ssh', 'rdp'), anything),
    params: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), anything),
    screen_width: anything,
    screen_height: anything,
    screen_dpi: anything,
    audio: anything,
  });
  fc.assert(
    fc.property(raw, (change) => {
      let request: SessionRequest;
      try {
        request = decodeRequest(change);
      } catch (error) {
        expect(error).toMatchObject({ name: 'SallyportError', code: 'request-invalid', status: 0x0300 });
        return;
      }
      for (const size of [request.display.width, request.display.height, request.display.dpi]) {
        expect(Number.isInteger(size) && size >= 1 && size <= 16_384).toBe(true);
      }
      expect(request.display.audio.length).toBeGreaterThan(0);
      expect(request.machine).not.toBe('');
    }),
  );
});

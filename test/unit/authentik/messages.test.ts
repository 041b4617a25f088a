import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  decodeEventMessage,
  type EventMessage,
  encodeHello,
  type Hello,
} from '../../../main/core/authentik/messages.ts';
import { MALFORMED_FRAMES } from '../../../practice/authentik/faults.ts';

/** A table of one column; a bare list in it would be taken for a row. */
const eachOf = (values: readonly unknown[]) => values.map((value) => [value] as const);

const decoded = (frame: unknown): EventMessage =>
  decodeEventMessage(Buffer.from(typeof frame === 'string' ? frame : JSON.stringify(frame)));

const OPEN = { sub_type: 'init_connection', dest_channel_id: 'specific.a!b.1', protocol: 'ssh' };

describe('what authentik says', () => {
  it('acknowledges, with arguments or without', () => {
    for (const args of [{}, { x: 1 }, null, undefined])
      expect(decoded({ instruction: 0, args })).toEqual({ kind: 'ack' });
  });

  it('asks for an update', () => {
    expect(decoded({ instruction: 2, args: {} })).toEqual({ kind: 'update' });
    expect(decoded({ instruction: 2 })).toEqual({ kind: 'update' });
  });

  it('asks for a session, whose arguments are passed on as they are', () => {
    const args = { ...OPEN, type: 'event.provider.specific', params: { a: [1] }, new_in_2030: true };
    expect(decoded({ instruction: 3, args })).toEqual({ kind: 'open', channel: 'specific.a!b.1', args });
  });

  it('tells that a login has ended', () => {
    expect(decoded({ instruction: 4, args: { session_id: 'abc', more: 1 } })).toEqual({
      kind: 'end',
      sessionId: 'abc',
    });
  });
});

describe('a channel', () => {
  const open = (channel: unknown) => decoded({ instruction: 3, args: { ...OPEN, dest_channel_id: channel } });

  it.each(['x', 'specific.a!b.1', '../../x', 'ü 😀', 'c'.repeat(512)])('may be %j', (channel) => {
    expect(open(channel)).toMatchObject({ kind: 'open', channel });
  });

  it.each(eachOf([undefined, null, 7, '', [], {}, true, 'c'.repeat(513)]))('may not be %j', (channel) => {
    expect(open(channel)).toEqual({
      kind: 'malformed',
      why: 'a session request without a usable dest_channel_id',
    });
  });
});

it.each([undefined, null, 7, '', {}, 's'.repeat(513)])('a session id may not be %j', (id) => {
  expect(decoded({ instruction: 4, args: { session_id: id } })).toMatchObject({ kind: 'malformed' });
});

it('a session id may have 512 characters', () => {
  expect(decoded({ instruction: 4, args: { session_id: 's'.repeat(512) } })).toMatchObject({ kind: 'end' });
});

describe('what is not known', () => {
  it.each([1, 5, 99, -1, 2 ** 31, 1e300])('instruction %d is named', (instruction) => {
    expect(decoded({ instruction, args: {} })).toEqual({
      kind: 'unknown',
      what: `instruction ${instruction}`,
    });
  });

  it.each([undefined, 'something_new', 7, {}])('nor a provider’s event of kind %j', (kind) => {
    expect(decoded({ instruction: 3, args: { ...OPEN, sub_type: kind } })).toMatchObject({ kind: 'unknown' });
  });
});

describe('what cannot be read', () => {
  it.each(['', 'not json', '{"instruction":', '\uFEFF', '<!doctype html>', '['.repeat(100_000)])(
    '%.20j is not JSON',
    (text) => {
      expect(decoded(text)).toEqual({
        kind: 'malformed',
        why: `${Buffer.byteLength(text)} bytes that are not JSON`,
      });
    },
  );

  it.each([
    'null',
    '[]',
    '42',
    '"text"',
    '{}',
    '{"instruction":"3"}',
    '{"instruction":1.5}',
    '{"instruction":1e999}',
  ])('%s has no instruction', (text) =>
    expect(decoded(text)).toEqual({ kind: 'malformed', why: 'JSON without an instruction number' }),
  );

  it.each(eachOf(['x', 7, [], true]))('arguments that are no table open nothing: %j', (args) => {
    expect(['malformed', 'unknown']).toContain(decoded({ instruction: 3, args }).kind);
  });

  it('never repeats what came: it may hold a session’s secrets', () => {
    const { why } = { why: '', ...decoded(`{"password":"hunter2"`) };
    expect(why).not.toContain('hunter2');
  });
});

test('every malformed frame that practice authentik knows is a message, and none opens a session', () => {
  const opened = MALFORMED_FRAMES.map((frame) => decodeEventMessage(Buffer.from(frame))).filter(
    ({ kind }) => kind === 'open',
  );
  expect(opened).toEqual([]);
});

test('nothing throws, whatever comes', () => {
  const frame = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record({ instruction: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.jsonValue()), args: fc.jsonValue() })
      .map((value) => Buffer.from(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(frame, (bytes) => {
      expect(['ack', 'update', 'open', 'end', 'unknown', 'malformed']).toContain(
        decodeEventMessage(bytes).kind,
      );
    }),
  );
});

test('a hello is instruction 1 with all that authentik keeps of an instance', () => {
  const hello: Hello = {
    version: '1.2.3',
    buildHash: 'sallyport-1.2.3',
    uuid: '00000000-0000-4000-8000-000000000001',
    hostname: 'jump',
    golangVersion: 'node 20.0.0',
    opensslEnabled: true,
    opensslVersion: '3.0',
    fipsEnabled: false,
    active_connections: 7,
  };
  expect(JSON.parse(encodeHello(hello))).toEqual({ instruction: 1, args: hello });
});

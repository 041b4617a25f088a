import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../main/core/base/secret.ts';
import { SallyportError } from '../../../main/core/errors.ts';
import { Concealer } from '../../../main/core/telemetry/conceal.ts';
import { cutToBytes, escapeControls, Printer } from '../../../main/core/telemetry/printable.ts';

const print = (fields: Record<string, unknown>, stacks = false) =>
  new Printer(new Concealer(), stacks).record(fields);
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('printing fields', () => {
  it('keeps plain values and spells out the others', () => {
    expect(
      print({
        text: 'hé',
        number: 1.5,
        infinite: Number.POSITIVE_INFINITY,
        yes: true,
        nothing: null,
        missing: undefined,
        big: 12n,
        call: () => 1,
        when: new Date(0),
        never: new Date(Number.NaN),
        url: new URL('https://u:p@h/x?k=v'),
        query: new URLSearchParams('a=b'),
        buffer: Buffer.from('secret bytes'),
        boxed: new String('in a box'),
        map: new Map<unknown, unknown>([
          ['a', 1],
          [new Secret('key as key'), 2],
          [{}, 3],
        ]),
        set: new Set([1, 'two']),
      }),
    ).toEqual({
      text: 'hé',
      number: 1.5,
      infinite: 'Infinity',
      yes: true,
      nothing: null,
      big: '12',
      call: '[function]',
      when: '1970-01-01T00:00:00.000Z',
      never: 'Invalid Date',
      url: 'https://h/x?k=***',
      query: '?a',
      buffer: '[12 bytes]',
      boxed: 'in a box',
      map: { a: 1, '***': 2, '[object]': 3 },
      set: [1, 'two'],
    });
  });

  it('tells message, code, advice and cause of an error, and its stack only where asked', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = new SallyportError('connect-refused', 'It said no.', { advice: 'Ask again.', cause });
    expect(print({ error })).toEqual({
      error: {
        message: 'It said no.',
        code: 'connect-refused',
        advice: 'Ask again.',
        cause: { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
      },
    });
    expect(JSON.stringify(print({ error }, true))).toContain('printable.test.ts');
  });

  it('names what an error of many errors is made of', () => {
    const error = Object.assign(new AggregateError([new Error('v6 failed'), new Error('v4 failed')]), {
      code: 'E',
    });
    expect(JSON.stringify(print({ error }))).toMatch(/v6 failed.*v4 failed/);
  });

  it('survives circles, depth, getters that throw and proxies that refuse', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const deep = Array.from({ length: 50 }).reduce<unknown>((inner) => ({ inner }), 'bottom');
    const bad = {
      get broken() {
        throw new Error('no');
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const printed = JSON.stringify(
      print({ circle, deep, bad, proxy, error: Object.create(Error.prototype) }),
    );
    expect(printed).toContain('[circular]');
    expect(printed).toContain('[unreadable]');
    expect(printed).not.toContain('bottom');
  });

  it('keeps names of fields from ending a string in the line', () => {
    const printed = print({ 'a":"b","event': 1, 'x\ny': 2, ['__proto__']: 3 });
    expect(Object.keys(printed)).toEqual(['a_:_b___event', 'x_y', '__proto__']);
  });

  it('prints no class instance’s hidden fields and no secret in its open ones', () => {
    class Session {
      readonly #hidden = 'hidden-value';
      readonly password = new Secret('open-secret');
      readonly user = 'ada';
      length() {
        return this.#hidden.length;
      }
    }
    expect(print({ session: new Session() })).toEqual({ session: { password: '***', user: 'ada' } });
  });

  it('is never larger than its bound, whatever comes', () => {
    const anything = fc.anything({
      withMap: true,
      withSet: true,
      withDate: true,
      withBigInt: true,
      maxDepth: 7,
    });
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), anything, { maxKeys: 90 }),
        fc.integer({ min: 64, max: 3000 }),
        (fields, totalBytes) => {
          const printed = new Printer(new Concealer(), true, { totalBytes }).record(fields);
          // What says that something is missing may come on top.
          expect(bytes(printed)).toBeLessThanOrEqual(totalBytes + 400);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('says that something is missing', () => {
    const many = Array.from({ length: 60 }, (_, index) => index);
    expect(print({ many })['many']).toHaveLength(51);
    const big = print(Object.fromEntries(many.map((index) => [`key${index}`, 'x'.repeat(900)])));
    expect(big['truncated']).toBe(true);
    expect(bytes(big)).toBeLessThan(6 * 1024);
  });
});

describe('texts from far away', () => {
  it('cannot break a line, move a cursor or turn the reading direction', () => {
    expect(escapeControls('a\nb\r\t\u001b[2J\u009b1m\u2028\u202e\u0000')).toBe(
      'a\\nb\\r\\t\\u001b[2J\\u009b1m\\u2028\\u202e\\u0000',
    );
    expect(escapeControls('grüße 👋🏽 日本')).toBe('grüße 👋🏽 日本');
    expect(escapeControls('half \ud83d emoji')).toBe('half \\ud83d emoji');
  });

  it('are cut to a number of bytes, never inside a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 5, max: 300 }),
        (text, limit) => {
          const cut = cutToBytes(text, limit);
          expect(bytes(cut)).toBeLessThanOrEqual(Math.max(limit, 5));
          if (bytes(text) <= limit) expect(cut).toBe(text);
          else expect(cut.endsWith('…')).toBe(true);
        },
      ),
    );
    expect(cutToBytes('👋'.repeat(10), 16)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});

import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../../main/core/errors.ts';
import { decodeCall } from '../../../main/desktop/ipc-decode.ts';
import { isOwnPage } from '../../../main/desktop/own-page.ts';
import { EVENTS, MAX_CALL_BYTES, REQUESTS } from '../../../preload/contract/console.ts';
import { ALL_REQUESTS, VIEWER_CALLS } from '../../../preload/contract/requests.ts';
import type { WindowKind } from '../../../preload/contract/types.ts';

const refusal = (name: unknown, params: unknown, kind: WindowKind = 'console') => {
  try {
    decodeCall(kind, name, params);
  } catch (error) {
    return SallyportError.from(error).toFailure();
  }
  return undefined;
};

describe('the door of the app', () => {
  it('lets pass what the table says, and nothing beside it', () => {
    expect(decodeCall('console', 'outpost/stop', { drain: true })).toEqual({
      name: 'outpost/stop',
      params: { drain: true },
    });
    expect(decodeCall('console', 'doctor/run', { proposed: { host: 'x', tokenId: 'id' } })).toBeDefined();
    expect(refusal('outpost/stop', { drain: 1 })).toEqual({
      code: 'control-protocol',
      message: 'The parameters of “outpost/stop” are not as they should be (at “drain”).',
    });
    expect(refusal('outpost/stop', { drain: true, more: 1 })).toBeDefined();
    expect(refusal('token/set', { token: 'a', tokenId: 'b' })).toBeDefined();
    expect(refusal('preferences/set', { notices: { unknown: true } })).toBeDefined();
  });

  it('knows no name but those of the table', () => {
    for (const name of [
      '',
      'shell',
      'constructor',
      'toString',
      '__proto__',
      'hasOwnProperty',
      null,
      undefined,
      1,
      {},
      ['app/state'],
    ])
      expect(refusal(name, {})).toEqual({ code: 'control-protocol', message: 'There is no such request.' });
  });

  it('refuses every request without what it asks for, and everything that is no object', () => {
    for (const name of Object.keys(REQUESTS))
      for (const params of [undefined, null, 1, 'text', [], () => {}, { unknown: 1 }])
        expect(refusal(name, params), `${name} ${String(params)}`).toBeDefined();
  });

  it('takes a mebibyte and not a byte more', () => {
    const frame = JSON.stringify({ text: '' }).length;
    expect(refusal('clipboard/copy', { text: 'x'.repeat(MAX_CALL_BYTES - frame) })).toBeUndefined();
    expect(refusal('clipboard/copy', { text: 'x'.repeat(MAX_CALL_BYTES - frame + 1) })?.message).toContain(
      'larger than',
    );
    // In bytes, not in characters.
    expect(refusal('clipboard/copy', { text: 'ü'.repeat(MAX_CALL_BYTES / 2) })?.message).toContain(
      'larger than',
    );
  });

  it('never says what was handed over: it may be a secret', () => {
    const secret = 'kZ3vXq9LmPw2RtYb7NcJ4HsFgD8aEuV1';
    for (const params of [{ token: { secret } }, { token: [secret] }, { [secret]: secret }, secret])
      expect(JSON.stringify(refusal('token/set', params))).not.toContain(secret);
    expect(JSON.stringify(refusal('secrets/unlock', { passphrase: { secret } }))).not.toContain(secret);
  });

  it('lets a window that shows a session unlock the vault, and no more of it', () => {
    const viewer = (name: string, params: unknown) => refusal(name, params, 'viewer')?.code;
    expect(viewer('viewer/unlock', {})).toBeUndefined();
    expect(viewer('viewer/unlock', { passphrase: 'x'.repeat(4096) })).toBeUndefined();
    for (const passphrase of ['', 'x'.repeat(4097), 1, null, ['x']])
      expect(viewer('viewer/unlock', { passphrase })).toBe('control-protocol');
    expect(viewer('viewer/unlock', { passphrase: 'x', path: '/' })).toBe('control-protocol');
    for (const name of Object.keys(ALL_REQUESTS).filter((one) => one.startsWith('vault/')))
      expect(viewer(name, {}), name).toBe('control-protocol');
    expect(refusal('viewer/unlock', {})?.code).toBe('control-protocol');
  });

  it('survives what JSON cannot say', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(refusal('snippet/read', circle)?.message).toBe('The parameters cannot be written as JSON.');
    expect(refusal('log/recent', { limit: 1n })).toBeDefined();
  });

  it('has a kind of window for every request, and a name for every event', () => {
    for (const [name, { from }] of Object.entries(ALL_REQUESTS)) {
      const viewers = Object.hasOwn(VIEWER_CALLS, name);
      const consoles = Object.hasOwn(REQUESTS, name);
      expect(from, name).toEqual([...(consoles ? ['console'] : []), ...(viewers ? ['viewer'] : [])]);
    }
    expect(Object.keys(EVENTS).length).toBeGreaterThan(5);
  });
});

describe('the app’s own pages', () => {
  it.each(['app://console/', 'app://console/index.html#log', 'app://console/a/b?c'])(
    'are at %s',
    (address) => {
      expect(isOwnPage(address, 'console')).toBe(true);
    },
  );

  it.each([
    'app://other/',
    'app://console.evil/',
    'http://console/',
    'file:///console/',
    'app://user@console/',
    'app:console',
    '',
    'about:blank',
  ])('are not at %s', (address) => {
    expect(isOwnPage(address, 'console')).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { desktopEntry } from '../../../main/desktop/desktop-entry.ts';
import { linkAddress } from '../../../main/desktop/links.ts';
import {
  changed,
  DEFAULT_PREFERENCES,
  MAX_PLACES,
  readMemory,
  withPlace,
} from '../../../main/desktop/preferences.ts';
import { visibleBounds } from '../../../main/desktop/window-bounds.ts';

describe('what the window side remembers', () => {
  it('is the usual where nothing is kept, or nothing that can be read', () => {
    for (const stored of [undefined, null, 1, 'text', [], {}])
      expect(readMemory(stored)).toEqual({
        preferences: DEFAULT_PREFERENCES,
        bounds: null,
        viewers: [],
        said: [],
      });
    expect(DEFAULT_PREFERENCES.notices).toMatchObject({
      sessionStarted: false,
      sessionEnded: false,
      connectionLost: true,
    });
  });

  it('loses of a damaged file only what is damaged', () => {
    const memory = readMemory({
      preferences: {
        theme: 'dark',
        language: 'fr',
        startAtLogin: 'yes',
        notices: { tokenRejected: false, sessionEnded: 1 },
      },
      bounds: { x: 0, y: 0, width: 10, height: 'tall' },
      viewers: [{ of: 'a', x: 0, y: 0, width: 900 }],
      said: [1],
      future: true,
    });
    expect(memory.preferences).toEqual({
      ...DEFAULT_PREFERENCES,
      theme: 'dark',
      notices: { ...DEFAULT_PREFERENCES.notices, tokenRejected: false },
    });
    expect(memory.bounds).toBeNull();
    expect([memory.viewers, memory.said]).toEqual([[], []]);
  });

  it('is one place for each machine’s window, and no more than are bounded', () => {
    const place = (of: string, x: number) => ({ of, x, y: 0, width: 900, height: 600, maximised: false });
    const both = withPlace(withPlace([], place('a', 1)), place('b', 2));
    expect(withPlace(both, place('a', 3))).toEqual([place('b', 2), place('a', 3)]);
    const full = Array.from({ length: MAX_PLACES }, (_, index) => place(`m${index}`, index));
    const next = withPlace(full, place('new', 0));
    expect([next.length, next.at(0)?.of, next.at(-1)?.of]).toEqual([MAX_PLACES, 'm1', 'new']);
    expect(readMemory({ viewers: next }).viewers).toEqual(next);
    expect(readMemory({ viewers: [...next, place('more', 0)] }).viewers).toEqual([]);
  });

  it('changes only in what a change names', () => {
    const after = changed(DEFAULT_PREFERENCES, { theme: 'light', notices: { sessionStarted: true } });
    expect(after).toEqual({
      ...DEFAULT_PREFERENCES,
      theme: 'light',
      notices: { ...DEFAULT_PREFERENCES.notices, sessionStarted: true },
    });
  });
});

describe('a window', () => {
  const screens = [
    { x: 0, y: 0, width: 1920, height: 1080 },
    { x: 1920, y: 0, width: 1280, height: 1024 },
  ];
  const usual = { width: 1120, height: 760 };
  const bounds = { x: 100, y: 100, width: 900, height: 600, maximised: false };

  it('opens where it was, on any screen', () => {
    expect(visibleBounds(bounds, screens, usual)).toEqual({ x: 100, y: 100, width: 900, height: 600 });
    expect(visibleBounds({ ...bounds, x: 2500 }, screens, usual)).toMatchObject({ x: 2500 });
  });

  it.each([
    ['a screen that is gone', { x: 4000 }],
    ['below the screen', { y: 1070 }],
    ['above the screen', { y: -300 }],
    ['left of the screen', { x: -890 }],
  ])('opens in the middle instead of at %s', (_, part) => {
    expect(visibleBounds({ ...bounds, ...part }, screens, usual)).toEqual({ width: 900, height: 600 });
  });

  it('has its usual size at first', () => {
    expect(visibleBounds(null, screens, usual)).toEqual(usual);
  });

  it('is no larger than the screens that are there, and as large as all of them', () => {
    const wide = { ...bounds, x: 0, y: 0, width: 3200, height: 1080 };
    expect(visibleBounds(wide, screens, usual)).toMatchObject({ width: 3200, height: 1080 });
    expect(visibleBounds(wide, screens.slice(1), usual)).toEqual({ width: 1280, height: 1024 });
    expect(visibleBounds(wide, screens.slice(0, 1), usual)).toMatchObject({ x: 0, width: 1920 });
    const small = { x: 0, y: 0, width: 800, height: 600 };
    expect(visibleBounds(null, [small], usual)).toEqual({ width: 800, height: 600 });
    expect(visibleBounds(null, [], usual)).toEqual(usual);
  });
});

describe('links', () => {
  const sources = { host: 'https://sso.example.org/auth', practiceUrl: null };

  it('lead to authentik below its own address, and to fixed places', () => {
    expect(linkAddress('authentik', sources)).toBe('https://sso.example.org/auth/');
    expect(linkAddress('outposts', sources)).toBe('https://sso.example.org/auth/if/admin/#/outpost/outposts');
    expect(linkAddress('docs-rac', sources)).toMatch(/^https:\/\/docs\.goauthentik\.io\//);
    expect(linkAddress('guacd-releases', sources)).toMatch(/^https:\/\/guacamole\.apache\.org\//);
  });

  it('lead nowhere where there is no address, or none for a browser', () => {
    for (const host of [
      null,
      'http://sso.example.org/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'no address',
      '',
    ])
      expect(linkAddress('authentik', { host, practiceUrl: null }), String(host)).toBeNull();
    expect(
      linkAddress('authentik', { host: 'https://alice:secret@sso.example.org/?x=1', practiceUrl: null }),
    ).toBe('https://sso.example.org/');
    for (const practiceUrl of [null, 'http://10.0.0.1:80/', 'https://127.0.0.1/', 'file:///x'])
      expect(linkAddress('practice', { host: null, practiceUrl })).toBeNull();
    expect(linkAddress('practice', { host: null, practiceUrl: 'http://127.0.0.1:8000/' })).toBe(
      'http://127.0.0.1:8000/',
    );
  });
});

describe('the autostart file', () => {
  it('starts the program, whatever its path', () => {
    expect(desktopEntry(['/opt/Sallyport/sallyport', '--minimised'])).toContain(
      '\nExec=/opt/Sallyport/sallyport --minimised\n',
    );
    // As the specification has it: quoted, then escaped once more as every string of the file.
    expect(desktopEntry(['/opt/my "app"/$x `y` 100%'])).toContain(
      'Exec="/opt/my \\\\"app\\\\"/\\\\$x \\\\`y\\\\` 100%%"',
    );
    expect(desktopEntry(['/a\\b c'])).toContain('Exec="/a\\\\\\\\b c"');
  });
});

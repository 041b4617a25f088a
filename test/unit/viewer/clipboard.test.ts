import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clipboard } from '../../../renderer/viewer/session/clipboard.ts';

describe('the clipboards of a person and a machine', () => {
  let here = '';
  let isFocused = true;
  let sent: string[] = [];
  let clipboard: Clipboard;

  beforeEach(() => {
    [here, isFocused, sent] = ['', true, []];
    vi.stubGlobal('document', { hasFocus: () => isFocused });
    vi.stubGlobal('navigator', {
      clipboard: {
        readText: async () => here,
        writeText: async (text: string) => {
          if (!isFocused) throw new Error('not focused');
          here = text;
        },
      },
    });
    clipboard = new Clipboard({ warn: () => {} }, (text) => sent.push(text));
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** Resolves when what the clipboard has begun is done. */
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

  it('give each other what is new, once', async () => {
    here = 'from here';
    await clipboard.offer();
    await clipboard.offer();
    expect(sent).toEqual(['from here']);
    clipboard.receive('from there 😀');
    await settled();
    expect(here).toBe('from there 😀');
    await clipboard.offer();
    expect(sent).toEqual(['from here']);
  });

  it('wait for the focus with what came from the machine', async () => {
    here = 'old';
    await clipboard.offer();
    isFocused = false;
    clipboard.receive('from there');
    await settled();
    expect(here).toBe('old');
    isFocused = true;
    await clipboard.offer();
    expect(here).toBe('from there');
    expect(sent).toEqual(['old']);
  });

  it('do not take away what was copied in another window meanwhile', async () => {
    here = 'old';
    await clipboard.offer();
    isFocused = false;
    clipboard.receive('from there');
    here = 'copied elsewhere';
    isFocused = true;
    await clipboard.offer();
    expect(here).toBe('copied elsewhere');
    expect(sent).toEqual(['old', 'copied elsewhere']);
  });
});

import { expect, it } from 'vitest';
import { DE } from '../../../main/desktop/words/de.ts';
import { EN } from '../../../main/desktop/words/en.ts';
import { de } from '../../../renderer/shared/i18n/de.ts';
import { en } from '../../../renderer/shared/i18n/en.ts';

/** Every plain text by its path, such as `menu.start`. */
function texts(value: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, inside] of Object.entries(value)) {
    const here = path === '' ? name : `${path}.${name}`;
    if (typeof inside === 'string') found.set(here, inside);
    else if (typeof inside === 'object' && inside !== null)
      for (const [below, text] of texts(inside, here)) found.set(below, text);
  }
  return found;
}

const [trayEnglish, trayGerman, pageEnglish, pageGerman] = [EN, DE, en, de].map((words) => texts(words));

it('says in German the same thing in the same words, in tray, dialogs and windows', () => {
  const different: string[] = [];
  let compared = 0;
  for (const [path, english] of trayEnglish ?? []) {
    for (const [key, same] of pageEnglish ?? []) {
      if (same !== english) continue;
      compared += 1;
      const [ours, theirs] = [trayGerman?.get(path), pageGerman?.get(key)];
      if (ours !== theirs) different.push(`${english}: ${path} “${ours}”, ${key} “${theirs}”`);
    }
  }
  expect(compared).toBeGreaterThan(8);
  expect(different).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { KEY_VARIABLE } from '../../../main/core/settings/handed-in-key.ts';
import type { Applies } from '../../../main/core/settings/setting.ts';
import { SETTING, SETTING_KEYS, type SettingKey } from '../../../main/core/settings/table.ts';
import { RUN_CODES } from '../../../main/process/run.ts';
import { filesBelow, PAGES, read, tableAfter } from './page.ts';

const page = read('docs/operations.md');
const unit = read('docs/sallyport.service');
const sources = filesBelow('main', '.ts').map(read).join('\n');

const WHEN: Readonly<Record<Applies, string>> = {
  live: 'at once',
  'next-connection': 'next connection',
  restart: 'restart',
};

function defaultText<K extends SettingKey>(key: K): string {
  const value = SETTING[key].default;
  return value === null ? '' : SETTING[key].show(value);
}

describe('the page about operations', () => {
  it('has the names, default and effect of every setting, in the order of the table', () => {
    const rows = SETTING_KEYS.map((key) => {
      const { environment, flag, applies } = SETTING[key];
      const names = [key, environment.join('`, `'), `${flag.long} ${flag.value}`].map(
        (name) => `\`${name}\``,
      );
      return [...names, defaultText(key), WHEN[applies]];
    });
    expect(tableAfter(page, '<!-- settings: names -->')).toEqual(rows);
  });

  it('says of every setting what it is and takes', () => {
    const rows = SETTING_KEYS.map((key) => [`\`${key}\``, SETTING[key].description, SETTING[key].expects]);
    expect(tableAfter(page, '<!-- settings: meanings -->')).toEqual(rows);
  });

  it('explains messages that there are', () => {
    const messages = tableAfter(page, '<!-- trouble -->').map(([message = '']) => message);
    expect(messages.length).toBeGreaterThan(15);
    expect(messages.filter((message) => !sources.includes(message))).toEqual([]);
  });
});

describe('every page', () => {
  const variables = new Set([...SETTING_KEYS.flatMap((key) => SETTING[key].environment), KEY_VARIABLE]);

  it.each(PAGES)('%s names variables that there are', (name) => {
    const named = read(name).match(/\b(?:SALLYPORT|AUTHENTIK)_[A-Z_]+\b/g) ?? [];
    expect(named.filter((variable) => !variables.has(variable))).toEqual([]);
  });

  it.each(PAGES)('%s keeps and shows settings that there are', (name) => {
    const named = [...read(name).matchAll(/config (?:set|unset) ([a-z][A-Za-z.]+)/g)].map(
      ([, key = '']) => key,
    );
    expect(named.filter((key) => !SETTING_KEYS.some((known) => known === key) && key !== 'and')).toEqual([]);
  });
});

describe('the unit for systemd', () => {
  it('starts what the build makes, and does not try again with wrong settings', () => {
    expect(read('scripts/build/programs.mjs')).toContain(`'outpost.cjs'`);
    expect(unit).toMatch(/^ExecStart=\S+\/node \S+\/outpost\.cjs$/m);
    expect(unit).toContain(`RestartPreventExitStatus=${RUN_CODES.settings}\n`);
  });

  it('leaves the outpost its own time to end, and guacd to the outpost', () => {
    expect(unit).toContain('KillMode=mixed');
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(5);
    expect(unit).toMatch(/^StateDirectoryMode=0700$/m);
  });
});

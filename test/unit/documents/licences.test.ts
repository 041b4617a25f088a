import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  isPermitted,
  shipped,
  tableOf,
  withInstallScripts,
  withTable,
} from '../../../scripts/licences/inventory.mjs';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const lock = JSON.parse(read('package-lock.json'));
const page = read('docs/licences.md');

describe('the page about licences', () => {
  it('lists every package that ships, and no other', () => {
    expect(shipped(lock).length).toBeGreaterThan(20);
    // After a change of packages `node scripts/licences.mjs` writes it anew.
    expect(page).toBe(withTable(page, tableOf(shipped(lock))));
  });

  it('names every package with an install script, and none that has none', () => {
    const table = page.slice(page.indexOf('## Programs that run'));
    const named = [...table.matchAll(/^\| (\S+) +\|/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'Package');
    expect(named.filter((name) => !name?.startsWith('-'))).toEqual(
      withInstallScripts(lock).map(({ name }) => name),
    );
    expect(read('scripts/setup/npm.mjs')).toContain(`'--ignore-scripts'`);
  });
});

describe('what ships', () => {
  it('is under permissive licences', () => {
    expect(shipped(lock).filter(({ licence }) => !isPermitted(licence))).toEqual([]);
  });

  it('has the licence that the installed package itself names', () => {
    const installed = shipped(lock).filter(({ name }) =>
      existsSync(new URL(`../../../node_modules/${name}/package.json`, import.meta.url)),
    );
    expect(installed.length).toBeGreaterThan(20);
    const said = installed.map(({ name }) => {
      const { license, version } = JSON.parse(read(`node_modules/${name}/package.json`));
      return { packages: { [`node_modules/${name}`]: { license, version } } };
    });
    expect(said.flatMap((one) => shipped(one)).map(({ name, licence }) => `${name} ${licence}`)).toEqual(
      installed.map(({ name, licence }) => `${name} ${licence}`),
    );
  });
});

describe('the inventory', () => {
  const packages = {
    '': {},
    'node_modules/b': { version: '2.0.0', license: 'MIT' },
    'node_modules/@scope/a': { version: '1.0.0', license: 'Apache 2.0', optional: true },
    'node_modules/b/node_modules/c': {
      version: '3.0.0',
      license: '(MIT OR GPL-3.0)',
      hasInstallScript: true,
    },
    'node_modules/tool': { version: '4.0.0', license: 'GPL-3.0', dev: true },
    'node_modules/peer': {
      version: '5.0.0',
      license: 'GPL-3.0',
      devOptional: true,
      optionalDependencies: { '@peer/linux': '5.0.0' },
    },
    'node_modules/@peer/linux': { version: '5.0.0', license: 'GPL-3.0', optional: true },
    'node_modules/nameless': { version: '6.0.0' },
  };

  it('leaves out what is for development, and finds packages inside packages', () => {
    expect(shipped({ packages }).map(({ name }) => name)).toEqual(['@scope/a', 'b', 'c', 'nameless']);
    expect(withInstallScripts({ packages })).toEqual([{ name: 'c', version: '3.0.0', dev: false }]);
  });

  it.each([
    ['MIT', true],
    ['BSD-3-Clause OR GPL-2.0', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-2.0', false],
    ['GPL-3.0', false],
    ['LGPL-3.0-or-later', false],
    ['SEE LICENSE IN x', false],
    ['', false],
  ])('takes %s: %s', (licence, permitted) => {
    expect(isPermitted(licence)).toBe(permitted);
  });

  it('writes its rows between the marks and leaves the rest', () => {
    const before = 'Words.\n\n<!-- packages -->\n\nold\n\n<!-- end -->\n\nMore.\n';
    const after = withTable(before, tableOf(shipped({ packages })));
    expect(after).toContain('| @scope/a | 1.0.0   | Apache-2.0     | on macOS or Windows |\n');
    expect(after).toMatch(/^Words\.[\s\S]+<!-- end -->\n\nMore\.\n$/);
    expect(after).not.toContain('old');
    expect(() => withTable('no marks', '')).toThrow('<!-- packages -->');
  });
});

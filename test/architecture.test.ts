import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { besidesDoors, circles, forbiddenArrows, graphOf, layerOf } from './architecture/check.ts';
import { DEEPEST, DOORS, LAYERS } from './architecture/rules.ts';
import { ROOT, readSource, readTree } from './architecture/source.ts';

const tree = readTree();
const named = (name: string) => LAYERS.find((layer) => layer.name === name);

describe('the house', () => {
  it('is looked at as a whole', () => {
    expect(tree.length).toBeGreaterThan(200);
    const session = tree.find(({ path }) => path === 'main/core/sessions/session.ts');
    expect(session?.imports).toContainEqual({
      target: 'main/core/sessions/guacd-side.ts',
      kind: 'file',
      typeOnly: false,
    });
  });

  it('has imports in the direction of its layers only', () => {
    expect(forbiddenArrows(tree, LAYERS)).toEqual([]);
  });

  it('has no circles of imports', () => {
    expect(circles(graphOf(tree))).toEqual([]);
  });

  it('has one door for each package', () => {
    expect(besidesDoors(tree, DOORS)).toEqual([]);
  });

  it('has no file that only hands on what others export', () => {
    expect(tree.filter(({ onlyReExports }) => onlyReExports).map(({ path }) => path)).toEqual([]);
  });

  it('has nothing that silences compiler or linter, and nothing put off', () => {
    expect(tree.flatMap(({ blemishes }) => blemishes)).toEqual([]);
  });

  it('has no folders below folders without end', () => {
    expect(tree.filter(({ path }) => path.split('/').length > DEEPEST).map(({ path }) => path)).toEqual([]);
  });

  it.each(['main/core', 'main'])('compiles %s without the DOM and without Electron', (layer) => {
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { compilerOptions: options } = JSON.parse(
      execFileSync(process.execPath, [compiler, '-p', join(ROOT, layer), '--showConfig'], {
        encoding: 'utf8',
      }),
    );
    expect(options.lib.length).toBeGreaterThan(0);
    expect(options.lib.filter((name: string) => /dom|webworker/i.test(name))).toEqual([]);
    expect(options.types).toEqual(['node']);
  });
});

describe('the table of layers', () => {
  const arrows = Object.fromEntries(
    LAYERS.map(({ name, imports, types = [] }) => [
      name,
      imports === 'everything' ? LAYERS.map((other) => other.name) : [...imports, ...types],
    ]),
  );

  it('names only layers that there are, and goes one way', () => {
    expect(
      Object.values(arrows)
        .flat()
        .filter((name) => !named(name)),
    ).toEqual([]);
    const { tests: _, ...others } = arrows;
    expect(circles(others)).toEqual([]);
  });

  it('keeps the core to itself, and everybody out of the tests', () => {
    const isCore = (name: string) => named(name)?.at.every((place) => place.startsWith('main/core/'));
    const leaving = Object.entries(arrows)
      .filter(([name]) => isCore(name))
      .flatMap(([, to]) => to);
    expect(leaving.filter((name) => !isCore(name))).toEqual([]);
    const ofMain = LAYERS.filter(({ at }) => at.some((place) => place.startsWith('main/')));
    expect(
      ofMain.flatMap(({ name }) => arrows[name] ?? []).filter((name) => /practice|tests/.test(name)),
    ).toEqual([]);
    expect(Object.entries(arrows).filter(([name, to]) => name !== 'tests' && to.includes('tests'))).toEqual(
      [],
    );
  });

  it('finds the layer that names a file most exactly', () => {
    expect(layerOf('main/core/doctor.ts', LAYERS)?.name).toBe('doctor');
    expect(layerOf('practice/authentik/rest.ts', LAYERS)?.name).toBe('practice authentik');
    expect(layerOf('practice/main.ts', LAYERS)?.name).toBe('practice');
    expect(layerOf('main/core/drawer.ts', LAYERS)).toBeUndefined();
  });
});

describe('the check', () => {
  const arrowsOf = (path: string, text: string) => forbiddenArrows([readSource(path, text)], LAYERS);
  const doorsOf = (path: string, text: string) => besidesDoors([readSource(path, text)], DOORS);

  it('refuses an import against the direction, in whatever form', () => {
    const forms = [
      `import { Session } from '../sessions/session.ts';`,
      `import type { Session } from '../sessions/session.ts';`,
      `import '../sessions/session.ts';`,
      `export * from '../sessions/session.ts';`,
      `export type { Session } from '../sessions/session.ts';`,
      `const later = () => import('../sessions/session.ts');`,
      `const old = require('../sessions/session.ts');`,
      `let session: import('../sessions/session.ts').Session;`,
      `/// <reference path="../sessions/session.ts" />`,
    ];
    for (const form of forms)
      expect(arrowsOf('main/core/guacamole/framer.ts', form), form).toEqual([
        'main/core/guacamole/framer.ts imports main/core/sessions/session.ts (sessions, which guacamole may not import)',
      ]);
  });

  it('lets an import in the direction pass, and one inside a layer', () => {
    expect(
      arrowsOf(
        'main/core/sessions/session.ts',
        `import { Framer } from '../guacamole/framer.ts'; import { Mirror } from './mirror.ts';`,
      ),
    ).toEqual([]);
  });

  it.each([
    ['main/core/base/ring.ts', '../../control/server.ts'],
    ['main/core/outpost.ts', '../process/outpost-process.ts'],
    ['main/process/stores.ts', '../../practice/authentik/server.ts'],
    ['main/cli/program.ts', '../../test/bench/main.ts'],
    ['practice/main.ts', '../test/integration/practice/practice.ts'],
    ['practice/authentik/rest.ts', '../../main/core/authentik/messages.ts'],
    ['main/core/guacd/dial.ts', '../authentik/endpoint.ts'],
    ['scripts/build.mjs', '../main/core/version.ts'],
  ])('refuses %s importing %s', (path, specifier) => {
    expect(arrowsOf(path, `import { x } from '${specifier}';`)).toHaveLength(1);
  });

  it('lets the renderer import types of the contract, and no more', () => {
    const contract = '../../main/control/contract.ts';
    expect(arrowsOf('renderer/console/app.ts', `import type { Method } from '${contract}';`)).toEqual([]);
    expect(arrowsOf('renderer/console/app.ts', `import { REQUESTS } from '${contract}';`)).toHaveLength(1);
  });

  it('refuses a file that has no place, and input and output in the language', () => {
    expect(arrowsOf('main/utils/things.ts', '')).toEqual(['main/utils/things.ts belongs to no layer']);
    expect(arrowsOf('main/core/guacamole/framer.ts', `import { connect } from 'node:net';`)).toEqual([
      'main/core/guacamole/framer.ts imports node:net',
    ]);
  });

  it('refuses a package beside its door, and one without a door', () => {
    expect(doorsOf('main/control/server.ts', `import WebSocket from 'ws';`)).toEqual([
      'main/control/server.ts imports ws',
    ]);
    expect(doorsOf('main/core/outpost.ts', `import { app } from 'electron';`)).toHaveLength(1);
    expect(doorsOf('main/core/outpost.ts', `import type { App } from 'electron/main';`)).toHaveLength(1);
    expect(doorsOf('main/desktop/tray.ts', `import { Tray } from 'electron';`)).toEqual([]);
    expect(doorsOf('main/core/authentik/api.ts', `import { X } from '@goauthentik/api/dist/x.js';`)).toEqual(
      [],
    );
    expect(doorsOf('main/core/base/ring.ts', `import pad from 'left-pad';`)).toEqual([
      'main/core/base/ring.ts imports left-pad, which has no door',
    ]);
  });

  it('finds circles of any length, each once', () => {
    expect(circles({ a: ['b'], b: ['c'], c: [] })).toEqual([]);
    expect(circles({ a: ['a'] })).toEqual(['a → a']);
    expect(circles({ a: ['b'], b: ['c'], c: ['b'], d: ['a', 'c'] })).toEqual(['b → c → b']);
    const files = [
      readSource('main/core/a.ts', `import { b } from './base/b.ts';`),
      readSource('main/core/base/b.ts', `import type { A } from '../a.ts';`),
    ];
    expect(circles(graphOf(files))).toEqual(['main/core/a.ts → main/core/base/b.ts → main/core/a.ts']);
  });

  it('knows a file that only hands on from one that also does something', () => {
    const barrels = [
      `export * from './a.ts'; export { b } from './b.ts';`,
      `import { a } from './a.ts'; export { a };`,
    ];
    for (const text of barrels) expect(readSource('main/core/index.ts', text).onlyReExports).toBe(true);
    const others = [
      `import './a.ts';`,
      `export { a } from './a.ts'; export const b = 1;`,
      `import { a } from './a.ts'; a();`,
    ];
    for (const text of others) expect(readSource('main/core/index.ts', text).onlyReExports).toBe(false);
  });

  it('finds what should not be written, in types and comments, and leaves texts alone', () => {
    const [later, ignore] = ['TO' + 'DO', 'biome' + '-ignore'];
    const text = `let a: any;\n// ${later}: more\nlet b = f(/* ${ignore} */ 1); // @ts-${'ignore'}\n`;
    expect(readSource('x.ts', text).blemishes).toEqual([
      'x.ts:1 says any',
      `x.ts:2 says ${later}`,
      `x.ts:3 says ${ignore}`,
      `x.ts:3 says @ts-${'ignore'}`,
    ]);
    const fine = `const words = 'any ${later} // ${later}'; const pattern = /\\/\\/ ${later}/; const t = \`// ${later} \${1}\`;`;
    expect(readSource('x.ts', fine).blemishes).toEqual([]);
  });
});

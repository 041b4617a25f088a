import { expect, test } from 'vitest';
import {
  decodeOutpostConfig,
  explainConfig,
  logLevelOf,
} from '../../../main/core/authentik/outpost-config.ts';
import { OUTPOST_OPTIONS } from '../../../main/core/authentik/outpost-config-options.ts';

test('every option says what it means and whether it applies here', () => {
  const names = Object.keys(OUTPOST_OPTIONS);
  expect(names).toHaveLength(22);
  const rows = explainConfig({});
  expect(rows.map(({ name }) => name)).toEqual(names);
  for (const { meaning, here, given, problem } of rows) {
    expect(meaning).toMatch(/\.$/);
    expect(here).toMatch(/\.$/);
    expect({ given, problem }).toEqual({ given: false, problem: null });
  }
  expect(rows.filter(({ applies }) => applies).map(({ name }) => name)).toEqual([
    'log_level',
    'refresh_interval',
  ]);
});

test('the defaults of the table fit their own types', () => {
  const defaults = Object.fromEntries(
    Object.entries(OUTPOST_OPTIONS).map(([name, { fallback }]) => [name, fallback]),
  );
  expect(decodeOutpostConfig(defaults)).toEqual({ logLevel: 'info', problems: [], unknown: [] });
});

test('a value of the wrong kind is reported by name and replaced by its default', () => {
  const config = {
    log_level: 7,
    kubernetes_replicas: 1.5,
    docker_map_ports: 'yes',
    docker_labels: [],
    kubernetes_disabled_components: ['a', 1],
    authentik_host: null,
  };
  const { logLevel, problems } = decodeOutpostConfig(config);
  expect(logLevel).toBeNull();
  expect(problems).toHaveLength(6);
  for (const name of Object.keys(config))
    expect(problems.map(({ message }) => message).join()).toContain(name);
  expect(explainConfig(config).find(({ name }) => name === 'kubernetes_replicas')).toMatchObject({
    value: 1,
    given: true,
  });
});

test('null is no problem where authentik writes it for "not set"', () => {
  expect(decodeOutpostConfig({ docker_network: null, kubernetes_json_patches: null }).problems).toEqual([]);
});

test('unknown options are kept, shown and listed', () => {
  const config = { from_the_future: { deep: [1] }, constructor: 1, ['__proto__x']: 2 };
  expect(decodeOutpostConfig(config).unknown).toEqual(['from_the_future', 'constructor', '__proto__x']);
  expect(explainConfig(config).slice(-3)[0]).toMatchObject({
    name: 'from_the_future',
    value: { deep: [1] },
    meaning: null,
    applies: false,
  });
});

test.each([
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warning', 'warning'],
  ['error', 'error'],
  ['WARN', 'warning'],
  [' critical ', 'error'],
  ['loud', null],
  ['', null],
  [null, null],
])('log_level %j is %j', (given, level) => {
  expect(logLevelOf(given)).toBe(level);
});

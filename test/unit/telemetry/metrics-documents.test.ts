import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { EndReason, LinkState } from '../../../main/core/status.ts';
import { type MetricDescription, Metrics } from '../../../main/core/telemetry/metrics.ts';

const metrics = new Metrics({ version: '1', build: '', instance: 'x' });
afterAll(() => metrics.stop());

const docs = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

/** Values that a label can have, where the set is closed; the compiler keeps the lists whole. */
const REASONS: Readonly<Record<EndReason, true>> = {
  'user-left': true,
  'machine-ended': true,
  'ended-by-admin': true,
  'ended-by-authentik': true,
  failed: true,
  refused: true,
  'peer-lost': true,
  'guacd-lost': true,
  'hold-expired': true,
  guardrail: true,
  shutdown: true,
};
const LINK_STATES: Readonly<Record<LinkState['kind'], true>> = {
  stopped: true,
  connecting: true,
  online: true,
  waiting: true,
  rejected: true,
};
const VALUES: Readonly<Record<string, readonly string[]>> = {
  reason: Object.keys(REASONS),
  state: Object.keys(LINK_STATES),
  statistic: ['p50', 'p99', 'max'],
  outcome: ['ok'],
};

/** Every string under a key of that name, however deep. */
function stringsUnder(key: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    name === key && typeof item === 'string' ? [item] : stringsUnder(key, item),
  );
}

/** Names of the metrics that an expression asks for. */
function namesIn(expression: string): string[] {
  const bare = expression
    .replace(/^label_values\(([^,]*),.*\)$/, '$1')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|on|without|ignoring) *\([^)]*\)/g, ' ');
  return [...bare.matchAll(/\b[a-zA-Z_:][\w:]*\b(?! *\()/g)]
    .map(([name]) => name)
    .filter((name) => !['and', 'or', 'unless', 'by', 'bool', 'offset'].includes(name));
}

interface Selector {
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
}

function selectorsIn(expression: string): Selector[] {
  return [...expression.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, name = '', inside = '']) =>
    [...inside.matchAll(/(\w+) *[=!~]+ *"([^"]*)"/g)].map(([, label = '', values = '']) => ({
      name,
      label,
      values: values.split('|'),
    })),
  );
}

function described(name: string): MetricDescription | undefined {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  return metrics.described.find(
    (metric) => metric.name === name || (metric.type === 'histogram' && metric.name === base),
  );
}

const alerts = parse(docs('alerts.yml'));
const dashboard = JSON.parse(docs('grafana-dashboard.json'));

describe.each([
  ['the alert rules', stringsUnder('expr', alerts)],
  [
    'the dashboard',
    [
      ...stringsUnder('expr', dashboard),
      ...stringsUnder('query', dashboard).filter((query) => query.includes('(')),
    ],
  ],
])('%s', (_name, expressions) => {
  it('ask only for metrics that there are', () => {
    const names = new Set(expressions.flatMap(namesIn));
    expect(names.size).toBeGreaterThan(8);
    const missing = [...names].filter(
      (name) => name !== 'up' && !described(name) && !metrics.names.includes(name),
    );
    expect(missing).toEqual([]);
  });

  it('ask only for labels and values that there are', () => {
    const wrong = expressions.flatMap(selectorsIn).filter(({ name, label, values }) => {
      if (label === 'job' || label === 'instance') return false;
      const allowed = VALUES[label];
      return !described(name)?.labels.includes(label) || values.some((value) => !allowed?.includes(value));
    });
    expect(wrong).toEqual([]);
  });
});

describe('the page about metrics', () => {
  it('has every metric with its type, labels and meaning, and no other', () => {
    const rows = metrics.described.map(({ name, type, labels, help }) => {
      const labelText = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${labelText} | ${help} |`;
    });
    const page = docs('metrics.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.replace(/ +/g, ' '));
    expect(page).toEqual(rows.map((row) => row.replace(/ +/g, ' ')));
  });
});

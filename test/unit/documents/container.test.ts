import { describe, expect, it } from 'vitest';
import { read, tableAfter } from './page.ts';

const page = read('docs/container.md');
const file = read('packaging/container/Containerfile');

describe('the page about the container', () => {
  it('has every variable that the image sets, and no other', () => {
    const [, block = ''] = /^ENV (.*?[^\\])$/ms.exec(file) ?? [];
    const set = block.split(/[\s\\]+/).map((pair) => pair.split('=').map((part) => `\`${part}\``));
    expect(set.length).toBeGreaterThan(2);
    const rows = tableAfter(page, '<!-- variables -->').map(([name, value]) => [name, value]);
    expect(rows).toEqual(set);
  });

  it('names the base that is taken unless told', () => {
    const [, base = ''] = /^ARG BASE_IMAGE=(\S+)$/m.exec(file) ?? [];
    expect(base).not.toBe('');
    expect(page).toContain(`\`${base}\` unless told`);
  });

  it('shows the flags that the test runs it with', () => {
    const [, list = ''] = /const HARDENED = \[(.*?)\]/s.exec(read('test/lab/container.test.ts')) ?? [];
    const flags = [...list.matchAll(/'(--[^']+)'/g)].map(([, flag = '']) => flag);
    expect(flags.length).toBeGreaterThan(4);
    const [, command = ''] = /^(podman run .*?)\n[^ ]/ms.exec(page) ?? [];
    expect(flags.filter((flag) => !command.includes(flag))).toEqual([]);
  });
});

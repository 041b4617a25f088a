import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT, type Machine } from '../../../main/core/offline/machines/machine.ts';
import { groupsOf, matching, searchable, tagsOf } from '../../../renderer/console/machines/filter.ts';
import { draftOfForm, formOf } from '../../../renderer/console/machines/form-draft.ts';

function machine(name: string, change: Partial<Machine> = {}): Machine {
  return {
    ...EMPTY_DRAFT,
    id: name,
    name,
    host: `${name}.example.org`,
    createdAt: 0,
    updatedAt: 0,
    ...change,
  };
}

const MACHINES = [
  machine('web1', { group: 'Berlin / Web', tags: ['prod'], user: 'Ops' }),
  machine('web2', { group: 'Berlin/Web', notes: 'spare part' }),
  machine('mail', { group: 'Berlin2', tags: ['prod', 'a10', 'a9'] }),
  machine('lone', { host: '10.0.0.7', port: 2222 }),
];
const find = (text: string, group = '', tag = '') =>
  matching(searchable(MACHINES), { text, group, tag }).map(({ name }) => name);

describe('finding machines', () => {
  it('wants every word, anywhere, whatever its case', () => {
    expect(find('')).toHaveLength(4);
    expect(find('WEB ops')).toEqual(['web1']);
    expect(find('spare')).toEqual(['web2']);
    expect(find('10.0.0.7:2222')).toEqual(['lone']);
    expect(find('web mail')).toEqual([]);
  });

  it('takes a group with what lies in it, and no group that only begins so', () => {
    expect(find('', 'Berlin')).toEqual(['web1', 'web2']);
    expect(find('', 'Berlin / Web')).toEqual(['web1', 'web2']);
    expect(find('', '', 'prod')).toEqual(['web1', 'mail']);
  });

  it('offers each group and tag once, as people count', () => {
    expect(groupsOf(MACHINES)).toEqual(['Berlin', 'Berlin / Web', 'Berlin2']);
    expect(tagsOf(MACHINES)).toEqual(['a9', 'a10', 'prod']);
  });
});

describe('a form', () => {
  it('says what was typed: an empty port is none, one that is no number is none that can be', () => {
    const form = formOf(machine('x', { port: 22, tags: ['a', 'b'] }));
    expect(form).toMatchObject({ port: '22', tags: 'a, b' });
    expect(draftOfForm({ ...form, port: ' ', tags: ' a ,, c' })).toMatchObject({
      port: null,
      tags: ['a', 'c'],
    });
    expect(draftOfForm({ ...form, port: 'ssh' }).port).toBe(-1);
  });
});

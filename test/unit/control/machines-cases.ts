import { EMPTY_DRAFT } from '../../../main/core/offline/machines/machine.ts';

const DRAFT = { ...EMPTY_DRAFT, name: 'web', host: '10.0.0.7' };
const NOTHING = {
  good: [{}, { later: 1 }],
  bad: [
    [null, ''],
    ['x', ''],
  ],
} as const;
const ID = {
  good: [{ id: 'a' }, { id: 'a'.repeat(64) }],
  bad: [
    [{}, 'id'],
    [{ id: '' }, 'id'],
    [{ id: 'a'.repeat(65) }, 'id'],
    [{ id: 7 }, 'id'],
  ],
} as const;
const PIECE = { import: null, name: 'a.rdp', format: null, data: 'AAAA', begins: true };

/** What the requests about machines take and refuse. */
export const MACHINES_CASES = {
  'machines/list': {
    good: [{}, { offset: 0, limit: 1000 }, { search: 'web', group: 'Berlin', tag: 'db' }],
    bad: [
      [{ limit: 1001 }, 'limit'],
      [{ offset: -1 }, 'offset'],
      [{ offset: 0.5 }, 'offset'],
      [{ search: 'x'.repeat(4097) }, 'search'],
      [{ group: 7 }, 'group'],
    ],
  },
  'machines/subscribe': NOTHING,
  'machines/get': ID,
  'machines/put': {
    // What is wrong with a machine is said in sentences, later.
    good: [
      { id: null, machine: DRAFT },
      { id: 'a', machine: { ...DRAFT, protocol: 'gopher', port: -1 } },
    ],
    bad: [
      [{ id: null }, 'machine'],
      [{ machine: DRAFT }, 'id'],
      [{ id: null, machine: { ...DRAFT, port: '22' } }, 'machine.port'],
      [{ id: null, machine: { ...DRAFT, tags: 'a' } }, 'machine.tags'],
      [{ id: null, machine: { ...DRAFT, parameters: { x: 7 } } }, 'machine.parameters.x'],
      [{ id: null, machine: { ...DRAFT, notes: 'x'.repeat(64 * 1024 + 1) } }, 'machine.notes'],
    ],
  },
  'machines/check': { good: [{ machine: DRAFT }], bad: [[{}, 'machine']] },
  'machines/remove': {
    good: [{ ids: [] }, { ids: ['a', 'b'] }],
    bad: [
      [{}, 'ids'],
      [{ ids: [''] }, 'ids.0'],
    ],
  },
  'machines/parameters': NOTHING,
  'machines/import/upload': {
    good: [PIECE, { ...PIECE, import: 'a', format: 'csv', data: '', begins: false }],
    bad: [
      [{ ...PIECE, data: 'a'.repeat(512 * 1024 + 4) }, 'data'],
      [{ ...PIECE, data: 'not base64!' }, 'data'],
      [{ ...PIECE, format: 'xml' }, 'format'],
      [{ ...PIECE, name: 'x'.repeat(1025) }, 'name'],
    ],
  },
  'machines/import/preview': {
    good: [{ import: 'a' }, { import: 'a', passphrase: 'secret' }],
    bad: [
      [{}, 'import'],
      [{ import: 'a', passphrase: '' }, 'passphrase'],
    ],
  },
  'machines/import/authentik': {
    good: [{ token: 'secret' }],
    bad: [
      [{}, 'token'],
      [{ token: 'x'.repeat(4097) }, 'token'],
    ],
  },
  'machines/import/apply': {
    good: [{ import: 'a', leave: ['1', '20000'] }],
    bad: [
      [{ import: 'a' }, 'leave'],
      [{ import: 'a', leave: [1] }, 'leave.0'],
    ],
  },
  'machines/import/forget': { good: [{ import: 'a' }], bad: [[{}, 'import']] },
  'machines/export': {
    good: [{}, { ids: ['a'] }, { passphrase: 'secret' }],
    bad: [
      [{ ids: 'a' }, 'ids'],
      [{ passphrase: '' }, 'passphrase'],
    ],
  },
  'machines/save-session': ID,
  'machines/wake': ID,
  'machines/connect': ID,
  'viewer/watch': ID,
  'viewer/follow': NOTHING,
} as const;

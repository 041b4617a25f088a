const NOTHING = {
  good: [{}, { later: 1 }],
  bad: [
    [null, ''],
    ['x', ''],
  ],
} as const;
const PASSPHRASE = { kind: 'passphrase', passphrase: 'p'.repeat(4096) };
const KEY = { kind: 'keychain', key: 'k'.repeat(44) };
const CREDENTIAL = { name: 'web', user: '', domain: '' };
const DISPLAY = { width: 1024, height: 768.5, dpi: 96, audio: ['audio/L16'] };
const SHOWN = { display: DISPLAY, window: 'w' };
const INLINE = { protocol: 'ssh', host: '10.0.0.7', port: null, user: '', parameters: {}, ...SHOWN };

/** What the requests about the vault and sessions of this host take and refuse. */
export const OFFLINE_CASES = {
  'vault/state': NOTHING,
  'vault/subscribe': NOTHING,
  'vault/create': {
    good: [
      { protection: PASSPHRASE },
      { protection: KEY },
      { protection: { kind: 'key-file' } },
      { protection: { kind: 'key-file', path: '/k' } },
    ],
    bad: [
      [{}, 'protection'],
      [{ protection: { kind: 'none' } }, 'protection.kind'],
      [{ protection: { kind: 'passphrase', passphrase: 'p'.repeat(4097) } }, 'protection.passphrase'],
      [{ protection: { kind: 'keychain', key: 'k'.repeat(45) } }, 'protection.key'],
    ],
  },
  'vault/unlock': {
    good: [{ opener: PASSPHRASE }, { opener: KEY }, { opener: { kind: 'key-file' } }],
    bad: [
      [{}, 'opener'],
      [{ opener: { kind: 'passphrase' } }, 'opener.passphrase'],
    ],
  },
  'vault/lock': {
    good: [{}, { because: 'asked' }, { because: 'screen' }, { because: 'sleep' }],
    bad: [[{ because: 'time' }, 'because']],
  },
  'vault/change': {
    good: [{ current: { kind: 'key-file' }, next: PASSPHRASE }],
    bad: [
      [{ next: PASSPHRASE }, 'current'],
      [{ current: PASSPHRASE }, 'next'],
    ],
  },
  'vault/credentials': NOTHING,
  'vault/credential/put': {
    good: [
      { id: null, credential: CREDENTIAL },
      {
        id: 'a',
        credential: { ...CREDENTIAL, password: null, privateKey: 'k'.repeat(131_072), passphrase: '' },
      },
    ],
    bad: [
      [{ credential: CREDENTIAL }, 'id'],
      [{ id: null, credential: { name: 'web' } }, 'credential.user'],
      [{ id: null, credential: { ...CREDENTIAL, password: 'p'.repeat(131_073) } }, 'credential.password'],
    ],
  },
  'vault/credential/remove': {
    good: [{ id: 'a' }],
    bad: [
      [{ id: '' }, 'id'],
      [{ id: 'a'.repeat(65) }, 'id'],
    ],
  },
  'machines/open': {
    good: [
      { machine: 'a', ...SHOWN },
      { machine: 'a', ...SHOWN, reason: 'disk full' },
      { machine: 'a', ...SHOWN, login: { user: '', password: 'p' } },
    ],
    bad: [
      [SHOWN, 'machine'],
      [{ machine: 'a', window: 'w' }, 'display'],
      [{ machine: 'a', display: { ...DISPLAY, width: 0 }, window: 'w' }, 'display.width'],
      [{ machine: 'a', display: { ...DISPLAY, audio: Array(17).fill('a') }, window: 'w' }, 'display.audio'],
      [{ machine: 'a', display: DISPLAY, window: '' }, 'window'],
      [{ machine: 'a', ...SHOWN, reason: 'x'.repeat(4097) }, 'reason'],
      [{ machine: 'a', ...SHOWN, login: { user: 'a', password: '' } }, 'login.password'],
      [{ machine: 'a', ...SHOWN, login: { password: 'p' } }, 'login.user'],
    ],
  },
  'machines/open-inline': {
    good: [INLINE, { ...INLINE, port: 22, parameters: { 'font-size': '12' } }],
    bad: [
      [{ ...INLINE, protocol: 'ftp' }, 'protocol'],
      [{ ...INLINE, host: '' }, 'host'],
      [{ ...INLINE, port: 65_536 }, 'port'],
      [{ ...INLINE, parameters: { a: 'x'.repeat(32_769) } }, 'parameters.a'],
    ],
  },
  'session/watch': {
    good: [{ id: 'a', display: DISPLAY }],
    bad: [
      [{ display: DISPLAY }, 'id'],
      [{ id: 'a' }, 'display'],
    ],
  },
} as const;

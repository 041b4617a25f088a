import { expect, it } from 'vitest';
import { loginDoubt } from '../../../renderer/viewer/session/login-doubt.ts';

it.each([
  ['refuses the password', { status: 0x0301, protocol: 'ssh', drawn: false }, 'refused'],
  ['refuses it after its own words', { status: 0x0301, protocol: 'ssh', drawn: true }, 'refused'],
  ['is not told by guacd’s VNC', { status: 0x0207, protocol: 'vnc', drawn: false }, 'perhaps'],
  ['has shown a picture before', { status: 0x0207, protocol: 'vnc', drawn: true }, null],
  ['was not found', { status: 0x0207, protocol: 'ssh', drawn: false }, null],
  ['refuses before guacd can say so', { status: 0x0203, protocol: null, drawn: false }, 'perhaps'],
  ['is forbidden by a guardrail', { status: 0x0303, protocol: 'ssh', drawn: false }, null],
  ['asks for a certificate', { status: 0x0301, protocol: 'kubernetes', drawn: false }, null],
])('a login is in doubt as far as is known of a machine that %s', (_, refusal, doubt) => {
  expect(loginDoubt(refusal)).toBe(doubt);
});

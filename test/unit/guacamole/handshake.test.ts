import { describe, expect, test } from 'vitest';
import {
  agreeOnVersion,
  answerArgs,
  type HandshakeOptions,
  MAX_VALUE_LENGTH,
  tooLongParameter,
} from '../../../main/core/guacamole/handshake.ts';
import { GuacamoleStatus, statusWords } from '../../../main/core/guacamole/status.ts';

const options: HandshakeOptions = {
  select: 'ssh',
  display: { width: 1280, height: 720, dpi: 96, audio: ['audio/L8', 'audio/L16'] },
  parameters: new Map([
    ['hostname', 'machine'],
    ['password', 'geheim;,.😀'],
    ['made-up', 'not asked for'],
  ]),
  version: 'VERSION_1_1_0',
  timezone: 'Europe/Berlin',
  name: 'Ada',
};

describe('the answer to args', () => {
  test('holds what the person’s end can do, then a value for each name in guacd’s order', () => {
    expect(answerArgs(['VERSION_1_5_0', 'password', 'port', 'hostname'], options)).toEqual([
      ['size', '1280', '720', '96'],
      ['audio', 'audio/L8', 'audio/L16'],
      ['video'],
      ['image', 'image/png', 'image/jpeg', 'image/webp'],
      ['timezone', 'Europe/Berlin'],
      ['name', 'Ada'],
      ['connect', 'VERSION_1_1_0', 'geheim;,.😀', '', 'machine'],
    ]);
  });

  test('names no version, zone or name to a guacd that names none', () => {
    const answer = answerArgs(['hostname'], options);
    expect(answer.map(([opcode]) => opcode)).toEqual(['size', 'audio', 'video', 'image', 'connect']);
    expect(answer.at(-1)).toEqual(['connect', 'machine']);
  });

  test('leaves the name out for a guacd before 1.5, and where nobody knows it', () => {
    const opcodes = (version: string, name: string | null) =>
      answerArgs([version, 'hostname'], { ...options, name }).map(([opcode]) => opcode);
    expect(opcodes('VERSION_1_3_0', 'Ada')).not.toContain('name');
    expect(opcodes('VERSION_1_5_0', null)).not.toContain('name');
    expect(opcodes('VERSION_1_5_0', 'Ada')).toContain('name');
  });

  test('takes a parameter that merely looks like a version for what it is', () => {
    expect(answerArgs(['version', 'hostname'], options).at(-1)).toEqual(['connect', '', 'machine']);
  });

  test('is bare for a guacd that asks for nothing', () => {
    expect(answerArgs([], options).at(-1)).toEqual(['connect']);
  });
});

test.each([
  [undefined, 'VERSION_1_5_0', 'VERSION_1_0_0'],
  ['VERSION_1_0_0', 'VERSION_1_5_0', 'VERSION_1_0_0'],
  ['VERSION_1_1_0', 'VERSION_1_5_0', 'VERSION_1_1_0'],
  ['VERSION_1_2_9', 'VERSION_1_5_0', 'VERSION_1_1_0'],
  ['VERSION_1_3_0', 'VERSION_1_1_0', 'VERSION_1_1_0'],
  ['VERSION_1_5_0', 'VERSION_1_3_0', 'VERSION_1_3_0'],
  ['VERSION_1_10_0', 'VERSION_1_5_0', 'VERSION_1_5_0'],
  ['VERSION_2_0_0', 'VERSION_1_5_0', 'VERSION_1_5_0'],
] as const)('guacd offers %s, we speak %s: %s it is', (offered, ours, agreed) => {
  expect(agreeOnVersion(offered, ours)).toBe(agreed);
});

test('a value of 8191 code points passes, one of 8192 is named', () => {
  const long = (length: number) => new Map([['private-key', '😀'.repeat(length)]]);
  expect(tooLongParameter(long(MAX_VALUE_LENGTH))).toBeUndefined();
  expect(tooLongParameter(long(MAX_VALUE_LENGTH + 1))).toEqual({
    name: 'private-key',
    length: MAX_VALUE_LENGTH + 1,
  });
});

test('every status has its own words, and an unknown one is given as its number', () => {
  const words = Object.values(GuacamoleStatus).map(statusWords);
  expect(new Set(words).size).toBe(words.length);
  expect(statusWords(0x1234)).toContain('4660');
});

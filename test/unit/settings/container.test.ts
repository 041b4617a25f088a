import { describe, expect, it } from 'vitest';
import { guacdTarget } from '../../../main/core/settings/kinds/address.ts';
import {
  containerEngine,
  containerImage,
  containerNetwork,
} from '../../../main/core/settings/kinds/container.ts';
import { read, refusedText } from './refused.ts';

describe('a guacd in a container', () => {
  it('is one word, which the file can hold', () => {
    expect(read(guacdTarget, 'Container')).toEqual({ kind: 'container' });
    expect(guacdTarget.toJson({ kind: 'container' })).toBe('container');
  });
});

describe('the image of a container', () => {
  it.each([
    'guacamole/guacd:1.6.0',
    'guacd',
    'localhost/sallyport-base:latest',
    'registry.example.org:5000/a/b_c/guacd:1.6.0-r1',
    `guacamole/guacd@sha256:${'0'.repeat(64)}`,
    'guacamole/guacd:Upper_Case.Tag',
  ])('can be %s', (text) => {
    expect(read(containerImage, text)).toBe(text);
  });

  it.each([
    ['--privileged', '"--privileged"'],
    ['-v', '"-v"'],
    ['guacd --privileged', '"guacd --privileged"'],
    ['guacd:', '"guacd:"'],
    ['/guacd', '"/guacd"'],
    ['Guacamole/guacd', '"Guacamole/guacd"'],
    ['guacd;id', '"guacd;id"'],
    ['guacd@sha256:12', '"guacd@sha256:12"'],
    ['docker://guacamole/guacd', 'with a transport in front'],
    ['a'.repeat(256), '(256 characters)'],
  ])('cannot be %s', (text, words) => {
    expect(refusedText(containerImage, text).message).toContain(words);
  });
});

describe('what runs a container', () => {
  it.each([
    ['AUTO', 'auto'],
    ['podman', 'podman'],
    ['Docker', 'docker'],
    ['/opt/podman/bin/podman', '/opt/podman/bin/podman'],
  ])('can be %s', (text, value) => {
    expect(read(containerEngine, text)).toBe(value);
  });

  it.each(['runc', 'podman run', '--host'])('cannot be %s', (text) => {
    expect(refusedText(containerEngine, text).message).toContain(JSON.stringify(text));
  });
});

describe('the network of a container', () => {
  it('is one of two words', () => {
    expect([read(containerNetwork, 'Host'), read(containerNetwork, 'bridge')]).toEqual(['host', 'bridge']);
    expect(refusedText(containerNetwork, 'container:other').message).toContain('"container:other"');
  });
});

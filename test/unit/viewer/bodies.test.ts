import type Guacamole from 'guacamole-common-js';
import { describe, expect, it } from 'vitest';
import { Bodies } from '../../../renderer/viewer/files/bodies.ts';

describe('what is asked of a machine’s file system', () => {
  function filesystem() {
    const asked: string[] = [];
    const refused: number[] = [];
    const object = { onbody: null, requestInputStream: (name: string) => asked.push(name) } as unknown as {
      onbody: (stream: Guacamole.InputStream, mimetype: string, name: string) => void;
    } & Guacamole.Object;
    const answer = (name: string) => {
      const stream = { sendAck: (_: string, code: number) => refused.push(code) };
      object.onbody(stream as unknown as Guacamole.InputStream, 'text/plain', name);
    };
    return { bodies: new Bodies(object), asked, refused, answer };
  }

  it('is heard by who asked for that path, in their order', () => {
    const { bodies, asked, answer } = filesystem();
    const heard: string[] = [];
    bodies.ask('/a', () => heard.push('first a'));
    bodies.ask('/b', () => heard.push('b'));
    bodies.ask('/a', () => heard.push('second a'));
    expect(asked).toEqual(['/a', '/b', '/a']);
    for (const name of ['/b', '/a', '/a']) answer(name);
    expect(heard).toEqual(['b', 'first a', 'second a']);
  });

  it('can be asked for again after it was given up, and what nobody waits for is refused', () => {
    const { bodies, refused, answer } = filesystem();
    const heard: string[] = [];
    const giveUp = bodies.ask('/a', () => heard.push('given up'));
    giveUp();
    bodies.ask('/a', () => heard.push('again'));
    answer('/a');
    expect(heard).toEqual(['again']);
    expect(refused).toEqual([]);
    answer('/a');
    answer('/never');
    expect(refused).toEqual([0x0303, 0x0303]);
  });
});

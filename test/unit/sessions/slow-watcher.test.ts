import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { Input } from '../../../main/core/sessions/input.ts';
import { DEFAULT_LIMITS } from '../../../main/core/sessions/limits.ts';
import { Mirror } from '../../../main/core/sessions/mirror.ts';
import type { Peer } from '../../../main/core/sessions/peer.ts';
import type { Ending } from '../../../main/core/sessions/words.ts';

const LIMITS = { ...DEFAULT_LIMITS, sessions: 1, queueBytes: 4_096, instructionBytes: 65_536 };
const PICTURE = Buffer.from(encode('blob', '1', 'QUJD'.repeat(256)));

/** A window that takes everything into a queue and draws nothing. */
const STUCK: Peer = {
  send: () => {},
  cork: () => {},
  uncork: () => {},
  pause: () => {},
  resume: () => {},
  close: async () => {},
};

/** `reads`: whether guacd takes what is written to it. */
function mirrored(input: Input | null, { reads = true } = {}) {
  const heard: string[] = [];
  const guacd = new Duplex({
    read: () => {},
    write: (chunk, _encoding, done) => {
      heard.push(String(chunk));
      if (reads) done();
    },
  });
  const endings: Ending[] = [];
  const mirror = new Mirror({
    request: { machine: 'box', protocol: 'ssh', source: 'watch' },
    peer: STUCK,
    guacd: guacd as Socket,
    leftover: Buffer.alloc(0),
    limits: LIMITS,
    input,
    tap: null,
    opening: null,
    dropNotices: false,
    count: { toPeer: () => {}, toGuacd: () => {} },
    onEnd: (how) => endings.push(how),
  });
  const pictures = async (count: number) => {
    for (let sent = 0; sent < count; sent += 1) {
      guacd.push(PICTURE);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { mirror, guacd, heard, endings, pictures };
}

describe('a window that does not keep up', () => {
  it('lets guacd wait where it is the person’s', async () => {
    const { mirror, guacd, endings, pictures } = mirrored(new Input());
    await pictures(8);
    expect(guacd.isPaused()).toBe(true);
    await pictures(128);
    expect(endings).toEqual([]);
    expect(mirror.queuedBytes).toBeLessThan(LIMITS.instructionBytes);
    mirror.stop();
  });

  it('never lets guacd wait where it only watches: the person would wait as well', async () => {
    const { mirror, guacd, endings, pictures } = mirrored(null);
    await pictures(8);
    expect(mirror.queuedBytes).toBeGreaterThan(LIMITS.queueBytes);
    expect(guacd.isPaused()).toBe(false);
    expect(endings).toEqual([]);
    await pictures(128);
    expect(endings).toMatchObject([{ reason: 'peer-lost', failure: { code: 'peer-lost' } }]);
    expect(mirror.queuedBytes).toBeLessThan(2 * LIMITS.instructionBytes);
  });

  it('has its frames answered at once where it only watches: guacd draws as slowly as the slowest answers', async () => {
    const { mirror, guacd, heard } = mirrored(null);
    guacd.push(Buffer.concat([PICTURE, Buffer.from('4.sync,2.17;4.sync,2.18,1.3;')]));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(['4.sync,2.17;', '4.sync,2.18;']);
    // Its own answers, long after, are not passed on.
    mirror.readPeer(Buffer.from('4.sync,2.17;3.nop;4.sync,2.18;'));
    expect(heard.slice(2)).toEqual(['3.nop;']);
    mirror.stop();
  });

  it('answers its own frames where it is the person’s', async () => {
    const { mirror, guacd, heard } = mirrored(new Input());
    guacd.push(Buffer.from('4.sync,2.17;'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([]);
    mirror.readPeer(Buffer.from('4.sync,2.17;'));
    expect(heard).toEqual(['4.sync,2.17;']);
    mirror.stop();
  });

  it('fills no memory with answers that guacd does not read', async () => {
    const { mirror, guacd } = mirrored(null, { reads: false });
    for (let sent = 0; sent < 2_000; sent += 1) {
      guacd.push(Buffer.from(encode('sync', String(sent))));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(guacd.writableLength).toBeGreaterThan(LIMITS.queueBytes / 2);
    expect(guacd.writableLength).toBeLessThan(2 * LIMITS.queueBytes);
    mirror.stop();
  });
});

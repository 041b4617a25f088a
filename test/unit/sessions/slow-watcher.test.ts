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

function mirrored(input: Input | null) {
  const guacd = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
  const endings: Ending[] = [];
  const mirror = new Mirror({
    request: { machine: 'box', protocol: 'ssh' },
    peer: STUCK,
    guacd: guacd as Socket,
    leftover: Buffer.alloc(0),
    limits: LIMITS,
    input,
    tap: null,
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
  return { mirror, guacd, endings, pictures };
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
});

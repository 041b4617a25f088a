import { randomBytes } from 'node:crypto';
import { appendFile, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../main/core/base/logger.ts';
import { Secret } from '../../../main/core/base/secret.ts';
import { type Failure, SallyportError } from '../../../main/core/errors.ts';
import { encode } from '../../../main/core/guacamole/instruction.ts';
import { type Admission, admittedAs } from '../../../main/core/sessions/admission.ts';
import { HEAD_BYTES } from '../../../main/core/sessions/recording/format.ts';
import { RecordingReader } from '../../../main/core/sessions/recording/reader.ts';
import { type RecorderOptions, recordSessions } from '../../../main/core/sessions/recording/recorder.ts';
import { BlockSeal } from '../../../main/core/sessions/recording/seal.ts';
import { RecordingStore } from '../../../main/core/sessions/recording/store.ts';
import type { SessionRequest } from '../../../main/core/sessions/request.ts';
import { ending } from '../../../main/core/sessions/words.ts';
import { folder, refusalOf } from '../settings/folder.ts';

const MIB = 1024 * 1024;

const REQUEST: SessionRequest = {
  id: '0b6e3c1e-0000-4000-8000-000000000001',
  names: [],
  source: 'authentik',
  protocol: 'ssh',
  parameters: new Map([['password', new Secret('never-in-a-file')]]),
  agentLogin: null,
  display: { width: 800, height: 600, dpi: 96, audio: [] },
  user: 'alice',
  machine: 'web-01:22',
};

const ADMISSION = admittedAs(REQUEST);

interface Bench {
  readonly store: RecordingStore;
  readonly failures: Failure[];
  readonly open: (changes?: Partial<Admission>) => ReturnType<ReturnType<typeof recordSessions>>;
}

async function bench(
  changes: Partial<ReturnType<RecorderOptions['settings']>> = {},
  options: Partial<RecorderOptions> = {},
): Promise<Bench> {
  const dir = join(await folder(), 'recordings');
  const store = new RecordingStore(dir, silentLogger);
  const failures: Failure[] = [];
  const openTap = recordSessions({
    folder: dir,
    settings: () => ({
      records: () => true,
      keys: false,
      sessionBytes: 64 * MIB,
      reserveBytes: 0,
      sealed: false,
      ...changes,
    }),
    freeSpace: async () => null,
    newSeal: async () => ({ seal: new BlockSeal(BlockSeal.newKey()), named: {} }),
    claim: store.claim,
    release: store.release,
    logger: silentLogger,
    ...options,
  });
  return {
    store,
    failures,
    open: (admission = {}) =>
      openTap(REQUEST, { ...ADMISSION, ...admission }, (failure) => failures.push(failure)),
  };
}

async function played(store: RecordingStore, id: string, seal: BlockSeal | null = null): Promise<string> {
  const reader = await store.open(id);
  try {
    const parts: Buffer[] = [];
    for await (const { bytes } of reader.instructions(seal)) parts.push(bytes);
    return Buffer.concat(parts).toString('utf8');
  } finally {
    await reader.close();
  }
}

/** Where the head of each block is. */
function headsOf(recording: Buffer): number[] {
  const heads: number[] = [];
  let at = recording.indexOf(0x0a) + 1;
  while (at < recording.length) {
    heads.push(at);
    at += HEAD_BYTES + recording.readUInt32BE(at);
  }
  return heads;
}

const text = (value: string) => Buffer.from(value);
const SYNC = encode('sync', '4711');

describe('a recording', () => {
  it('holds what guacd sent, byte for byte, and where the pointer was, at guacd’s time', async () => {
    const { store, open } = await bench();
    const tap = await open();
    const drawn = encode('size', '0', '800', '600') + encode('name', 'héllo 🚪') + SYNC;
    tap?.fromGuacd(text(drawn));
    tap?.fromPeer(
      text(
        encode('mouse', '1', '2', '0') + encode('key', '65', '1') + encode('clipboard', '0', 'text/plain'),
      ),
    );
    const id = await tap?.end(ending('user-left'));
    expect(await played(store, id ?? '')).toBe(drawn + encode('mouse', '1', '2', '0', '4711'));
    const [listed] = await store.list();
    expect(listed).toMatchObject({
      header: { session: REQUEST.id, user: 'alice', machine: 'web-01:22', keys: false },
      running: false,
      end: { reason: 'user-left' },
    });
    expect((await readFile(join(store.folder, `${id}.recording`))).includes('never-in-a-file')).toBe(false);
  });

  it('holds no files that come down, and nothing that the machine puts into the clipboard', async () => {
    const { store, open } = await bench();
    const tap = await open();
    const drawn = encode('img', '1', '14', '0', 'image/png', '0', '0') + encode('blob', '1', 'cGljdHVyZQ==');
    const secret = encode('blob', '2', 'c2VjcmV0') + encode('end', '2');
    tap?.fromGuacd(
      text(drawn + encode('file', '2', 'text/plain', 'secret.txt') + encode('blob', '2', 'c2VjcmV0')),
    );
    tap?.fromGuacd(text(encode('blob', '2', 'c2VjcmV0') + encode('end', '1') + encode('end', '2') + SYNC));
    tap?.fromGuacd(text(encode('clipboard', '2', 'text/plain') + secret));
    tap?.fromGuacd(text(encode('body', '0', '2', 'text/plain', 'secret.txt') + secret + SYNC));
    tap?.fromGuacd(text(encode('audio', '2', 'audio/L16') + encode('blob', '2', 'c291bmQ=')));
    const id = (await tap?.end(ending('user-left'))) ?? '';
    expect(await played(store, id)).toBe(
      drawn +
        encode('end', '1') +
        SYNC +
        SYNC +
        encode('audio', '2', 'audio/L16') +
        encode('blob', '2', 'c291bmQ='),
    );
  });

  it('that is sealed cannot be given to another person, nor told of another time', async () => {
    const seal = new BlockSeal(BlockSeal.newKey());
    const { store, open } = await bench({ sealed: true }, { newSeal: async () => ({ seal, named: {} }) });
    const tap = await open();
    tap?.fromGuacd(text(SYNC));
    const id = (await tap?.end(ending('user-left'))) ?? '';
    const path = join(store.folder, `${id}.recording`);
    const whole = await readFile(path);
    const renamed = Buffer.from(whole.toString('latin1').replace('"alice"', '"mally"'), 'latin1');
    await writeFile(path, renamed);
    await refusalOf(played(store, id, seal), 'recording-unreadable');
    const later = Buffer.from(whole);
    const time = whole.indexOf(0x0a) + 1 + 13;
    later[time] = (later[time] ?? 0) ^ 0x40;
    await writeFile(path, later);
    await refusalOf(played(store, id, seal), 'recording-unreadable');
    await writeFile(path, whole);
    expect(await played(store, id, seal)).toBe(SYNC);
  });

  it('holds keys where they are wanted', async () => {
    const { store, open } = await bench({ keys: true });
    const tap = await open();
    tap?.fromGuacd(text(SYNC));
    tap?.fromPeer(text(encode('key', '65', '1')));
    const id = await tap?.end(ending('user-left'));
    expect(await played(store, id ?? '')).toBe(SYNC + encode('key', '65', '1', '4711'));
  });

  it('is made as the rule says, whatever the settings say', async () => {
    const { open } = await bench({ records: () => false });
    expect(await open()).toBeNull();
    const always = await open({ record: 'always' });
    expect(always).not.toBeNull();
    await always?.end(ending('user-left'));
    const { open: other } = await bench();
    expect(await other({ record: 'never' })).toBeNull();
  });

  it('can be played up to the last whole block, wherever it was torn', async () => {
    const { store, open } = await bench();
    const tap = await open();
    const frame = encode('img', 'x'.repeat(200_000)) + SYNC;
    for (let index = 0; index < 6; index += 1) {
      tap?.fromGuacd(text(frame));
      tap?.fromGuacd(text(frame));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const id = (await tap?.end(ending('user-left'))) ?? '';
    const path = join(store.folder, `${id}.recording`);
    const whole = await readFile(path);
    const all = await played(store, id);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 600, max: whole.length }), async (bytes) => {
        await writeFile(path, whole);
        await truncate(path, bytes);
        const part = await played(store, id);
        expect(all.startsWith(part)).toBe(true);
        expect(part === '' || part.endsWith(';')).toBe(true);
      }),
      { numRuns: 40 },
    );
    await writeFile(path, whole.subarray(0, whole.length - 10));
    const [listed] = await new RecordingStore(store.folder, silentLogger).list();
    expect(listed?.end).toBeNull();
  });

  it('that is sealed shows nothing without its key, and no change with it', async () => {
    const seal = new BlockSeal(BlockSeal.newKey());
    const { store, open } = await bench(
      { sealed: true },
      { newSeal: async () => ({ seal, named: { key: 'somebody’s' } }) },
    );
    const tap = await open();
    tap?.fromGuacd(text(encode('name', 'a secret screen') + SYNC));
    const id = (await tap?.end(ending('user-left'))) ?? '';
    const path = join(store.folder, `${id}.recording`);
    expect((await readFile(path)).includes('secret screen')).toBe(false);
    await refusalOf(played(store, id), 'recording-unreadable');
    expect(await played(store, id, seal)).toContain('a secret screen');
    const [listed] = await store.list(() => seal);
    expect(listed?.end?.reason).toBe('user-left');
    const bytes = await readFile(path);
    const at = bytes.indexOf(0x0a) + 14 + 20;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await refusalOf(played(store, id, seal), 'recording-unreadable');
  });

  it('whose end was changed, or a block made the end, plays as far as that and says it', async () => {
    const seal = new BlockSeal(BlockSeal.newKey());
    const { store, open } = await bench({ sealed: true }, { newSeal: async () => ({ seal, named: {} }) });
    const tap = await open();
    const frame = encode('img', 'x'.repeat(300_000)) + SYNC;
    for (let block = 0; block < 3; block += 1) tap?.fromGuacd(text(frame));
    const id = (await tap?.end(ending('user-left'))) ?? '';
    const path = join(store.folder, `${id}.recording`);
    const whole = await readFile(path);
    const heads = headsOf(whole);
    expect(heads).toHaveLength(4);
    const [, second = 0, , last = 0] = heads;
    const changes = [
      { at: last + HEAD_BYTES + 20, to: 'changed', left: frame.repeat(3) },
      { at: last + 5, to: 'no longer sealed', left: frame.repeat(3) },
      { at: second + 4, to: 'an end', left: frame },
    ];
    for (const { at, to, left } of changes) {
      const changed = Buffer.from(whole);
      changed[at] = to === 'an end' ? 2 : (changed[at] ?? 0) ^ 2;
      await writeFile(path, changed);
      const again = new RecordingStore(store.folder, silentLogger);
      expect(await again.list(() => seal), to).toMatchObject([{ header: { id }, isWhole: true }]);
      const reader = await again.open(id);
      let got = '';
      const playing = async () => {
        for await (const { bytes } of reader.instructions(seal)) got += bytes.toString();
      };
      await refusalOf(playing(), 'recording-unreadable');
      await reader.close();
      expect(got === left, to).toBe(true);
    }
  });

  it('stops loudly at its largest size and where the disk is nearly full, and says so once', async () => {
    const small = await bench({ sessionBytes: 50_000 });
    const tap = await small.open();
    // Nothing that could be deflated away.
    const noise = () => Buffer.from(encode('blob', '1', BlockSeal.newKey().toString('base64')));
    for (let index = 0; index < 20_000; index += 1) tap?.fromGuacd(noise());
    await tap?.end(ending('user-left'));
    expect(small.failures).toMatchObject([
      { code: 'recording-failed', message: expect.stringContaining('largest size') },
    ]);
    expect(tap?.failed).not.toBeNull();

    let free = 1000 * MIB;
    const full = await bench({ reserveBytes: 100 * MIB }, { freeSpace: async () => free });
    const other = await full.open();
    other?.fromGuacd(Buffer.alloc(300_000, SYNC));
    await vi.waitUntil(async () => (await full.store.list())[0]?.durationMs !== 0, { timeout: 20_000 });
    free = 50 * MIB;
    other?.fromGuacd(Buffer.alloc(300_000, SYNC));
    const id = (await other?.end(ending('user-left'))) ?? '';
    expect(full.failures).toMatchObject([
      { code: 'recording-failed', message: expect.stringContaining('100 MiB') },
    ]);
    expect((await played(full.store, id)).length).toBe(300_000);
  });

  it('that cannot be begun keeps nobody out, but those who must be recorded', async () => {
    const { open, failures } = await bench({ reserveBytes: 100 * MIB }, { freeSpace: async () => 0 });
    expect(await open()).toBeNull();
    expect(failures).toHaveLength(1);
    await expect(open({ record: 'always', failWithRecording: true })).rejects.toMatchObject({
      code: 'recording-failed',
      message: expect.stringContaining('so it was not opened'),
    });
  });
});

describe('the store of recordings', () => {
  async function recorded(store: RecordingStore, open: Bench['open'], ageMs: number): Promise<string> {
    const tap = await open();
    tap?.fromGuacd(Buffer.from(encode('blob', '1', randomBytes(16_000).toString('hex'))));
    const id = (await tap?.end(ending('user-left'))) ?? '';
    const at = new Date(Date.now() - ageMs);
    await utimes(join(store.folder, `${id}.recording`), at, at);
    return id;
  }

  it('removes the oldest first, by size and by age, and never one that is still written', async () => {
    const { store, open } = await bench();
    const running = await open();
    running?.fromGuacd(text(SYNC));
    const old = await recorded(store, open, 9_000_000);
    const middle = await recorded(store, open, 60_000);
    const young = await recorded(store, open, 0);
    expect(await store.sweep({ maxBytes: 100 * MIB, maxAgeMs: 3_600_000 })).toEqual([old]);
    expect(await store.sweep({ maxBytes: 100 * MIB, maxAgeMs: null })).toEqual([]);
    const bytes = (await store.list()).find(({ header }) => header.id === young)?.bytes ?? 0;
    expect(await store.sweep({ maxBytes: bytes + 2_000, maxAgeMs: null })).toEqual([middle]);
    expect(await store.sweep({ maxBytes: 0, maxAgeMs: 1 }, Date.now() + 1e9)).toEqual([young]);
    expect((await store.list()).map((one) => one.running)).toEqual([true]);
    await running?.end(ending('user-left'));
  });

  it('goes on with the next where one cannot be removed', async () => {
    const { store, open } = await bench();
    const stuck = await recorded(store, open, 9_000_000);
    const next = await recorded(store, open, 8_000_000);
    const remove = store.remove.bind(store);
    vi.spyOn(store, 'remove').mockImplementation(async (id) => {
      if (id === stuck) throw new SallyportError('file-unwritable', 'The recording may not be removed.');
      await remove(id);
    });
    expect(await store.sweep({ maxBytes: 100 * MIB, maxAgeMs: 3_600_000 })).toEqual([next]);
    expect((await store.list()).map(({ header }) => header.id)).toEqual([stuck]);
  });

  it('knows no paths but its own, and lists what it can read', async () => {
    const { store, open } = await bench();
    const id = await recorded(store, open, 0);
    await refusalOf(store.open('../../etc/passwd'), 'recording-unreadable');
    await refusalOf(store.remove('../x'), 'recording-unreadable');
    await appendFile(join(store.folder, '0b6e3c1e-0000-4000-8000-0000000000ff.recording'), 'nonsense');
    expect((await store.list()).map(({ header }) => header.id)).toEqual([id]);
    await expect(RecordingReader.open(join(store.folder, 'none'))).rejects.toMatchObject({
      code: expect.any(String),
    });
  });
});

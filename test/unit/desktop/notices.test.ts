import { describe, expect, it } from 'vitest';
import type { OutpostStatus } from '../../../main/core/status.ts';
import { LOST_AFTER_MS, NoticeWatch } from '../../../main/desktop/notices.ts';
import { DE } from '../../../main/desktop/words/de.ts';
import { EN } from '../../../main/desktop/words/en.ts';
import { NOW, REFUSED, sessionOf, statusOf } from './status.ts';

const own = { kind: 'own', pid: 1 } as const;
const lost = statusOf({ link: { kind: 'waiting', attempt: 1, retryAt: NOW, reason: REFUSED } });
const rejected = statusOf({
  link: {
    kind: 'rejected',
    retryAt: NOW,
    reason: { code: 'token-rejected', message: 'authentik rejected the token.' },
  },
});

/** A watch that hears one status after the other, each at its moment; returns what was told. */
function watching() {
  const watch = new NoticeWatch();
  return {
    watch,
    hear: (status: OutpostStatus, afterMs: number) =>
      watch.look({ outpost: own, status }, NOW + afterMs, EN).map(({ kind, title }) => `${kind}: ${title}`),
  };
}

describe('what is worth a notification', () => {
  it('is a connection that is lost for more than a minute, and its return', () => {
    const { watch, hear } = watching();
    expect(hear(statusOf(), 0)).toEqual([]);
    expect(hear(lost, 1_000)).toEqual([]);
    expect(watch.nextLook(NOW + 1_000)).toBe(LOST_AFTER_MS);
    expect(hear(lost, 1_000 + LOST_AFTER_MS - 1)).toEqual([]);
    expect(hear(lost, 1_000 + LOST_AFTER_MS)).toEqual([
      'connectionLost: The connection to authentik is lost',
    ]);
    expect(hear(lost, 2_000 + LOST_AFTER_MS)).toEqual([]);
    expect(watch.nextLook(NOW + 2_000 + LOST_AFTER_MS)).toBeNull();
    expect(hear(statusOf(), 181_000)).toEqual([
      'connectionLost: The connection to authentik is back after 3 min',
    ]);
    expect(hear(statusOf(), 182_000)).toEqual([]);
  });

  it('is nobody’s business where it is back within a minute, or was never there', () => {
    const { hear } = watching();
    hear(statusOf(), 0);
    hear(lost, 1_000);
    expect(hear(statusOf(), LOST_AFTER_MS - 1_000)).toEqual([]);
    expect(hear(lost, LOST_AFTER_MS)).toEqual([]);
    expect(hear(lost, LOST_AFTER_MS + 2_000)).toEqual([]);
    const fresh = watching();
    expect(fresh.hear(lost, 0)).toEqual([]);
    expect(fresh.hear(lost, 10 * LOST_AFTER_MS)).toEqual([]);
  });

  it('is no loss where somebody has stopped the outpost', () => {
    const { hear } = watching();
    hear(statusOf(), 0);
    expect(hear(statusOf({ phase: 'stopped', link: { kind: 'stopped' } }), 1_000)).toEqual([]);
    expect(hear(statusOf({ phase: 'stopped', link: { kind: 'stopped' } }), 10 * LOST_AFTER_MS)).toEqual([]);
  });

  it('is a token that authentik rejected, once for each time', () => {
    const { hear } = watching();
    expect(hear(rejected, 0)).toEqual(['tokenRejected: authentik rejected the outpost’s token']);
    expect(hear(rejected, 60_000)).toEqual([]);
    expect(hear(statusOf(), 61_000)).toEqual([]);
    expect(hear(rejected, 62_000)).toHaveLength(1);
  });

  it('is a guacd that ends for the third time within minutes', () => {
    const { hear } = watching();
    const down = statusOf({
      guacd: { kind: 'down', retryAt: NOW, reason: { code: 'guacd-died', message: 'guacd ended.' } },
    });
    hear(statusOf(), 0);
    for (const at of [10_000, 20_000]) {
      expect(hear(down, at)).toEqual([]);
      hear(statusOf(), at + 1_000);
    }
    expect(hear(down, 30_000)).toEqual(['guacdDying: guacd keeps ending']);
    hear(statusOf(), 31_000);
    expect(hear(down, 40_000)).toEqual([]);
    const slow = watching();
    slow.hear(statusOf(), 0);
    for (const at of [1, 2, 3, 4]) {
      expect(slow.hear(down, at * 200_000)).toEqual([]);
      slow.hear(statusOf(), at * 200_000 + 1);
    }
  });

  it('is a configuration that could not be fetched, while the connection is there', () => {
    const { hear } = watching();
    const stale = statusOf({ updateFailure: REFUSED });
    expect(hear(stale, 0)).toHaveLength(1);
    expect(hear(stale, 1_000)).toEqual([]);
    expect(hear({ ...lost, updateFailure: REFUSED }, 2_000)).toEqual([]);
    expect(hear(statusOf(), 3_000)).toEqual([]);
    expect(hear(stale, 4_000)).toHaveLength(1);
    expect(watching().hear(statusOf({ updateFailure: REFUSED, outpost: null }), 0)).toEqual([]);
  });

  it('is a recording that failed, once for each failure, whatever else changes', () => {
    const { hear } = watching();
    const failed = (message: string, others: OutpostStatus['warnings'] = []) =>
      statusOf({ warnings: [...others, { code: 'recording-failed', message }] });
    const full = 'A session was not recorded to its end: the disk is full.';
    expect(hear(failed(full), 0)).toEqual(['recordingFailed: A session is not recorded']);
    expect(hear(failed(full, [{ code: 'guacd-outdated', message: 'guacd is old.' }]), 1)).toEqual([]);
    expect(hear(failed('A session was not recorded to its end: the disk is too slow.'), 2)).toHaveLength(1);
    expect(hear(statusOf({ warnings: [{ code: 'guacd-outdated', message: full }] }), 3)).toEqual([]);
    expect(hear(failed(full), 4)).toHaveLength(1);
  });

  it('is a session that begins, when it is live, and one that ends', () => {
    const { hear } = watching();
    hear(statusOf(), 0);
    expect(hear(statusOf({ sessions: [sessionOf({ state: 'connecting' })] }), 1)).toEqual([]);
    expect(hear(statusOf({ sessions: [sessionOf()] }), 2)).toEqual([
      'sessionStarted: alice opened 10.0.0.7:3389 (RDP)',
    ]);
    expect(hear(statusOf({ sessions: [sessionOf()] }), 3)).toEqual([]);
    expect(hear(statusOf(), 4)).toEqual(['sessionEnded: alice left 10.0.0.7:3389']);
  });

  it('is one session however often its page is reloaded, and one that nobody came back to has ended', () => {
    const { hear } = watching();
    hear(statusOf({ sessions: [sessionOf()] }), 0);
    expect(hear(statusOf({ sessions: [sessionOf({ state: 'held' })] }), 1)).toEqual([]);
    expect(hear(statusOf({ sessions: [sessionOf()] }), 2)).toEqual([]);
    hear(statusOf({ sessions: [sessionOf({ state: 'held' })] }), 3);
    expect(hear(statusOf(), 4)).toEqual(['sessionEnded: alice left 10.0.0.7:3389']);
  });

  it('is not that somebody at this host watches, or does not any more', () => {
    const { hear } = watching();
    hear(statusOf(), 0);
    expect(hear(statusOf({ sessions: [sessionOf({ source: 'watch' })] }), 1)).toEqual([]);
    expect(hear(statusOf(), 2)).toEqual([]);
  });

  it('is not told a hundred times where a hundred sessions end together, nor for those found at the start', () => {
    const { hear } = watching();
    const sessions = Array.from({ length: 100 }, (_, at) => sessionOf({ id: `${at}` }));
    expect(hear(statusOf({ sessions }), 0)).toEqual([]);
    expect(hear(statusOf(), 1)).toHaveLength(5);
  });

  it('is an outpost that ended, once until the next one answers', () => {
    const watch = new NoticeWatch();
    const ended = { outpost: { kind: 'ended', failure: REFUSED, retryAt: NOW }, status: null } as const;
    expect(watch.look(ended, NOW, EN)).toEqual([
      {
        kind: 'outpostLost',
        title: 'The outpost ended unexpectedly',
        body: 'sso.example.org refused the connection. Is the service running there?',
      },
    ]);
    expect(watch.look(ended, NOW, EN)).toEqual([]);
    expect(watch.look({ outpost: { kind: 'starting' }, status: null }, NOW, EN)).toEqual([]);
    expect(watch.look(ended, NOW, EN)).toEqual([]);
    watch.look({ outpost: own, status: statusOf() }, NOW, EN);
    expect(watch.look(ended, NOW, DE)[0]?.title).toBe('Der Outpost hat sich unerwartet beendet');
  });
});

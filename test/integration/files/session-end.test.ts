import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OutpostBench } from '../sessions/outpost-bench.ts';

describe('authentik’s word that a login has ended', () => {
  it.each<[string, (session: string) => string]>([
    ['by the channel', (session) => session],
    ['by the channel’s hash, as authentik hashes', (session) => sha256(session)],
  ])('ends the session it names, with a word, and no other: %s', async (_, name) => {
    const bench = await OutpostBench.start();
    const ada = await bench.live({ destChannelId: 'channel.ada!1' });
    const bob = await bench.live({ destChannelId: 'channel.bob!2' });
    bench.authentik.endSession(name('channel.ada!1'));
    const [, sentence = ''] = await ada.browser.waitFor('error');
    expect(sentence).toContain('the login that it belongs to has ended');
    await bench.until(() => bench.outpost.status().sessions.length === 1);
    expect(bench.outpost.status().history[0]).toMatchObject({ reason: 'ended-by-authentik' });
    expect(bob.browser.open).toBe(true);
  });

  it.each([
    ['conn_id', 'a-connection'],
    ['session_id', 'a-login'],
  ])('understands the name that came as %s with the request', async (key, name) => {
    const bench = await OutpostBench.start();
    await bench.live({ alter: (args) => ({ ...args, [key]: name }) });
    bench.authentik.endSession(sha256(name));
    await bench.until(() => bench.outpost.status().sessions.length === 0);
  });

  it('about others is told once in the log, and changes nothing', async () => {
    const bench = await OutpostBench.start();
    await bench.live();
    for (let count = 0; count < 5; count += 1) bench.authentik.endSession(`nobody-${count}`);
    bench.authentik.endSession('');
    await bench.until(() => bench.log.some(({ event }) => event.includes('no session here')));
    await bench.live();
    expect(bench.outpost.status().sessions).toHaveLength(2);
    expect(bench.log.filter(({ event }) => event.includes('no session here'))).toHaveLength(1);
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

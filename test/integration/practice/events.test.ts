import { describe, expect, it } from 'vitest';
import { MALFORMED_FRAMES } from '../../../practice/authentik/faults.ts';
import { fakeOutpost, practice } from './practice.ts';

describe('the event websocket of practice authentik', () => {
  it('acknowledges every hello and keeps what it said', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect({ buildHash: 'abc', active_connections: 2 });
    outpost.hello({ active_connections: 3 });
    await outpost.instruction(0, 1);
    expect(authentik.journal.hellos.map(({ args }) => args['active_connections'])).toEqual([2, 3]);
    expect(authentik.instances()).toMatchObject([
      { uuid: outpost.uuid, hostname: 'fake', buildHash: 'abc', activeConnections: 3, connected: true },
    ]);
    expect(authentik.online).toBe(true);
  });

  it('forgets an instance whose hello is older than the limit, and not before', async () => {
    let now = 0;
    const authentik = await practice({ now: () => now });
    const outpost = await fakeOutpost(authentik).connect();
    now = 15_000;
    expect(authentik.instances()).toHaveLength(1);
    now = 15_001;
    expect(authentik.instances()).toHaveLength(0);
    expect(authentik.online).toBe(false);
    outpost.hello();
    await outpost.instruction(0, 1);
    expect(authentik.instances()).toHaveLength(1);
  });

  it('keeps the health of an instance that went away until it is too old', async () => {
    let now = 0;
    const authentik = await practice({ now: () => now, healthMs: 100 });
    const outpost = await fakeOutpost(authentik).connect();
    outpost.events.ws.close();
    await authentik.until(() => !authentik.online);
    expect(authentik.instances()).toMatchObject([{ connected: false }]);
    now = 101;
    expect(authentik.instances()).toEqual([]);
  });

  it('sends a session to the instance with the fewest', async () => {
    const authentik = await practice();
    const busy = await fakeOutpost(authentik).connect({ active_connections: 2 });
    const idle = await fakeOutpost(authentik).connect({ active_connections: 1 });
    await authentik.openSession('shell');
    await idle.instruction(3);
    idle.hello({ active_connections: 3 });
    await idle.instruction(0, 1);
    await authentik.openSession('shell');
    await busy.instruction(3);
    expect(idle.events.frames.filter((frame) => frame.includes('init_connection'))).toHaveLength(1);
  });

  it('sends a session into the void where authentik would, when told to balance by health alone', async () => {
    const authentik = await practice({ balancing: 'health' });
    const gone = await fakeOutpost(authentik).connect({ active_connections: 0 });
    const here = await fakeOutpost(authentik).connect({ active_connections: 5 });
    gone.events.ws.close();
    await authentik.until(() => authentik.instances().some(({ connected }) => !connected));
    await authentik.openSession('shell');
    await authentik.until(() => authentik.journal.oddities.length > 0);
    expect(here.events.frames.some((frame) => frame.includes('init_connection'))).toBe(false);
  });

  it('asks for an update, ends sessions and sends whatever it is told to', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    expect(authentik.triggerUpdate()).toBe(1);
    expect(authentik.endSession('abc')).toBe(1);
    expect((await outpost.instruction(2)).args).toEqual({});
    expect((await outpost.instruction(4)).args).toEqual({ session_id: 'abc' });
    const before = outpost.events.frames.length;
    for (const frame of MALFORMED_FRAMES) authentik.sendInstruction(frame);
    await outpost.until(() => outpost.events.frames.length === before + MALFORMED_FRAMES.length);
    expect(outpost.events.frames[before + 1]).toBe('not json');
  });

  it('takes no websocket with a wrong token, a wrong outpost or without an instance', async () => {
    const authentik = await practice();
    const outpost = fakeOutpost(authentik);
    const pk = authentik.outpostPk;
    await expect(outpost.dial(`ws/outpost/${pk}/?instance_uuid=a`, 'wrong')).rejects.toThrow('403');
    await expect(outpost.dial('ws/outpost/other/?instance_uuid=a')).rejects.toThrow('403');
    await expect(outpost.dial(`ws/outpost/${pk}/`)).rejects.toThrow('403');
    await expect(outpost.dial('ws/outpost_rac/a/', 'wrong')).rejects.toThrow('403');
    await expect(outpost.dial('ws/elsewhere/')).rejects.toThrow('404');
  });

  it('ends the websocket of an outpost that sends no instruction, and writes it down', async () => {
    const authentik = await practice();
    const outpost = await fakeOutpost(authentik).connect();
    outpost.events.ws.send('no json');
    expect(await outpost.until(() => outpost.events.closed)).toBe(1011);
    expect(authentik.journal.oddities[0]).toContain('not an instruction');
  });
});

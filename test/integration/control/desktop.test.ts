import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlClient, connectControl } from '../../../main/control/client.ts';
import type { NotificationParams } from '../../../main/control/contract.ts';
import { until } from '../../../practice/authentik/until.ts';
import { AT, Bench } from './outpost-fixture.ts';

/* What the desktop app asks beside what the command asks. */

let bench: Bench;
let clients: ControlClient[] = [];

beforeEach(async () => {
  bench = await new Bench().listen();
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await bench.end();
});

async function client(): Promise<ControlClient> {
  const made = await connectControl(bench.path);
  clients.push(made);
  return made;
}

/** The doctor's steps as this client hears them, and a wait for the nth. */
function hearSteps(control: ControlClient) {
  const steps: NotificationParams<'doctor/step'>[] = [];
  const heard = (count: number) =>
    until(
      () => steps.length >= count,
      (hear) =>
        control.on('doctor/step', () => {
          hear();
        }),
    );
  control.on('doctor/step', (step) => steps.push(step));
  return { steps, heard };
}

describe('a doctor with proposals', () => {
  it('is handed them as they are, and none where none are made', async () => {
    const control = await client();
    const proposed = { host: 'https://sso.example', token: 'abc', insecure: false, caPem: 'pem' };
    expect((await control.request('doctor', { proposed })).healthy).toBe(true);
    expect(bench.proposed).toEqual(proposed);
    await control.request('doctor', {});
    expect(bench.proposed).toBeUndefined();
  });

  it('ends when it is cancelled, and nothing more is told', async () => {
    const control = await client();
    let goOn = () => {};
    bench.examined = new Promise((resolve) => {
      goOn = resolve;
    });
    const { steps, heard } = hearSteps(control);
    const report = control.request('doctor', {}).catch((error: unknown) => error);
    await heard(1);
    await control.request('doctor/cancel', {});
    goOn();
    expect(await report).toMatchObject({ code: 'aborted' });
    expect(steps.map(({ id }) => id)).toEqual(['dns']);
    // Nothing is left over that would end the next one.
    expect((await control.request('doctor', {})).steps).toHaveLength(2);
  });

  it('ends the one before on the same connection, and leaves those of others alone', async () => {
    const [control, other] = [await client(), await client()];
    let goOn = () => {};
    bench.examined = new Promise((resolve) => {
      goOn = resolve;
    });
    const [first, theirs] = [hearSteps(control), hearSteps(other)];
    const old = control.request('doctor', {}).catch((error: unknown) => error);
    const otherReport = other.request('doctor', {});
    await Promise.all([first.heard(1), theirs.heard(1)]);
    const next = control.request('doctor', {});
    await first.heard(2);
    goOn();
    expect(await old).toMatchObject({ code: 'aborted' });
    expect((await next).steps).toHaveLength(2);
    expect((await otherReport).steps).toHaveLength(2);
    expect(first.steps.map(({ id }) => id)).toEqual(['dns', 'dns', 'tcp']);
  });

  it('is nothing to cancel where none runs', async () => {
    expect(await (await client()).request('doctor/cancel', {})).toEqual({});
  });
});

describe('the traffic', () => {
  it('is given as it was, and each sample to those who subscribed, once', async () => {
    const [control, other] = [await client(), await client()];
    const asked = await other.request('traffic', {});
    expect(asked).toEqual({ everyMs: 5000, samples: [{ at: AT, sessions: 1, toPeer: 2, toGuacd: 3 }] });
    expect(await control.request('traffic/subscribe', {})).toEqual(asked);
    await control.request('traffic/subscribe', {});
    const heard: unknown[] = [];
    const told: unknown[] = [];
    control.on('traffic/sample', (sample) => heard.push(sample));
    other.on('traffic/sample', (sample) => told.push(sample));
    const sample = { at: AT + 5000, sessions: 0, toPeer: 0, toGuacd: 0 };
    bench.sampled.emit(sample);
    // Behind the notification on the same connection.
    await Promise.all([control.request('versions', {}), other.request('versions', {})]);
    expect(heard).toEqual([sample]);
    expect(told).toEqual([]);
  });
});

describe('the other requests', () => {
  it('reach those who answer them', async () => {
    const control = await client();
    expect(await control.request('config/check', { key: 'nonsense', value: 'x' })).toMatchObject({
      failure: { code: 'settings-invalid' },
    });
    expect(await control.request('config/check', { key: 'good', value: '' })).toEqual({ failure: null });
    expect(await control.request('certificate', { host: 'sso' })).toMatchObject({
      trusted: false,
      chain: [],
    });
    expect(await control.request('trust/ca', { pem: 'P' })).toEqual({ notes: ['Kept.'] });
    expect(await control.request('trust/pin', { fingerprint: 'ab' })).toEqual({ notes: [] });
    expect(await control.request('guacd/output', {})).toEqual({ lines: ['guacd said this'] });
    expect(await control.request('secrets/protection', {})).toEqual({ kind: 'key-file' });
    await control.request('secrets/rekey', { key: 'k'.repeat(44) });
    await control.request('secrets/rekey', { key: null });
    expect(await control.request('shutdown', {})).toEqual({});
    expect(bench.asked).toEqual(['certificate sso', 'ca P', 'pin ab', 'rekey 44', 'rekey null', 'shutdown']);
  });

  it('explain every option of the outpost in authentik, values as JSON', async () => {
    const control = await client();
    bench.outpost.change({
      outpost: {
        pk: 'pk',
        name: 'Jump host',
        providers: [],
        config: { log_level: 'debug', docker_labels: { a: 1 }, later: [1], docker_map_ports: 'perhaps' },
        updatedAt: AT,
      },
    });
    const { rows } = await control.request('outpost/config', {});
    const row = (name: string) => rows.find((candidate) => candidate.name === name);
    expect(row('log_level')).toMatchObject({ value: '"debug"', given: true, applies: true, problem: null });
    expect(row('docker_labels')).toMatchObject({ value: '{"a":1}', given: true });
    expect(row('later')).toMatchObject({ value: '[1]', meaning: null, applies: false });
    expect(row('docker_map_ports')?.problem).toMatchObject({ code: 'settings-invalid' });
    expect(row('container_image')).toMatchObject({ value: 'null', given: false });
    bench.outpost.change({ outpost: null });
    const before = await control.request('outpost/config', {});
    expect(before.rows.every(({ given }) => !given)).toBe(true);
    expect(before.rows.length).toBeGreaterThan(20);
  });
});

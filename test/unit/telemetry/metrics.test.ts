import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutpostStatus, SessionStatus } from '../../../main/core/status.ts';
import { Metrics } from '../../../main/core/telemetry/metrics.ts';

let metrics: Metrics;
beforeEach(() => {
  metrics = new Metrics({ version: '1.2.3', build: 'abc', instance: 'c0ffee' });
});
afterEach(() => metrics.stop());

/** The lines of one metric, without its comments. */
async function series(name: string): Promise<string[]> {
  const { body } = await metrics.render();
  return body.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

function session(protocol: string, queuedBytes = 0): SessionStatus {
  return {
    id: protocol,
    source: 'authentik',
    protocol,
    user: null,
    machine: 'h:22',
    state: 'live',
    startedAt: 0,
    setupMs: 1,
    bytesToPeer: 0,
    bytesToGuacd: 0,
    queuedBytes,
    guacd: null,
    parameters: [],
  };
}

function status(changes: Partial<OutpostStatus> = {}): OutpostStatus {
  return {
    version: '1.2.3',
    pid: 1,
    startedAt: 0,
    wish: 'run',
    phase: 'running',
    host: 'https://sso.example',
    insecure: false,
    link: { kind: 'online', since: 0, acknowledgedAt: null },
    outpost: { pk: 'pk', name: 'Jump host', providers: [], config: {}, updatedAt: 1_700_000_000_000 },
    updateFailure: null,
    guacd: {
      kind: 'up',
      since: 0,
      instances: [
        { address: 'a:1', healthy: true, version: null, sessions: 0, reason: null },
        { address: 'b:1', healthy: false, version: null, sessions: 0, reason: null },
      ],
    },
    metrics: { kind: 'off' },
    sessions: [],
    history: [],
    sessionLimit: 12,
    warnings: [],
    ...changes,
  };
}

describe('the reference’s metrics', () => {
  it('have the reference’s names and labels', async () => {
    metrics.observe(status());
    const versions = 'outpost_name="Jump host",outpost_type="rac",uuid="c0ffee",version="1.2.3",build="abc"';
    expect(await series('authentik_outpost_info')).toEqual([`authentik_outpost_info{${versions}} 1`]);
    expect(await series('authentik_outpost_last_update')).toEqual([
      `authentik_outpost_last_update{${versions}} 1700000000`,
    ]);
    expect(await series('authentik_outpost_connection')).toEqual([
      'authentik_outpost_connection{outpost_name="Jump host",outpost_type="rac",uuid="c0ffee"} 1',
    ]);
  });

  it('follow the link and a new name, and leave no series of the old one', async () => {
    metrics.observe(status());
    const outpost = { pk: 'pk', name: 'Renamed', providers: [], config: {}, updatedAt: 0 };
    metrics.observe(status({ outpost, link: { kind: 'stopped' } }));
    expect(await series('authentik_outpost_connection')).toEqual([
      'authentik_outpost_connection{outpost_name="Renamed",outpost_type="rac",uuid="c0ffee"} 0',
    ]);
    metrics.observe(status({ outpost: null }));
    expect(await series('authentik_outpost_info')).toEqual([]);
  });
});

describe('our own metrics', () => {
  it('tell what the status tells', async () => {
    const warnings = [{ code: 'internal' as const, message: 'w' }];
    metrics.observe(status({ sessions: [session('ssh', 10), session('ssh', 5), session('rdp')], warnings }));
    expect(await series('sallyport_sessions')).toEqual(
      expect.arrayContaining([
        'sallyport_sessions{protocol="ssh"} 2',
        'sallyport_sessions{protocol="vnc"} 0',
      ]),
    );
    expect(await series('sallyport_tunnel_queue_bytes')).toEqual(['sallyport_tunnel_queue_bytes 15']);
    expect(await series('sallyport_session_limit')).toEqual(['sallyport_session_limit 12']);
    expect(await series('sallyport_warnings')).toEqual(['sallyport_warnings 1']);
    expect(await series('sallyport_guacd_up')).toEqual(['sallyport_guacd_up 1']);
    expect(await series('sallyport_guacd_healthy')).toEqual(['sallyport_guacd_healthy 1']);
    expect(await series('sallyport_link_state')).toEqual(
      expect.arrayContaining([
        'sallyport_link_state{state="online"} 1',
        'sallyport_link_state{state="waiting"} 0',
      ]),
    );
    metrics.observe(status({ guacd: { kind: 'stopped' } }));
    expect(await series('sallyport_sessions')).toContain('sallyport_sessions{protocol="ssh"} 0');
    expect(await series('sallyport_guacd_up')).toEqual(['sallyport_guacd_up 0']);
  });

  it('count what happens', async () => {
    metrics.sessionStarted('ssh');
    metrics.setupFinished('ssh', 0.2);
    metrics.sessionEnded('ssh', 'user-left');
    metrics.guacdRestarted();
    metrics.linkReconnected();
    metrics.apiRequest('outposts_instances_list', 'ok');
    metrics.apiRequest('outposts_instances_list', 'connect-timeout');
    expect(await series('sallyport_sessions_started_total')).toContain(
      'sallyport_sessions_started_total{protocol="ssh"} 1',
    );
    expect(await series('sallyport_session_setup_seconds_bucket')).toEqual(
      expect.arrayContaining([
        'sallyport_session_setup_seconds_bucket{le="0.1",protocol="ssh"} 0',
        'sallyport_session_setup_seconds_bucket{le="0.25",protocol="ssh"} 1',
      ]),
    );
    expect(await series('sallyport_session_ends_total')).toEqual([
      'sallyport_session_ends_total{protocol="ssh",reason="user-left"} 1',
    ]);
    expect(await series('sallyport_guacd_restarts_total')).toEqual(['sallyport_guacd_restarts_total 1']);
    expect(await series('sallyport_link_reconnects_total')).toEqual(['sallyport_link_reconnects_total 1']);
    expect(await series('sallyport_api_requests_total')).toEqual([
      'sallyport_api_requests_total{operation="outposts_instances_list",outcome="ok"} 1',
      'sallyport_api_requests_total{operation="outposts_instances_list",outcome="connect-timeout"} 1',
    ]);
  });

  it('add up bytes each way, whoever reads how often', async () => {
    metrics.bytes('to-peer', 1000);
    await series('sallyport_bytes_total');
    metrics.bytes('to-peer', 24);
    metrics.bytes('to-guacd', 7);
    for (let reader = 0; reader < 2; reader += 1) {
      expect(await series('sallyport_bytes_total')).toEqual([
        'sallyport_bytes_total{direction="to-peer"} 1024',
        'sallyport_bytes_total{direction="to-guacd"} 7',
      ]);
    }
  });

  it('measure the event loop from the first scrape on', async () => {
    for (const line of await series('sallyport_event_loop_delay_seconds')) expect(line).toMatch(/ 0$/);
    const until = Date.now() + 120;
    await new Promise((resolve) => setTimeout(resolve, 50));
    while (Date.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const lines = await series('sallyport_event_loop_delay_seconds');
    expect(lines).toHaveLength(3);
    const longest = lines.find((line) => line.includes('"max"'));
    expect(Number(longest?.split(' ')[1])).toBeGreaterThan(0.03);
  });

  it('have no label that somebody else can make grow', async () => {
    for (let index = 0; index < 500; index += 1) {
      metrics.sessionStarted(`protocol${index}`);
      metrics.setupFinished(`protocol${index}`, 1);
      metrics.sessionEnded(`protocol${index}`, 'failed');
      metrics.apiRequest(`operation${index}`, 'ok');
      metrics.apiRequest(`no "operation"\n${index}`, 'ok');
    }
    metrics.observe(
      status({ sessions: Array.from({ length: 500 }, (_, index) => session(`protocol${index}`)) }),
    );
    expect((await series('sallyport_sessions')).length).toBe(6);
    expect(await series('sallyport_sessions')).toContain('sallyport_sessions{protocol="other"} 500');
    expect(await series('sallyport_sessions_started_total')).toContain(
      'sallyport_sessions_started_total{protocol="other"} 500',
    );
    expect((await series('sallyport_session_ends_total')).length).toBe(1);
    expect((await series('sallyport_api_requests_total')).length).toBe(33);
  });

  it('come with those of the process', async () => {
    expect(await series('process_resident_memory_bytes')).toHaveLength(1);
    expect(await series('process_cpu_seconds_total')).toHaveLength(1);
  });
});

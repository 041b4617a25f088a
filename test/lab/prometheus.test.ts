import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../main/core/base/logger.ts';
import type { OutpostStatus } from '../../main/core/status.ts';
import { Metrics } from '../../main/core/telemetry/metrics.ts';
import { MetricsServer } from '../../main/core/telemetry/metrics-server.ts';
import { Lab } from './harness/lab.ts';
import { scrape } from './harness/metrics.ts';
import { Person } from './harness/person.ts';
import { Prometheus } from './harness/prometheus.ts';

const installed = ['prometheus', 'promtool'].every((name) => spawnSync(name, ['--version']).status === 0);
const alerts = new URL('../../docs/alerts.yml', import.meta.url).pathname;

const STATUS: OutpostStatus = {
  version: '1.2.3',
  pid: 1,
  startedAt: 0,
  wish: 'run',
  phase: 'running',
  host: null,
  insecure: false,
  link: { kind: 'online', since: 0, acknowledgedAt: null },
  outpost: { pk: 'pk', name: 'Jump "host"\\', providers: [], config: {}, updatedAt: 1_700_000_000_000 },
  updateFailure: null,
  guacd: { kind: 'stopped' },
  metrics: { kind: 'off' },
  sessions: [],
  history: [],
  sessionLimit: 12,
  warnings: [],
};

/** What promtool has to say against metrics or rules. */
function promtool(args: readonly string[], input = ''): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

describe.runIf(installed)('a real Prometheus', () => {
  let metrics: Metrics;
  let server: MetricsServer;
  let prometheus: Prometheus;

  beforeAll(async () => {
    metrics = new Metrics({ version: '1.2.3', build: '', instance: 'c0ffee' });
    metrics.sessionStarted('ssh');
    metrics.setupFinished('ssh', 0.2);
    metrics.sessionEnded('ssh', 'user-left');
    metrics.apiRequest('outposts_instances_list', 'ok');
    metrics.bytes('to-peer', 12_345);
    server = new MetricsServer({
      host: '127.0.0.1',
      port: 0,
      render: () => {
        metrics.observe(STATUS);
        return metrics.render();
      },
      ready: () => true,
      logger: silentLogger,
    });
    await server.start();
    const target = server.state.kind === 'listening' ? server.state.address : '';
    prometheus = await Prometheus.start(target, alerts);
  });

  afterAll(async () => {
    await prometheus?.stop();
    await server?.stop();
    metrics?.stop();
  });

  it('scrapes the endpoint and finds the values it was given', async () => {
    expect((await prometheus.query('up{job="sallyport"} == 1')).value).toBe('1');
    expect((await prometheus.query('sallyport_bytes_total{direction="to-peer"}')).value).toBe('12345');
    expect((await prometheus.query('sallyport_session_limit')).value).toBe('12');
    expect((await prometheus.query('authentik_outpost_connection')).labels).toMatchObject({
      outpost_name: 'Jump "host"\\',
      outpost_type: 'rac',
      uuid: 'c0ffee',
    });
    const quantile = 'histogram_quantile(0.9, sallyport_session_setup_seconds_bucket)';
    expect((await prometheus.query(quantile)).value).not.toBe('NaN');
  });

  it('loads the alert rules and can evaluate each of them', async () => {
    await prometheus.query('up{job="sallyport"} == 1');
    const rules = await prometheus.rules();
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  it('finds nothing to say against the metrics or the rules with its own tool', async () => {
    const { body } = await metrics.render();
    expect(promtool(['check', 'metrics'], body)).toEqual({ status: 0, said: '' });
    expect(promtool(['check', 'rules', alerts])).toMatchObject({ status: 0 });
    // It would have: a counter whose name does not say so.
    expect(promtool(['check', 'metrics'], '# HELP a_b x\n# TYPE a_b counter\na_b 1\n').status).not.toBe(0);
  });
});

describe.runIf(installed)('a real Prometheus and a real outpost process', () => {
  let lab: Lab;
  let prometheus: Prometheus;

  beforeAll(async () => {
    lab = await Lab.start({ machines: ['ssh'] });
    const { metrics } = await lab.status();
    prometheus = await Prometheus.start(metrics.kind === 'listening' ? metrics.address : '', alerts);
  });

  afterAll(async () => {
    await prometheus?.stop();
    await lab?.stop();
  });

  it('agree on sessions, link, guacd and who it is, and no alert goes off while all is well', async () => {
    const alice = await Person.atWork(lab, 'ssh', { user: 'alice' });
    await prometheus.query('sallyport_sessions{protocol="ssh"} == 1');
    const [instance] = lab.authentik.instances();
    expect((await prometheus.query('authentik_outpost_info')).labels).toMatchObject({
      outpost_name: 'practice outpost',
      outpost_type: 'rac',
      uuid: instance?.uuid,
      version: instance?.version,
    });
    expect((await prometheus.query('sallyport_link_state{state="online"}')).value).toBe('1');
    expect((await prometheus.query('sallyport_guacd_up')).value).toBe('1');
    await prometheus.query('sallyport_bytes_total{direction="to-peer"} > 500');
    await prometheus.query('sallyport_session_setup_seconds_count{protocol="ssh"} == 1');
    await alice.browser.close();
    await prometheus.query('sallyport_sessions{protocol="ssh"} == 0');
    await prometheus.query('sallyport_session_ends_total{protocol="ssh",reason="user-left"} == 1');

    const rules = await prometheus.rules();
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.filter(({ state }) => state === 'firing')).toEqual([]);
  });

  it('leave nothing for promtool to complain of', async () => {
    expect(promtool(['check', 'metrics'], await scrape(lab))).toEqual({ status: 0, said: '' });
  });
});

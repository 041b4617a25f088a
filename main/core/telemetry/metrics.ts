import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../errors.ts';
import type { EndReason, LinkState, OutpostStatus, Protocol } from '../status.ts';
import { EventLoopMonitor } from './event-loop.ts';

export interface MetricsOptions {
  /** Sallyport's version. */
  readonly version: string;
  /** What tells this build from another of the same version; empty where nothing does. */
  readonly build: string;
  /** The instance's uuid, as the link's hello tells it. */
  readonly instance: string;
}

/** `to-peer`: from guacd towards the person, where the pictures are; `to-guacd`: keys and mouse. */
export type ByteDirection = 'to-peer' | 'to-guacd';
export type ApiOutcome = 'ok' | ErrorCode;

const PROTOCOLS: readonly Protocol[] = ['rdp', 'ssh', 'vnc', 'telnet', 'kubernetes'];
const LINK_KINDS: readonly LinkState['kind'][] = ['stopped', 'connecting', 'online', 'waiting', 'rejected'];
const OUTPOST_TYPE = 'rac';
/** Names of API operations that get a series of their own; the ones after them are `other`. */
const MAX_OPERATIONS = 32;
const MAX_RULES = 100;
const SETUP_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30];
/** prom-client's gauges of counts whose names say counter, which Prometheus' own check refuses. */
const REFUSED_DEFAULTS = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}`);

/**
 * Everything that Prometheus can ask. What happens is told by a method as it happens; what is so is read from
 * the status when somebody scrapes.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #described: MetricDescription[] = [];
  readonly #eventLoop = new EventLoopMonitor();
  readonly #identity: Readonly<Record<'outpost_type' | 'uuid', string>>;
  readonly #versions: Readonly<Record<'version' | 'build', string>>;
  readonly #operations = new Set<string>();
  readonly #rules = new Set<string>();
  #bytesToPeer = 0;
  #bytesToGuacd = 0;

  readonly #info = this.#gauge('authentik_outpost_info', 'Outpost info', [
    'outpost_name',
    'outpost_type',
    'uuid',
    'version',
    'build',
  ]);
  readonly #lastUpdate = this.#gauge('authentik_outpost_last_update', 'Time of last update', [
    'outpost_name',
    'outpost_type',
    'uuid',
    'version',
    'build',
  ]);
  readonly #connection = this.#gauge('authentik_outpost_connection', 'Connection status', [
    'outpost_name',
    'outpost_type',
    'uuid',
  ]);
  readonly #sessions = this.#gauge('sallyport_sessions', 'Sessions that are open now.', ['protocol']);
  readonly #held = this.#gauge(
    'sallyport_sessions_held',
    'Sessions that wait for a person who has gone; they are among those that are open.',
  );
  readonly #sessionLimit = this.#gauge('sallyport_session_limit', 'Sessions that may be open at once.');
  readonly #queued = this.#gauge(
    'sallyport_tunnel_queue_bytes',
    'Bytes of all sessions that wait for the person’s end to take them.',
  );
  readonly #linkState = this.#gauge(
    'sallyport_link_state',
    'State of the link to authentik: 1 for the one it is in, 0 for the others.',
    ['state'],
  );
  readonly #guacdUp = this.#gauge('sallyport_guacd_up', 'Whether sessions can go through guacd: 1 or 0.');
  readonly #guacdHealthy = this.#gauge('sallyport_guacd_healthy', 'Number of guacd that answer.');
  readonly #warnings = this.#gauge('sallyport_warnings', 'Warnings that the status shows now.');
  readonly #version = this.#gauge('sallyport_info', 'Always 1; its label tells Sallyport’s version.', [
    'version',
  ]);
  readonly #loopDelay = this.#gauge(
    'sallyport_event_loop_delay_seconds',
    'How late the event loop ran in the seconds before the scrape: median, 99th percentile, longest.',
    ['statistic'],
  );
  readonly #started = this.#counter('sallyport_sessions_started_total', 'Sessions that were asked for.', [
    'protocol',
  ]);
  readonly #ended = this.#counter(
    'sallyport_session_ends_total',
    'Sessions that are over, by the reason why.',
    ['protocol', 'reason'],
  );
  readonly #holds = this.#counter(
    'sallyport_session_holds_total',
    'Times that a session lost its person: held, and then resumed or expired.',
    ['event'],
  );
  readonly #bytes = this.#counter(
    'sallyport_bytes_total',
    'Bytes that sessions moved: to-peer or to-guacd.',
    ['direction'],
  );
  readonly #guacdRestarts = this.#counter(
    'sallyport_guacd_restarts_total',
    'Times that guacd was started again.',
  );
  readonly #reconnects = this.#counter(
    'sallyport_link_reconnects_total',
    'Times that the link to authentik came back after it was lost.',
  );
  readonly #guardrailRefusals = this.#counter(
    'sallyport_guardrail_refusals_total',
    'Sessions that this host’s guardrails refused, by rule; “none” where no rule allowed it.',
    ['rule'],
  );
  readonly #recording = this.#gauge('sallyport_recordings', 'Sessions that are being recorded now.');
  readonly #recorded = this.#counter(
    'sallyport_recorded_bytes_total',
    'Bytes that recordings put on the disk.',
  );
  readonly #recordingFailures = this.#counter(
    'sallyport_recording_failures_total',
    'Recordings that could not be begun, or stopped before their session.',
  );
  readonly #apiRequests = this.#counter(
    'sallyport_api_requests_total',
    'Requests to authentik’s API, by operation and outcome: ok or the error’s code.',
    ['operation', 'outcome'],
  );
  readonly #setup = this.#histogram(
    'sallyport_session_setup_seconds',
    'Time from authentik’s instruction until guacd and the tunnel are joined.',
    ['protocol'],
    SETUP_BUCKETS,
  );

  constructor({ version, build, instance }: MetricsOptions) {
    this.#identity = { outpost_type: OUTPOST_TYPE, uuid: instance };
    this.#versions = { version, build };
    this.#version.set({ version }, 1);
    this.#registerDefaults();
    for (const protocol of PROTOCOLS) {
      this.#sessions.set({ protocol }, 0);
      this.#started.inc({ protocol }, 0);
    }
    for (const event of ['held', 'resumed', 'expired'] as const) this.#holds.inc({ event }, 0);
  }

  sessionStarted(protocol: string): void {
    this.#started.inc({ protocol: protocolLabel(protocol) });
  }

  /** `seconds` from the instruction until both ends are joined. */
  setupFinished(protocol: string, seconds: number): void {
    this.#setup.observe({ protocol: protocolLabel(protocol) }, seconds);
  }

  sessionEnded(protocol: string, reason: EndReason): void {
    this.#ended.inc({ protocol: protocolLabel(protocol), reason });
  }

  /** `rule` by its name; null where none allowed it. */
  guardrailRefused(rule: string | null): void {
    this.#guardrailRefusals.inc({ rule: this.#ruleLabel(rule ?? 'none') });
  }

  /** Bytes on the disk. */
  recorded(bytes: number): void {
    this.#recorded.inc(bytes);
  }

  recordingFailed(): void {
    this.#recordingFailures.inc();
  }

  held(): void {
    this.#holds.inc({ event: 'held' });
  }

  resumed(): void {
    this.#holds.inc({ event: 'resumed' });
  }

  holdExpired(): void {
    this.#holds.inc({ event: 'expired' });
  }

  /** Cheap enough for every slice: an addition; the counter is made at the scrape. */
  bytes(direction: ByteDirection, count: number): void {
    if (direction === 'to-peer') this.#bytesToPeer += count;
    else this.#bytesToGuacd += count;
  }

  /** Bytes of all sessions since the process began. */
  get moved(): { readonly toPeer: number; readonly toGuacd: number } {
    return { toPeer: this.#bytesToPeer, toGuacd: this.#bytesToGuacd };
  }

  guacdRestarted(): void {
    this.#guacdRestarts.inc();
  }

  linkReconnected(): void {
    this.#reconnects.inc();
  }

  /** `operation` as authentik's API names it, such as `outposts_instances_list`. */
  apiRequest(operation: string, outcome: ApiOutcome): void {
    this.#apiRequests.inc({ operation: this.#operationLabel(operation), outcome });
  }

  /** Takes over what is so now; call it before `render`. */
  observe({ sessions, sessionLimit, link, outpost, guacd, warnings }: OutpostStatus): void {
    this.#observeOutpost(outpost, link);
    const open = new Map<string, number>();
    let queued = 0;
    let held = 0;
    this.#recording.set(sessions.filter(({ recording }) => recording === 'on').length);
    for (const { protocol, queuedBytes, source, state } of sessions) {
      queued += queuedBytes;
      // A view of a session is none of its own.
      if (source === 'watch') continue;
      if (state === 'held') held += 1;
      const label = protocolLabel(protocol);
      open.set(label, (open.get(label) ?? 0) + 1);
    }
    for (const protocol of [...PROTOCOLS, 'other']) this.#sessions.set({ protocol }, open.get(protocol) ?? 0);
    this.#queued.set(queued);
    this.#held.set(held);
    this.#sessionLimit.set(sessionLimit);
    this.#warnings.set(warnings.length);
    for (const state of LINK_KINDS) this.#linkState.set({ state }, link.kind === state ? 1 : 0);
    const healthy = guacd.kind === 'up' ? guacd.instances.filter((instance) => instance.healthy).length : 0;
    this.#guacdHealthy.set(healthy);
    this.#guacdUp.set(healthy > 0 ? 1 : 0);
  }

  /** Prometheus' text format, with the content type to send with it. */
  async render(): Promise<{ readonly contentType: string; readonly body: string }> {
    this.#bytes.reset();
    this.#bytes.inc({ direction: 'to-peer' }, this.#bytesToPeer);
    this.#bytes.inc({ direction: 'to-guacd' }, this.#bytesToGuacd);
    for (const [statistic, seconds] of Object.entries(this.#eventLoop.read())) {
      this.#loopDelay.set({ statistic }, seconds);
    }
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  /** Our own metrics and the reference's, for the documentation and its test. */
  get described(): readonly MetricDescription[] {
    return this.#described;
  }

  /** Names of all metrics, those of the process included. */
  get names(): readonly string[] {
    return this.#registry.getMetricsAsArray().map(({ name }) => name);
  }

  /** Ends the measuring of the event loop. */
  stop(): void {
    this.#eventLoop.stop();
    this.#registry.clear();
  }

  #observeOutpost(outpost: OutpostStatus['outpost'], link: LinkState): void {
    // The name may have changed, and the series of the old one must go.
    for (const gauge of [this.#info, this.#lastUpdate, this.#connection]) gauge.reset();
    if (!outpost) return;
    const identity = { outpost_name: outpost.name, ...this.#identity };
    this.#info.set({ ...identity, ...this.#versions }, 1);
    this.#lastUpdate.set({ ...identity, ...this.#versions }, outpost.updatedAt / 1000);
    this.#connection.set(identity, link.kind === 'online' ? 1 : 0);
  }

  /** Rules are renamed; their series must not grow for ever. */
  #ruleLabel(rule: string): string {
    if (this.#rules.size >= MAX_RULES && !this.#rules.has(rule)) return 'other';
    this.#rules.add(rule);
    return rule;
  }

  #operationLabel(operation: string): string {
    if (this.#operations.has(operation)) return operation;
    if (this.#operations.size >= MAX_OPERATIONS || !/^[A-Za-z]\w{0,63}$/.test(operation)) return 'other';
    this.#operations.add(operation);
    return operation;
  }

  #registerDefaults(): void {
    // Its measure of the event loop is left out: ours is one that can be read twice, and one is enough to pay for.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 1000 });
    for (const { name } of this.#registry.getMetricsAsArray()) {
      const refused = REFUSED_DEFAULTS.some((start) => name.startsWith(start));
      if (refused || name.startsWith('nodejs_eventloop_lag')) this.#registry.removeSingleMetric(name);
    }
  }

  #gauge<T extends string>(name: string, help: string, labelNames: readonly T[] = []): Gauge<T> {
    this.#described.push({ name, type: 'gauge', help, labels: labelNames });
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #counter<T extends string>(name: string, help: string, labelNames: readonly T[] = []): Counter<T> {
    this.#described.push({ name, type: 'counter', help, labels: labelNames });
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram<T extends string>(
    name: string,
    help: string,
    labelNames: readonly T[],
    buckets: number[],
  ): Histogram<T> {
    this.#described.push({ name, type: 'histogram', help, labels: labelNames });
    return new Histogram({ name, help, labelNames, buckets, registers: [this.#registry] });
  }
}

export interface MetricDescription {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

/** authentik may send any word as protocol; only known ones become a series. */
function protocolLabel(protocol: string): string {
  return PROTOCOLS.find((known) => known === protocol) ?? 'other';
}

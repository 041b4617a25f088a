import type { DoctorStep } from '../../../main/core/doctor/step.ts';
import type {
  Answer,
  CallParams,
  ConsoleClient,
  EventName,
  Events,
  RequestName,
  Value,
} from '../../../preload/contract/console.ts';
import type { AppState, Preferences } from '../../../preload/contract/types.ts';
import { fakeAudit } from './fake-audit.ts';
import { fakeGuardrails } from './fake-guardrails.ts';
import { fakeMachines, SAMPLE_MACHINES } from './fake-machines.ts';
import { fakeRecordings } from './fake-recordings.ts';
import { fakeVault } from './fake-vault.ts';
import { CERTIFICATES, OPTIONS, ROWS } from './sample-settings.ts';
import { PREFERENCES } from './samples.ts';
import type { Scenario } from './scenarios.ts';

type Handlers = { readonly [N in RequestName]: (params: CallParams<N>) => Value<N> | Promise<Value<N>> };
type Listeners = { [E in EventName]: Set<(event: Events[E]) => void> };

const STEP_MS = 60;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Stands in for the main side: a state of the world, and answers that change it as the real one would. */
export class FakeClient implements ConsoleClient {
  /** What was called, for tests. */
  readonly calls: { readonly name: RequestName; readonly params: unknown }[] = [];
  readonly #listeners: Listeners = {
    'app/state': new Set(),
    status: new Set(),
    'log/line': new Set(),
    'traffic/sample': new Set(),
    'doctor/step': new Set(),
    preferences: new Set(),
    'machines/changed': new Set(),
    'audit/entry': new Set(),
    'audit/hand-over': new Set(),
    'page/open': new Set(),
    'page/leave': new Set(),
  };
  readonly #scenario: Scenario;
  #app: AppState;
  #preferences: Preferences;
  #rows = ROWS;
  #trusted = false;
  #cancelled = false;

  constructor(scenario: Scenario, preferences: Partial<Preferences>) {
    this.#scenario = scenario;
    this.#app = scenario.app;
    this.#preferences = { ...PREFERENCES, ...preferences };
  }

  async call<N extends RequestName>(name: N, params: CallParams<N>): Promise<Answer<Value<N>>> {
    this.calls.push({ name, params });
    const handler: Handlers[N] = this.#handlers[name];
    return { ok: true, value: await handler(params) };
  }

  on<E extends EventName>(name: E, listener: (event: Events[E]) => void): () => void {
    this.#listeners[name].add(listener);
    return () => this.#listeners[name].delete(listener);
  }

  emit<E extends EventName>(name: E, event: Events[E]): void {
    for (const listener of this.#listeners[name]) listener(event);
  }

  change(part: Partial<AppState>): void {
    this.#app = { ...this.#app, ...part };
    this.emit('app/state', this.#app);
  }

  #status(part: Partial<NonNullable<AppState['status']>>): Record<string, never> {
    if (this.#app.status) this.change({ status: { ...this.#app.status, ...part } });
    return {};
  }

  get #contained(): boolean {
    return this.#rows.some(({ key, value }) => key === 'guacd.target' && value === 'container');
  }

  async #doctor(steps: readonly DoctorStep[]): Promise<Value<'doctor/run'>> {
    this.#cancelled = false;
    const told: DoctorStep[] = [];
    for (const step of steps) {
      await wait(STEP_MS);
      if (this.#cancelled) break;
      told.push(step);
      this.emit('doctor/step', step);
    }
    return { steps: told, healthy: told.every(({ outcome }) => outcome.kind !== 'failed') };
  }

  readonly #handlers: Handlers = {
    'app/state': () => this.#app,
    'app/versions': () => ({
      sallyport: '0.1.0',
      node: '22.21.1',
      openssl: '3.5.4',
      platform: 'linux',
      arch: 'x64',
      guacd: '1.6.0',
    }),
    'outpost/start': () =>
      this.#status({
        phase: 'running',
        wish: 'run',
        link: { kind: 'connecting', attempt: 1, since: Date.now() },
      }),
    'outpost/stop': ({ drain }) =>
      this.#status(
        drain
          ? { phase: 'draining', wish: 'stop' }
          : { phase: 'stopped', wish: 'stop', link: { kind: 'stopped' }, sessions: [] },
      ),
    'outpost/retry': () => this.#status({ link: { kind: 'connecting', attempt: 4, since: Date.now() } }),
    'outpost/restart': () => ({}),
    'session/end': ({ id }) =>
      this.#status({ sessions: (this.#app.status?.sessions ?? []).filter((session) => session.id !== id) }),
    'log/recent': ({ limit }) => {
      // What one answer cannot hold comes as events, as from a talkative outpost.
      setTimeout(() => {
        for (const line of this.#scenario.log.slice(1000)) this.emit('log/line', { line, missed: 0 });
      });
      return { lines: this.#scenario.log.slice(0, 1000).slice(-limit) };
    },
    'config/show': () => ({ rows: this.#rows }),
    'config/check': ({ key, value }) => ({
      failure:
        (key === 'authentik.host' && !/^https?:\/\//.test(value)) || value === 'wrong'
          ? {
              code: 'settings-invalid',
              message: `${key} is ${JSON.stringify(value)}.`,
              advice: 'Give an address such as https://authentik.example.org.',
            }
          : null,
    }),
    'config/set': ({ key, value }) => {
      this.#rows = this.#rows.map((row) => (row.key === key ? { ...row, value, originKind: 'file' } : row));
      return { notes: [] };
    },
    'config/unset': ({ key }) => {
      this.#rows = this.#rows.map((row) =>
        row.key === key ? { ...row, value: row.default, originKind: 'default' } : row,
      );
      return { notes: [] };
    },
    'outpost/config': () => ({ rows: OPTIONS }),
    traffic: () => this.#scenario.traffic,
    'token/set': () => ({}),
    'token/remove': () => ({}),
    'doctor/run': ({ proposed }) => {
      const trusts = proposed?.caPem ?? proposed?.fingerprint ?? proposed?.insecure;
      const good = trusts !== undefined || this.#trusted || this.#contained;
      return this.#doctor(good ? this.#scenario.steps.map(asGood) : this.#scenario.steps);
    },
    'doctor/cancel': () => {
      this.#cancelled = true;
      return {};
    },
    'certificate/show': () => CERTIFICATES,
    'certificate/trust': () => {
      this.#trusted = true;
      return { notes: [] };
    },
    'certificate/pin': () => {
      this.#trusted = true;
      return { notes: [] };
    },
    'snippet/read': ({ text }) => {
      const host = /AUTHENTIK_HOST[:=]\s*(\S+)/.exec(text)?.[1] ?? null;
      const hasToken = /AUTHENTIK_TOKEN[:=]\s*\S+/.test(text);
      return { host, insecure: null, hasToken, tokenId: hasToken ? 'token-1' : null };
    },
    'practice/start': () => {
      this.change({ practice: 'starting' });
      setTimeout(() => this.change({ practice: 'running', practiceUrl: 'http://127.0.0.1:9400/' }), 300);
      return {};
    },
    'practice/stop': () => {
      this.change({ practice: 'off', practiceUrl: null });
      return {};
    },
    'diagnostics/prepare': () => ({
      entries: [
        { name: 'status.json', bytes: 4_120, what: 'What the outpost says of itself' },
        { name: 'settings.json', bytes: 6_204, what: 'Effective settings, without secrets' },
        { name: 'sallyport.log', bytes: 812_333, what: 'A log file' },
      ],
    }),
    'diagnostics/save': () => ({ path: '/home/admin/sallyport-diagnostics.zip' }),
    'log/open-folder': () => ({}),
    'preferences/get': () => this.#preferences,
    'preferences/set': (change) => {
      const { notices, ...others } = change;
      this.#preferences = {
        ...this.#preferences,
        ...others,
        notices: { ...this.#preferences.notices, ...notices },
      };
      this.emit('preferences', this.#preferences);
      return this.#preferences;
    },
    'secrets/state': () => this.#scenario.secrets,
    'secrets/use': () => ({}),
    'secrets/unlock': () => {
      this.change({ outpost: { kind: 'own', pid: 4711 } });
      return {};
    },
    'link/open': () => ({}),
    ...fakeAudit(() => this.#scenario.audit ?? {}),
    ...fakeGuardrails(() => this.#scenario.guardrails ?? 'sample'),
    ...fakeRecordings(),
    ...fakeMachines(
      () => this.#scenario.machines ?? SAMPLE_MACHINES,
      (revision) => this.emit('machines/changed', { revision }),
    ),
    ...fakeVault((state) =>
      this.#status({ vault: { kind: state.kind, until: state.kind === 'unlocked' ? state.until : null } }),
    ),
    'page/unsaved': () => ({}),
    'page/left': () => ({}),
    'viewer/open': () => ({}),
    'viewer/watch': () => ({}),
    'clipboard/copy': () => ({}),
  };
}

function asGood(step: DoctorStep): DoctorStep {
  return step.outcome.kind === 'failed' || step.outcome.kind === 'skipped'
    ? { ...step, outcome: { kind: 'passed', detail: 'as it should be' } }
    : step;
}

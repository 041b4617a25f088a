import { randomUUID } from 'node:crypto';
import { controlHandlers } from '../control/handlers.ts';
import type { ControlHandlers } from '../control/requests.ts';
import { ControlServer } from '../control/server.ts';
import { Tickets } from '../control/tickets.ts';
import type { EndpointOptions } from '../core/authentik/endpoint.ts';
import { Lifetime } from '../core/base/lifetime.ts';
import type { Secret } from '../core/base/secret.ts';
import { countSessions } from '../core/describe-session.ts';
import { examine } from '../core/doctor.ts';
import type { Failure } from '../core/errors.ts';
import { createGuacd } from '../core/guacd/create.ts';
import type { Guacd } from '../core/guacd/guacd.ts';
import { Outpost } from '../core/outpost.ts';
import { DriveFolder } from '../core/sessions/drive.ts';
import { GuardrailsStore } from '../core/sessions/guardrails/store.ts';
import type { LoadedSettings } from '../core/settings/load.ts';
import { makeGuardedDirectory } from '../core/settings/private-directory.ts';
import type { SettingKey } from '../core/settings/table.ts';
import type { Wish } from '../core/settings/wish.ts';
import type { Log } from '../core/telemetry/log.ts';
import { Metrics } from '../core/telemetry/metrics.ts';
import { MetricsServer } from '../core/telemetry/metrics-server.ts';
import { Traffic } from '../core/telemetry/traffic.ts';
import { BUILD, VERSION } from '../core/version.ts';
import { AuditTrail } from './audit.ts';
import { composeMachines } from './compose-machines.ts';
import {
  drivesDir,
  endpointOptions,
  guacdOptions,
  hostText,
  sessionLimits,
  timezoneOf,
} from './core-options.ts';
import { doctorSource } from './doctor-source.ts';
import { guardrailsAdmit, guardrailsDesk } from './guardrails.ts';
import { LogLevelSource } from './log-level.ts';
import type { Machines } from './machines.ts';
import { both, sessionJournal } from './observers.ts';
import { isService, Offline } from './offline.ts';
import { Recordings } from './recordings.ts';
import { seenDocuments } from './seen-documents.ts';
import { currentSettings, type SettingsSource } from './settings-source.ts';
import { journalFolder, machinesFolder } from './state-folders.ts';
import { configStore, keyKeeper, tokenKeeper } from './stores.ts';
import { TokenConcealer } from './token-concealer.ts';
import { trustStore } from './trust-store.ts';
import { versionsOf } from './versions.ts';

export interface OutpostProcessOptions {
  readonly source: SettingsSource;
  readonly loaded: LoadedSettings;
  readonly log: Log;
  /** Where the app keeps what it brings, such as a guacd; null outside the app. */
  readonly resourcesDir: string | null;
  /** Begins the end of this process, as a signal does. */
  readonly shutDown: () => void;
}

/** The outpost with everything around it (metrics, control socket, stores), started and ended as one. */
export class OutpostProcess {
  readonly outpost: Outpost;
  readonly #options: OutpostProcessOptions;
  readonly #guacd: Guacd;
  readonly #metrics: Metrics;
  readonly #metricsServer: MetricsServer | null;
  readonly #traffic: Traffic;
  readonly #machines: Machines;
  readonly #offline: Offline;
  readonly #audit: AuditTrail;
  readonly #recordings: Recordings;
  readonly #guardrails: GuardrailsStore;
  readonly #level: LogLevelSource;
  readonly #concealer: TokenConcealer;
  readonly #tickets = new Tickets();
  readonly #lifetime = new Lifetime();
  /** What the settings said when they were last looked at. */
  #loaded: LoadedSettings;

  /**
   * Resolves when it can be driven; it connects to authentik then, if that is the remembered wish. Rejects with
   * `already-running`, `listen-failed` or `file-unreadable`; nothing has been touched then.
   */
  static async start(options: OutpostProcessOptions): Promise<OutpostProcess> {
    const { settings, paths, wishes } = options.loaded;
    const { log, resourcesDir } = options;
    const guacd = createGuacd(await guacdOptions(settings, paths, resourcesDir), log.child('guacd'));
    const outpost = new OutpostProcess(options, guacd, await wishes.read());
    try {
      await outpost.#begin();
      return outpost;
    } catch (error) {
      await outpost.end();
      throw error;
    }
  }

  private constructor(options: OutpostProcessOptions, guacd: Guacd, wish: Wish) {
    const { loaded, log } = options;
    const instance = randomUUID();
    this.#options = options;
    this.#loaded = loaded;
    this.#guacd = guacd;
    this.#level = new LogLevelSource(log, loaded.settings);
    this.#concealer = new TokenConcealer(log);
    this.#metrics = new Metrics({ version: VERSION, build: BUILD, instance });
    this.#audit = this.#createAudit();
    this.#guardrails = new GuardrailsStore(loaded.paths.stateDir);
    this.#offline = new Offline({
      stateDir: loaded.paths.stateDir,
      isService: isService(options.source.environment),
      settings: () => this.#loaded.settings,
      record: this.#audit.record,
      tell: () => this.outpost.tell(),
    });
    this.#recordings = new Recordings({
      stateDir: loaded.paths.stateDir,
      settings: () => this.#loaded.settings,
      vault: this.#offline.vault,
      record: this.#audit.record,
      counts: this.#metrics,
      logger: log.child('recordings'),
      tell: () => this.outpost.tell(),
    });
    this.outpost = this.#createOutpost(instance, wish);
    this.outpost.onStatus(() => this.#audit.look());
    this.#machines = composeMachines({
      outpost: this.outpost,
      source: options.source,
      folder: machinesFolder(loaded.paths.stateDir),
      log,
      vault: this.#offline.vault,
      record: this.#audit.record,
    });
    this.#metricsServer = this.#createMetricsServer();
    this.#traffic = new Traffic({
      totals: () => ({ sessions: countSessions(this.outpost.status().sessions), ...this.#metrics.moved }),
    });
  }

  /** Ends sessions with a word, guacd, metrics and the control socket; the wish stays. */
  end(): Promise<void> {
    return this.#lifetime.end();
  }

  /** For a process that must go in this very moment: guacd does not outlive it. */
  killNow(): void {
    this.#guacd.killNow();
  }

  async #begin(): Promise<void> {
    const { log, loaded } = this.#options;
    const { path, guardedDir } = loaded.paths.control;
    this.#lifetime.add(() => this.#metrics.stop());
    this.#lifetime.add(() => this.#traffic.stop());
    if (guardedDir !== null) await makeGuardedDirectory(guardedDir);
    // Before anything else is touched: where another outpost answers here, that one goes on undisturbed.
    const door = { logger: log, handlers: this.#handlers(), tickets: this.#tickets };
    const control = await ControlServer.listen({ ...door, path });
    this.#lifetime.add(() => control.close());
    await this.#audit.begin();
    await this.#guardrails.current();
    this.#lifetime.add(() => this.#audit.end());
    this.#audit.record({ kind: 'outpost-started', version: VERSION });
    this.#lifetime.add(() => this.#audit.record({ kind: 'outpost-stopped' }));
    this.#lifetime.add(() => this.#offline.end());
    await this.#offline.begin(door);
    this.#lifetime.add(() => this.#recordings.end());
    this.#recordings.begin();
    this.#lifetime.add(() => this.#machines.end());
    await this.#machines.begin();
    // A damaged one is put in order when it is opened.
    for (const file of ['machines', 'vault'] as const) this.#audit.changed(file);
    this.#lifetime.add(() => this.#metricsServer?.stop());
    this.#lifetime.add(() => this.outpost.shutDown());
    await this.#metricsServer?.start();
    await this.outpost.resume();
  }

  #createOutpost(instance: string, wish: Wish): Outpost {
    const { log, loaded } = this.#options;
    const { settings, paths, wishes } = loaded;
    const current = () => this.#loaded;
    return new Outpost({
      instance,
      get host() {
        return hostText(current().settings);
      },
      get insecure() {
        return current().settings.get('authentik.insecure');
      },
      endpoint: () => this.#endpoint(),
      guacd: this.#guacd,
      drives: new DriveFolder(drivesDir(settings, paths.drives)),
      limits: sessionLimits(settings),
      timezone: timezoneOf(settings),
      observer: both(this.#metrics, sessionJournal(this.#audit.record)),
      metrics: () => this.#metricsServer?.state ?? { kind: 'off' },
      wish: { initial: wish, write: (next) => wishes.write(next) },
      admit: this.#offline.admit(
        guardrailsAdmit({
          store: this.#guardrails,
          timezone: timezoneOf(settings),
          onRefused: (rule) => this.#metrics.guardrailRefused(rule),
        }),
      ),
      openTap: this.#recordings.openTap,
      local: this.#offline.status,
      onLogLevel: this.#level.authentikSays,
      warnings: () => this.#warnings(),
      logger: log,
      conceal: (secret) => log.conceal(secret),
      tellWatched: settings.get('watch.tell'),
    });
  }

  /** What holds now, and what was found at the start and cannot be found again: a file that was kept aside. */
  #warnings(): Failure[] {
    const { store, wishes } = this.#options.loaded;
    const all = [
      ...store.warnings,
      ...this.#loaded.warnings,
      ...wishes.warnings,
      ...this.#machines.warnings,
      ...this.#audit.warnings,
      ...this.#offline.warnings,
      ...this.#recordings.warnings,
      ...(this.#guardrails.problem === null ? [] : [this.#guardrails.problem]),
    ];
    return all.filter(({ message }, at) => all.findIndex((other) => other.message === message) === at);
  }

  #createAudit(): AuditTrail {
    const { log, loaded } = this.#options;
    return new AuditTrail({
      folder: journalFolder(loaded.paths.stateDir),
      maxBytes: loaded.settings.get('journal.bytes'),
      documents: seenDocuments(loaded),
      logger: log.child('journal'),
      isOnline: () => this.outpost.link.kind === 'online',
      handsOver: () => this.#loaded.settings.get('journal.handOver'),
      outpostName: () => this.outpost.name,
      tellAuthentik: (event, signal) => this.outpost.tellAuthentik(event, signal),
      onChange: () => this.outpost.tell(),
    });
  }

  async #endpoint(): Promise<EndpointOptions> {
    this.#loaded = await currentSettings(this.#options.source);
    const endpoint = await endpointOptions(this.#loaded);
    this.#concealer.conceal(endpoint.token);
    return endpoint;
  }

  #createMetricsServer(): MetricsServer | null {
    const { log, loaded } = this.#options;
    const listen = loaded.settings.get('metrics.listen');
    if (listen.kind === 'off') return null;
    const server = new MetricsServer({
      host: listen.host,
      port: listen.port,
      ready: () => this.outpost.link.kind === 'online',
      render: () => {
        this.#metrics.observe(this.outpost.status());
        return this.#metrics.render();
      },
      logger: log.child('metrics'),
    });
    server.onState(this.outpost.tell);
    return server;
  }

  #handlers(): ControlHandlers {
    const { log, source, loaded, resourcesDir, shutDown } = this.#options;
    const stores = { source, onChange: (key: SettingKey) => void this.#settingsChanged(key) };
    const doctor = {
      source,
      stateDir: loaded.paths.stateDir,
      resourcesDir,
      metricsAreOurs: () => this.#metricsServer?.state.kind === 'listening',
      conceal: (token: Secret) => this.#concealer.conceal(token),
    };
    return controlHandlers({
      outpost: this.outpost,
      log,
      token: tokenKeeper(stores),
      config: configStore({ ...stores, authentikLogLevel: () => this.#level.inEffectFromAuthentik }),
      doctor: (signal, proposed = {}) => examine(doctorSource({ ...doctor, proposed }), { signal }),
      trust: trustStore(stores),
      traffic: this.#traffic,
      keys: keyKeeper({ source, onRekey: () => this.#audit.changed('token') }),
      machines: this.#machines,
      guardrails: guardrailsDesk(source, {
        store: this.#guardrails,
        onChange: () => this.#guardrailsChanged(),
      }),
      audit: this.#audit,
      recordings: this.#recordings,
      tickets: this.#tickets,
      vault: this.#offline.vaultDesk,
      offline: this.#offline.desk(this.outpost, this.#machines, this.#tickets),
      guacdOutput: () => this.#guacd.lastOutput(),
      versions: () => versionsOf(this.#guacd.state),
      shutDown,
      logger: log.child('control'),
    });
  }

  #guardrailsChanged(): void {
    this.#audit.record({ kind: 'guardrails-changed' });
    this.outpost.tell();
  }

  async #settingsChanged(changed: SettingKey): Promise<void> {
    this.#audit.record({ kind: 'settings-changed', setting: changed });
    this.#loaded = await currentSettings(this.#options.source);
    if (changed === 'log.level') this.#level.settingsSay(this.#loaded.settings);
    const { phase, link } = this.outpost.status();
    // Somebody has just mended what it waits for.
    if (phase === 'running' && (link.kind === 'waiting' || link.kind === 'rejected')) this.outpost.retry();
    this.outpost.tell();
  }
}

import { type Failure, failureText, SallyportError } from '../core/errors.ts';
import { type LoadedSettings, loadSettings } from '../core/settings/load.ts';
import { createLog, type Log } from '../core/telemetry/log.ts';
import { OutpostProcess } from './outpost-process.ts';
import type { SettingsSource } from './settings-source.ts';
import { EndRequest, onFatalError } from './signals.ts';

/** How an outpost process ends. */
export const RUN_CODES = { ended: 0, failed: 1, settings: 2 } as const;

/** Lines of the log that the control socket can give. */
const RING_CAPACITY = 2_000;
/** Everything must have ended by then, in milliseconds; what has not is cut off. */
const END_MS = 4_500;

/**
 * Runs the outpost in this process until a signal ends it, and resolves with the exit code. What keeps it from
 * starting is told on standard error, all of it.
 */
export async function runOutpost(source: SettingsSource): Promise<number> {
  const loaded = await loadSettings({
    flags: source.flags,
    env: source.environment,
    handedIn: source.handedIn,
  });
  const problems = loaded.problems.filter(isFatal);
  if (problems.length > 0) {
    complain(problems);
    return problems.some(({ code }) => code === 'settings-invalid') ? RUN_CODES.settings : RUN_CODES.failed;
  }
  const log = openLog(loaded);
  try {
    return await live(source, loaded, log);
  } catch (error) {
    const failure = SallyportError.from(error, 'Starting the outpost').toFailure();
    log.log('error', 'The outpost could not start', { code: failure.code, reason: failure.message });
    complain([failure]);
    return RUN_CODES.failed;
  } finally {
    await log.close();
  }
}

async function live(source: SettingsSource, loaded: LoadedSettings, log: Log): Promise<number> {
  log.log('info', 'Sallyport begins', { pid: process.pid, state_dir: loaded.paths.stateDir });
  for (const { message, advice } of loaded.warnings) log.log('warning', message, { advice });
  const ending = new EndRequest();
  const outpost = await OutpostProcess.start({
    source,
    loaded,
    log,
    resourcesDir: null,
    shutDown: () => ending.ask('shutdown'),
  });
  onFatalError((error) => {
    log.log('error', 'The outpost failed in a way nobody foresaw, and ends', { error });
    outpost.killNow();
    void log.close().finally(() => process.exit(RUN_CODES.failed));
  });
  const by = await ending.untilAsked(() => outpost.killNow());
  log.log('info', 'Ending', { by, sessions: outpost.outpost.status().sessions.length });
  const cut = setTimeout(() => {
    log.log('warning', 'Ending took too long; what was left was cut off');
    outpost.killNow();
    void log.close().finally(() => process.exit(RUN_CODES.failed));
  }, END_MS);
  await outpost.end();
  clearTimeout(cut);
  log.log('info', 'Ended');
  return RUN_CODES.ended;
}

/** A token that cannot be read is told and can be set anew while the outpost runs. */
function isFatal({ code }: Failure): boolean {
  return code !== 'token-unreadable';
}

function openLog({ settings, paths }: LoadedSettings): Log {
  return createLog({
    level: settings.get('log.level'),
    terminal: process.stdout.isTTY ? true : 'json',
    file: settings.get('log.file')
      ? { dir: paths.logDir, maxBytes: settings.get('log.fileBytes'), keep: settings.get('log.files') }
      : null,
    ringCapacity: RING_CAPACITY,
  });
}

function complain(failures: readonly Failure[]): void {
  for (const failure of failures) process.stderr.write(`sallyport: ${failureText(failure)}\n`);
}

// `npm start`: prepares, builds, and runs the desktop app; without a screen the outpost or practice in this terminal.
// See docs/setup.md.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { appCommand } from './setup/app-runtime.mjs';
import { buildAll, runNode, runProgram } from './setup/child.mjs';
import { appCheck, choose, namesHost, wantsDesktop, whyTerminal } from './setup/choice.mjs';
import { hasDisplay, sandboxArguments } from './setup/display.mjs';
import { findElectron } from './setup/electron.mjs';
import { withoutRoute } from './setup/no-route.mjs';
import { setUp } from './setup/run.mjs';
import { ROOT, run } from './setup/system.mjs';

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const check = appCheck(args);
  if (check !== undefined) return checkApp(check);
  const desktop = wantsDesktop({ args, display: hasDisplay() });
  if (!(await setUp(desktop ? 'desktop' : 'start'))) return 1;
  const built = await buildAll();
  if (built !== 0) return built;
  const electron = findElectron();
  const app = join(ROOT, 'dist', 'app', 'main.cjs');
  if (desktop && electron !== undefined && existsSync(app)) return startDesktop(electron, args);
  const why = whyTerminal({ args, display: hasDisplay() });
  if (why !== undefined) console.log(`start: ${why}`);
  return startInTerminal(args);
}

function startDesktop(electron, args) {
  const [program, ...first] = commandOf(electron);
  return runProgram(program, [...first, ...args]);
}

/** The app is checked on this screen or on one of its own. */
async function checkApp({ name, program, others }) {
  if (others.length > 0) {
    console.error(`The check “${name}” takes nothing else: ${others.join(' ')}. See npm start -- --help.`);
    return 2;
  }
  if (!(await setUp('screen'))) return 1;
  const built = await buildAll();
  if (built !== 0) return built;
  const electron = findElectron();
  if (electron === undefined) {
    console.error('There is no Electron on this machine, so the app cannot be started.');
    return 1;
  }
  const script = join(ROOT, 'dist', `${program}.cjs`);
  if (name !== 'offline') return runNode([script, ...commandOf(electron)]);
  const [first, ...rest] = withoutRoute([process.execPath, script, ...commandOf(electron)]);
  return runProgram(first, rest);
}

function commandOf(electron) {
  const { args, said } = sandboxArguments();
  if (said !== undefined) console.log(`start: ${said}`);
  return [...appCommand(electron), ...args];
}

async function startInTerminal(args) {
  const choice = choose({ args, environment: process.env, settings: await effectiveSettings(args) });
  const program = join(ROOT, 'dist', `${choice.program}.cjs`);
  if (!existsSync(program)) {
    console.error(`${program} was not built, so there is nothing to start.`);
    return 1;
  }
  return runNode([program, ...choice.args]);
}

/** The settings as the command line sees them; it alone knows where the settings file lies and how to read it. */
async function effectiveSettings(args) {
  const commandLine = join(ROOT, 'dist', 'sallyport.cjs');
  if (args.includes('--check') || namesHost(args, process.env) || !existsSync(commandLine)) return '';
  const { code, output } = await run(process.execPath, [commandLine, 'config', 'show', '--json'], {
    timeoutMs: 20_000,
  });
  return code === 0 ? output : '';
}

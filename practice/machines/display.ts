import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SallyportError } from '../../main/core/errors.ts';
import type { MachineOptions } from './machine.ts';
import { freePort, waitForPort } from './port.ts';
import { type Program, runProgram, startProgram } from './program.ts';
import { findPrograms } from './programs.ts';
import { writeShell } from './shell.ts';

const RESTART_PAUSE_MS = 300;

/** A running screen with a terminal on it, that speaks VNC on loopback. */
export interface PracticeDisplay {
  readonly port: number;
  /** Eight characters: VNC looks at no more. */
  readonly password: string;
  /** The folder that the terminal's shell starts in. */
  readonly home: string;
  stop(): Promise<void>;
}

/** Starts an Xvnc with an xterm that fills it. Rejects with what to install, or with Xvnc's own words. */
export async function startDisplay({ dir, log }: MachineOptions, title: string): Promise<PracticeDisplay> {
  const programs = findPrograms('Xvnc', 'vncpasswd', 'xterm');
  if ('missing' in programs) {
    throw new SallyportError(
      'internal',
      `${title} needs ${programs.missing.join(' and ')}, which is not installed.`,
      {
        advice: 'Install the packages tigervnc-standalone-server, tigervnc-tools and xterm.',
      },
    );
  }
  const { Xvnc, vncpasswd, xterm } = programs.found;
  const password = randomBytes(4).toString('hex');
  const passwordFile = join(dir, 'vnc_password');
  await writeFile(passwordFile, await runProgram(vncpasswd, ['-f'], { cwd: dir, input: `${password}\n` }), {
    mode: 0o600,
  });
  const authority = join(dir, 'xauthority');
  await writeFile(authority, xauthority(randomBytes(16)), { mode: 0o600 });
  const port = await freePort();
  const screen = startProgram(Xvnc, screenArguments({ port, passwordFile, authority, title }), {
    cwd: dir,
    dir,
    log,
    messages: true,
    env: { HOME: dir },
  });
  let terminal: Program | undefined;
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    await terminal?.stop();
    await screen.stop();
  };
  try {
    const number = await displayNumber(screen);
    await waitForPort(port, screen.ended);
    const shell = await writeShell(dir, 'practice');
    const env = { DISPLAY: `:${number}`, XAUTHORITY: authority, HOME: dir };
    const open = (): void => {
      terminal = startProgram(xterm, terminalArguments(title, shell.script), { cwd: dir, dir, log, env });
      // Whoever types `exit` gets a new shell, as long as there is a screen to put it on.
      terminal.ended.catch(() => delay(RESTART_PAUSE_MS)).then(() => stopping || open());
    };
    screen.ended.catch(() => {
      stopping = true;
    });
    open();
    return { port, password, home: shell.home, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface ScreenOptions {
  readonly port: number;
  readonly passwordFile: string;
  readonly authority: string;
  readonly title: string;
}

function screenArguments({ port, passwordFile, authority, title }: ScreenOptions): string[] {
  return [
    // Xvnc itself looks for a free display and says which one: no race with other displays.
    ...['-displayfd', '3', '-rfbport', String(port), '-localhost', '-nolisten', 'tcp'],
    ...['-SecurityTypes', 'VncAuth', '-rfbauth', passwordFile, '-auth', authority],
    ...['-geometry', '1024x768', '-depth', '24', '-desktop', title],
    ...['-AlwaysShared', '-AcceptSetDesktopSize', '-UseBlacklist=0'],
  ];
}

function terminalArguments(title: string, script: string): string[] {
  const paste = [
    '#override',
    'Ctrl Shift <Key>V: insert-selection(CLIPBOARD)',
    'Ctrl Shift <Key>C: copy-selection(CLIPBOARD)',
  ].join('\\n');
  return [
    // Larger than the screen: with the pointer anywhere, typing reaches the shell, also after a resize.
    ...['-u8', '-T', title, '-geometry', '200x60+0+0', '-b', '2', '-fa', 'DejaVu Sans Mono', '-fs', '11'],
    ...['-bg', '#10141c', '-fg', '#e6e6e6', '-xrm', 'XTerm*selectToClipboard: true'],
    ...['-xrm', `XTerm.VT100.translations: ${paste}`, '-e', script],
  ];
}

async function displayNumber(screen: Program): Promise<number> {
  if (screen.messages === undefined)
    throw new SallyportError('internal', 'Xvnc has no pipe to say its display on.');
  const chunk = await Promise.race([screen.ended, once(screen.messages, 'data')]);
  const number = /^\s*(\d+)/.exec(String(chunk[0]))?.[1];
  if (number === undefined) throw new SallyportError('internal', 'Xvnc did not say which display it serves.');
  return Number(number);
}

/** An Xauthority file with one cookie for any address and display. Its format: `man Xau`. */
function xauthority(cookie: Buffer): Buffer {
  const anyAddress = 0xffff;
  const fields = ['', '', 'MIT-MAGIC-COOKIE-1', cookie].map((field) => Buffer.from(field));
  return Buffer.concat([uint16(anyAddress), ...fields.flatMap((field) => [uint16(field.length), field])]);
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}

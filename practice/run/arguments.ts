import type { Generation } from '../authentik/generation.ts';

/** What practice was asked to do. `wrong`: a sentence says which word is not known and which are. */
export type Wish =
  | { readonly kind: 'run' }
  /** Everything but the outpost, which the desktop app brings. */
  | { readonly kind: 'for-app' }
  | { readonly kind: 'check'; readonly generation: Generation }
  | { readonly kind: 'check-files' }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly sentence: string };

const KNOWN_FLAGS = '--headless, --check and --help';
const KNOWN_CHECKS = 'newest, older, files, desktop and offline';

/** Reads practice's command line; never throws. */
export function readArguments(args: readonly string[]): Wish {
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help' };
  // Said by the app, never by people: so it is in no list.
  if (args.length === 1 && args[0] === '--for-app') return { kind: 'for-app' };
  let wanted: Generation | 'files' | undefined;
  let check = false;
  for (const arg of args) {
    const [flag = '', value] = arg.split(/=(.*)/s);
    if (arg === '--headless') continue;
    if (flag === '--check') {
      if (check) return wrong('--check was given twice.');
      check = true;
      if (value === undefined) continue;
    }
    const word = flag === '--check' ? (value ?? '') : arg;
    if (word.startsWith('-')) return wrong(`${word} is not known here. Known are ${KNOWN_FLAGS}.`);
    if (!check) return wrong(`“${word}” is not known here. Known are ${KNOWN_FLAGS}.`);
    if (word === 'desktop' || word === 'offline')
      return wrong(`The check of the app is a program of its own: npm start -- --check ${word}.`);
    if (word !== 'newest' && word !== 'older' && word !== 'files')
      return wrong(`There is no check called “${word}”. Known are ${KNOWN_CHECKS}.`);
    if (wanted !== undefined)
      return wrong('One check runs at a time: newest, older, files, desktop or offline.');
    wanted = word;
  }
  if (!check) return { kind: 'run' };
  return wanted === 'files' ? { kind: 'check-files' } : { kind: 'check', generation: wanted ?? 'newest' };
}

export const HELP = `Practice: a stand-in for authentik, real machines, and the outpost between them, all on this computer.

  npm start                   the app where there is a display; else practice, where no authentik is configured
  npm start -- --practice     the app with practice; without a display practice in this terminal
  npm start -- --headless     practice in this terminal, also where there is a display
  npm start -- --check        opens an SSH, a VNC and an RDP session through the whole path, types into each,
                              prints what came of it, ends everything; exits 0 when all of it worked, else 1
  npm start -- --check older  the same with authentik as it was before 2026 (newest: as it is, the default)
  npm start -- --check files  opens an RDP session with a drive, moves files both ways, prints what came of it
  npm start -- --check desktop
                              starts the app with practice inside, works it by window, tray and browser, quits it
  npm start -- --check offline
                              stops practice authentik and works on: machines, windows, recordings, the event list
  npm start -- --help         this text

Ctrl-C ends practice and everything that it started; a second Ctrl-C does not wait.
`;

function wrong(sentence: string): Wish {
  return { kind: 'wrong', sentence };
}

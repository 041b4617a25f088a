// What `npm start` starts: the desktop app where there is a screen; else the outpost for a real authentik, or practice.
// Pure.

/** Words of `npm start` itself; what else is given goes to the program. */
const OWN_WORDS = ['--headless', '--practice'];
/** Flags that the app itself takes; with any other, the outpost is meant, which runs in the terminal. */
const APP_FLAGS = ['--practice', '--minimised'];

/**
 * Whether the desktop app is meant: there is a screen, and nothing was asked that only the terminal has.
 * @param {{ args: readonly string[], display: boolean }} known
 */
export function wantsDesktop({ args, display }) {
  return display && args.every((arg) => APP_FLAGS.includes(arg));
}

/**
 * Why no window comes though one may be expected; undefined where the terminal was asked for.
 * @param {{ args: readonly string[], display: boolean }} known
 * @returns {string | undefined}
 */
export function whyTerminal({ args, display }) {
  if (!args.every((arg) => APP_FLAGS.includes(arg))) return undefined;
  return display
    ? 'There is no Electron for the window, so it runs in this terminal; npm run setup -- --for desktop says what is missing.'
    : 'There is no display, so it runs in this terminal; for the window, start it in a desktop session or with DISPLAY set.';
}

/** The checks that work the app, with the program of each. */
const APP_CHECKS = { desktop: 'desktop-check', offline: 'offline-check' };

/**
 * Which check of the app is meant, with what else was said; undefined where none is. Such a check brings a screen where
 * there is none.
 * @param {readonly string[]} args
 * @returns {{ name: string, program: string, others: string[] } | undefined}
 */
export function appCheck(args) {
  const found = Object.entries(APP_CHECKS).find(
    ([name]) => args.includes(`--check=${name}`) || (args.includes('--check') && args.includes(name)),
  );
  if (found === undefined) return undefined;
  const [name, program] = found;
  const known = ['--check', name, `--check=${name}`, '--headless'];
  return { name, program, others: args.filter((arg) => !known.includes(arg)) };
}

/**
 * @param {object} known
 * @param {readonly string[]} known.args - What follows `npm start --`.
 * @param {Readonly<Record<string, string | undefined>>} known.environment
 * @param {string} known.settings - What `sallyport config show --json` printed; empty where it failed.
 * @returns {{ program: 'sallyport' | 'practice', args: string[] }}
 */
export function choose({ args, environment, settings }) {
  const rest = args.filter((arg) => !OWN_WORDS.includes(arg));
  const asked = args.includes('--check') || args.includes('--practice');
  // These bring their own authentik, whatever this machine is configured for.
  const practice = asked || !(namesHost(args, environment) || showsHost(settings));
  return practice
    ? { program: 'practice', args: args.filter((arg) => arg !== '--practice') }
    : { program: 'sallyport', args: ['run', ...rest] };
}

/** Whether the person named an authentik for this start. */
export function namesHost(args, environment) {
  return Boolean(environment.AUTHENTIK_HOST) || args.some((arg) => /^--authentik-host(=|$)/.test(arg));
}

function showsHost(settings) {
  try {
    return hostOf(JSON.parse(settings));
  } catch {
    return false;
  }
}

/** Finds `authentik.host` by its name, whatever the shape around it: a table of names or a list of entries. */
function hostOf(value) {
  if (Array.isArray(value)) return value.some(hostOf);
  if (value === null || typeof value !== 'object') return false;
  if ('authentik.host' in value) return isSet(value['authentik.host']);
  if ((value.key ?? value.name) === 'authentik.host') return isSet(value.value);
  return Object.values(value).some(hostOf);
}

function isSet(value) {
  return value !== null && typeof value === 'object'
    ? isSet(value.value)
    : typeof value === 'string' && value !== '';
}

// Debian packages: installs what is missing, without starting or enabling anything.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveSource, parseSources, pinPreferences } from './apt-source.mjs';
import { findProgram, lastLines, rootRunner, run, systemName } from './system.mjs';

const APT_FOLDER = '/etc/apt';
/** The newest Debian suite that has guacd. */
const GUACD_SUITE = 'bullseye';
const SOURCE_FILE = join(APT_FOLDER, 'sources.list.d', 'sallyport-guacd.sources');
const PIN_FILE = join(APT_FOLDER, 'preferences.d', 'sallyport-guacd');
/** Asked by Debian's packages before they start a service; 101 says no. */
const POLICY_FILE = '/usr/sbin/policy-rc.d';
const POLICY = "#!/bin/sh\n# Written by Sallyport's setup while it installs; safe to remove.\nexit 101\n";
const APT_GET = ['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2'];
const QUIET = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' };
/** Services that come with the packages; nobody asked for them to run at the next start of the machine. */
const SERVICES = new Map([
  ['guacd', ['guacd']],
  ['openssh-server', ['ssh']],
  ['xrdp', ['xrdp', 'xrdp-sesman']],
  ['prometheus', ['prometheus']],
  ['nginx-light', ['nginx']],
]);

/**
 * Installs packages. Where it cannot, `advice` says what a person has to do.
 * @param {readonly string[]} packages
 * @returns {Promise<string | undefined>} Why it failed and what to do; undefined when all is there.
 */
export async function installPackages(packages, log) {
  if (packages.length === 0) return undefined;
  const byHand = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (findProgram('apt-get') === undefined) {
    return `${systemName().name} has no apt. Please install what these Debian packages have: ${packages.join(', ')}.`;
  }
  const asRoot = await rootRunner();
  if (asRoot === undefined) {
    return `Installing needs root, and sudo asks for a password. Please run as root: ${byHand}`;
  }
  const needed = await findGuacd(packages, asRoot, log);
  if (needed.failure !== undefined) log(needed.failure);
  return install(needed.packages, asRoot, log, needed.failure);
}

async function install(packages, asRoot, log, earlier) {
  const withoutPolicy = !existsSync(POLICY_FILE) || readFileSync(POLICY_FILE, 'utf8') === POLICY;
  if (withoutPolicy) {
    await writeAsRoot(asRoot, POLICY_FILE, POLICY);
    await asRoot(['chmod', '755', POLICY_FILE]);
  }
  try {
    if (!(await haveCandidates(packages))) await update(asRoot, log);
    log(`Debian packages: installing ${packages.join(' ')} …`);
    const words = [...APT_GET, 'install', '-y', '--no-install-recommends', ...packages];
    let result = await asRoot(words, { env: QUIET, timeoutMs: 900_000 });
    if (result.code !== 0) {
      await update(asRoot, log);
      log('Debian packages: installing again …');
      result = await asRoot(words, { env: QUIET, timeoutMs: 900_000 });
    }
    if (result.code !== 0)
      return `apt-get install failed with code ${result.code}: ${lastLines(result.output)}`;
    await disableServices(packages, asRoot);
    return earlier;
  } finally {
    if (withoutPolicy) await asRoot(['rm', '-f', POLICY_FILE]);
  }
}

/** Adds the suite that has guacd, where the system itself has none. Without it, the rest is installed all the same. */
async function findGuacd(packages, asRoot, log) {
  const guacd = packages.filter((name) => name.includes('guac'));
  const others = packages.filter((name) => !guacd.includes(name));
  if (guacd.length === 0 || (await haveCandidates(guacd))) return { packages };
  if (systemName().id !== 'debian') {
    await update(asRoot, log);
    if (await haveCandidates(guacd)) return { packages };
    return { packages: others, failure: `${systemName().name} has no package of guacd. ${GUACD_BY_HAND}` };
  }
  const source = deriveSource(readSources(), systemName().codename, GUACD_SUITE);
  if (source === undefined) {
    return {
      packages: others,
      failure: `No apt source of this machine has its own suite, so none could be derived. ${GUACD_BY_HAND}`,
    };
  }
  log(`Debian packages: adding the suite ${GUACD_SUITE} for guacd, pinned below everything else …`);
  await writeAsRoot(asRoot, PIN_FILE, pinPreferences(GUACD_SUITE));
  await writeAsRoot(asRoot, SOURCE_FILE, source);
  const failure = await update(asRoot, log);
  if (await haveCandidates(guacd)) return { packages };
  // A source that gives nothing would only make every later update complain.
  await asRoot(['rm', '-f', SOURCE_FILE, PIN_FILE]);
  return {
    packages: others,
    failure: `The suite ${GUACD_SUITE} gave no guacd. ${failure ?? ''} ${GUACD_BY_HAND}`,
  };
}

const GUACD_BY_HAND =
  'Please install guacd (1.6.0 or newer) with its SSH, VNC and RDP plugins, or set SALLYPORT_GUACD=host:port to one that runs elsewhere.';

/** Updates the package lists. @returns {Promise<string | undefined>} Why it failed. */
async function update(asRoot, log) {
  log('Debian packages: updating the lists …');
  const { code, output } = await asRoot([...APT_GET, 'update'], { env: QUIET, timeoutMs: 300_000 });
  return code === 0 ? undefined : `apt-get update failed with code ${code}: ${lastLines(output)}`;
}

async function haveCandidates(packages) {
  const { output } = await run('apt-cache', ['policy', ...packages], { env: { LC_ALL: 'C' } });
  return countCandidates(output) === packages.length;
}

/** How many packages apt knows a version of, by the output of `apt-cache policy`. */
export function countCandidates(policy) {
  return [...policy.matchAll(/^ {2}Candidate: (?!\(none\))/gm)].length;
}

function readSources() {
  const folder = join(APT_FOLDER, 'sources.list.d');
  const names = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  return [join(APT_FOLDER, 'sources.list'), ...names.sort()]
    .filter((name) => name !== SOURCE_FILE && existsSync(name))
    .flatMap((name) => parseSources(name, readFileSync(name, 'utf8')));
}

async function disableServices(packages, asRoot) {
  if (!existsSync('/run/systemd/system')) return;
  const services = packages.flatMap((name) => SERVICES.get(name) ?? []);
  if (services.length > 0) await asRoot(['systemctl', 'disable', ...services]);
}

async function writeAsRoot(asRoot, path, text) {
  const { code, output } = await asRoot(['tee', path], { input: text });
  if (code !== 0) throw new Error(`${path} could not be written: ${lastLines(output)}`);
}

import { Breath } from '../../base/breath.ts';
import {
  type Candidate,
  IMPORT_LIMITS,
  nothingIn,
  type Reading,
  type Skipped,
  shown,
  tooMany,
} from './import-types.ts';
import { MACHINE_LIMITS } from './machine.ts';
import { isPattern, parseSshConfig, type SshConfig, SshOptions } from './ssh-config.ts';

/** In characters; the longest that people have are a few hundred KiB. */
const MAX_LENGTH = 4 * 1024 * 1024;
const MAX_PATTERNS = 1_000;

/** The machines that `~/.ssh/config` names. Nothing it points to is opened. */
export async function readSshConfig(text: string, fileName: string): Promise<Reading> {
  if (text.length > MAX_LENGTH) return nothingIn(fileName, 'No SSH configuration is so long.');
  const config = await parseSshConfig(text);
  if (countPatterns(config) > MAX_PATTERNS)
    return nothingIn(
      fileName,
      `It has more than ${MAX_PATTERNS} patterns, each of which every machine is compared with.`,
    );
  const skipped = skippedOf(config, fileName);
  const options = new SshOptions(config.blocks);
  const candidates: Candidate[] = [];
  const seen = new Set<string>();
  const breath = new Breath();
  for (const { line, patterns } of config.blocks) {
    for (const alias of patterns) {
      await breath.take();
      if (isPattern(alias) || seen.has(alias)) continue;
      seen.add(alias);
      const origin = `${fileName}, line ${line}`;
      if (candidates.length + skipped.length >= IMPORT_LIMITS.entries) {
        skipped.push(tooMany(origin));
        return { candidates, skipped, hostKeys: [] };
      }
      if (alias.length > MACHINE_LIMITS.host)
        skipped.push({ origin, name: shown(alias), why: 'No machine has so long a name.' });
      else candidates.push(candidateOf(alias, options.of(alias), origin));
    }
  }
  return { candidates, skipped, hostKeys: [] };
}

function countPatterns({ blocks }: SshConfig): number {
  return blocks.reduce((sum, { patterns }) => sum + (patterns.some(isPattern) ? patterns.length : 0), 0);
}

function candidateOf(alias: string, options: ReadonlyMap<string, string>, origin: string): Candidate {
  const written = options.get('hostname') ?? alias;
  // One that is too long is refused as it is.
  const host =
    written.length > MACHINE_LIMITS.host ? written : written.replace(/%h/g, alias).replace(/%%/g, '%');
  const port = options.get('port');
  const alive = options.get('serveraliveinterval');
  const user = options.get('user');
  const keyAlias = options.get('hostkeyalias');
  const command = options.get('remotecommand');
  return {
    origin,
    draft: {
      name: alias,
      protocol: 'ssh',
      host,
      port: port === undefined ? null : Number(port),
      ...(user !== undefined && { user }),
      parameters: {
        ...(alive !== undefined && /^[1-9]\d{0,5}$/.test(alive) && { 'server-alive-interval': alive }),
        ...(command !== undefined && command.toLowerCase() !== 'none' && { command }),
      },
      ...notesField(options),
    },
    credentials: {},
    aliases: [alias, ...(keyAlias === undefined ? [] : [keyAlias])],
    notes: notesOf(options),
  };
}

/** Where the key lies is worth knowing, and the file is never opened. */
function notesField(options: ReadonlyMap<string, string>): { notes?: string } {
  const identity = options.get('identityfile');
  return identity === undefined ? {} : { notes: `IdentityFile ${identity}` };
}

const NOT_DONE: Readonly<Record<string, string>> = {
  proxyjump: 'ProxyJump was left out: guacd connects directly, and cannot go through another machine.',
  proxycommand: 'ProxyCommand was left out: guacd runs no commands to connect.',
  identityfile:
    'The key file was not read; its path stands in the notes. Keep the key as a credential in the vault.',
  certificatefile: 'The certificate was not read: guacd takes a key or a password.',
};

function notesOf(options: ReadonlyMap<string, string>): string[] {
  return Object.entries(NOT_DONE)
    .filter(([option]) => options.has(option) && options.get(option)?.toLowerCase() !== 'none')
    .map(([, sentence]) => sentence);
}

function skippedOf({ blocks, includes, matches, unread }: SshConfig, fileName: string): Skipped[] {
  const at = (line: number) => `${fileName}, line ${line}`;
  const skipped: Skipped[] = [];
  for (const { line, what } of includes)
    skipped.push({
      origin: at(line),
      name: shown(`Include ${what}`),
      why: 'Other files are not opened: import that file as well.',
    });
  for (const { line, what } of matches)
    skipped.push({
      origin: at(line),
      name: shown(`Match ${what}`),
      why: 'Whether it counts is decided by OpenSSH when it connects; its options were left out.',
    });
  // The first block is what stands before any `Host`.
  for (const { line, patterns } of blocks.slice(1))
    for (const pattern of patterns.filter((word) => isPattern(word) && !word.startsWith('!') && word !== '*'))
      skipped.push({
        origin: at(line),
        name: shown(pattern),
        why: 'A pattern names no machine; its options were taken for the machines that it fits.',
      });
  if (unread.length > 0)
    skipped.push({
      origin: at(unread[0] ?? 1),
      name: '',
      why: `${unread.length === 1 ? 'A line is' : `${unread.length} lines are`} no option with a value.`,
    });
  return skipped.slice(0, IMPORT_LIMITS.entries);
}

import { Breath, type Candidate, IMPORT_LIMITS, type Reading, type Skipped, shown } from './import-types.ts';
import { isPattern, parseSshConfig, type SshConfig, SshOptions } from './ssh-config.ts';

/** The machines that `~/.ssh/config` names. Nothing it points to is opened. */
export async function readSshConfig(text: string, fileName: string): Promise<Reading> {
  const config = parseSshConfig(text);
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
        skipped.push({
          origin,
          name: '',
          why: `More than ${IMPORT_LIMITS.entries} entries: the rest was not read.`,
        });
        return { candidates, skipped, hostKeys: [] };
      }
      candidates.push(candidateOf(alias, options.of(alias), origin));
    }
  }
  return { candidates, skipped, hostKeys: [] };
}

function candidateOf(alias: string, options: ReadonlyMap<string, string>, origin: string): Candidate {
  const host = (options.get('hostname') ?? alias).replace(/%h/g, alias).replace(/%%/g, '%');
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
    secrets: null,
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
